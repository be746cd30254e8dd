import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/sources/claude-code.js';
import { generic } from '../../src/sources/generic.js';
import { fixture } from './fixture.js';
import { importWith } from './import-sample.js';
import { mapContext } from './map-context.js';
import { sampleRows } from './sample-rows.js';

const file = fixture('claude-code/printed-stream.jsonl');
const session = '5e551017-0000-4000-8000-000000000009';

describe('a printed stream', () => {
  it('is recognised, every line of it', () => {
    const rows = sampleRows(file);
    expect(claudeCode.detect(rows).agreeing).toBe(rows.length);
  });

  it('gives the tree of a transcript: a turn, generations, tools, a subagent in its tool', async () => {
    const { spans, skipped, rejected, traces, roots, orphans } = await importWith(claudeCode, file);
    expect({ skipped, rejected, traces, roots, orphans }).toEqual({
      skipped: { stream_event: 1 },
      rejected: [],
      traces: 1,
      roots: 1,
      orphans: 0,
    });
    const edges = spans.map(
      (span) => `${String(span['span_name'])} ${span.span_unique_id} < ${span.span_parent_id ?? ''}`,
    );
    expect(new Set(edges)).toEqual(
      new Set([
        'turn i1 < ',
        'claude.chat msg_1 < i1',
        'Task toolu_1 < msg_1',
        'note p1 < toolu_1',
        'claude.chat msg_2 < toolu_1',
        'Bash toolu_2 < msg_2',
        'claude.chat msg_3 < i1',
      ]),
    );
  });

  it('ends the turn with its result, and counts the tokens of each message once', async () => {
    const { spans } = await importWith(claudeCode, file);
    const find = (id: string) => spans.find((span) => span.span_unique_id === id);
    expect(find('i1')).toMatchObject({
      trace_unique_id: session,
      output: 'There are two files.',
      status_code: 200,
      cost: 0.0123,
      latency: 5.321,
      metadata: { cwd: '/work', 'result.num_turns': '3' },
    });
    expect(find('i1')).not.toHaveProperty('prompt_tokens');
    expect(find('msg_1')).toMatchObject({
      prompt_tokens: 4,
      completion_tokens: 20,
      output: 'I will look.',
      completion_message: { tool_calls: [{ id: 'toolu_1' }] },
    });
    expect(find('toolu_1')).toMatchObject({ input: '{"prompt":"Count the files."}', output: 'Two.' });
    expect(JSON.stringify(spans)).not.toContain('parentUuid');
  });
});

function run(...rows: Record<string, unknown>[]) {
  const context = mapContext();
  return rows.map((row, at) => claudeCode.map({ session_id: session, ...row }, { ...context, line: at + 1 }));
}

const answer = {
  type: 'assistant',
  message: { role: 'assistant', content: [{ type: 'text', text: 'yes' }] },
};
const prompt = { type: 'user', message: { role: 'user', content: 'Really?' } };

it('begins a turn at the first line where no line begins one', () => {
  expect(run(answer)).toMatchObject([
    { drafts: [{ parentId: `${session}-1` }, { spanId: `${session}-1`, fields: { span_name: 'turn' } }] },
  ]);
});

it('takes prompts that the stream repeats for the input of their turns', () => {
  const result = { type: 'result', subtype: 'success', result: 'yes', total_cost_usd: 1 };
  const init = { type: 'system', subtype: 'init', uuid: 'i' };
  const mapped = run(init, prompt, answer, result, { ...prompt, uuid: 'p2' }, answer, {
    ...result,
    total_cost_usd: 3,
  });
  const turns = mapped.flatMap((each) => (each.kind === 'drafts' ? each.drafts : []));
  const ofTurns = turns.filter(({ fields }) => fields['span_name'] === 'turn');
  expect(new Set(ofTurns.map(({ spanId }) => spanId)).size).toBe(2);
  expect(ofTurns.map(({ fields }) => fields['input'])).toContain('Really?');
  expect(ofTurns.at(-1)).toMatchObject({ metadata: { 'result.total_cost_usd': 3 } });
  expect(ofTurns.at(-1)?.fields).not.toHaveProperty('cost');
});

it('fails a turn whose result says so', () => {
  const result = { type: 'result', subtype: 'error_max_turns', is_error: true };
  expect(run({ type: 'system', subtype: 'init' }, result)[1]).toMatchObject({
    drafts: [{ fields: { status_code: 500, error_message: 'error_max_turns' } }],
  });
});

it('is not taken for a stream where lines are of a transcript, or of something else', () => {
  expect(claudeCode.detect([{ type: 'user', session_id: 's', text: 'hi' }]).agreeing).toBe(0);
  expect(generic.detect([prompt]).agreeing).toBe(1);
});
