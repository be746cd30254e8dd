import { describe, expect, it } from 'vitest';
import { codex } from '../../src/sources/codex.js';
import type { SpanDraft } from '../../src/span/span.js';
import { asText } from '../../src/span/text.js';
import { mapContext } from './map-context.js';

/** The drafts of a file's lines, later ones of a span in the place of earlier ones. */
function run(lines: readonly Record<string, unknown>[]) {
  const context = mapContext({ inputName: 'exec.jsonl' });
  const skipped: string[] = [];
  const drafts = new Map<unknown, SpanDraft>();
  for (const [at, line] of lines.entries()) {
    const mapped = codex.map(line, { ...context, line: at + 1 });
    if (mapped.kind === 'skip') skipped.push(mapped.reason);
    if (mapped.kind !== 'drafts') continue;
    for (const draft of mapped.drafts) {
      const { fields, ...rest } = draft;
      const known = drafts.get(draft.spanId);
      drafts.set(draft.spanId, { ...known, ...rest, fields: { ...known?.fields, ...fields } });
    }
  }
  return { drafts: [...drafts.values()], skipped };
}

function edgesOf(drafts: readonly SpanDraft[]): string[] {
  return drafts.map(({ fields, spanId, parentId }) =>
    [fields['span_name'], spanId, '<', parentId]
      .map((each) => asText(each ?? ''))
      .join(' ')
      .trim(),
  );
}

describe('events of codex exec', () => {
  const events = [
    { type: 'thread.started', thread_id: 'th' },
    { type: 'turn.started' },
    { type: 'item.started', item: { id: 'item_0', type: 'command_execution', command: 'ls' } },
    {
      type: 'item.completed',
      item: {
        id: 'item_0',
        type: 'command_execution',
        command: 'ls',
        aggregated_output: 'none',
        exit_code: 2,
        status: 'failed',
      },
    },
    { type: 'item.completed', item: { id: 'item_1', type: 'reasoning', text: 'Hm.' } },
    {
      type: 'item.completed',
      item: {
        id: 'item_2',
        type: 'mcp_tool_call',
        server: 'docs',
        tool: 'find',
        arguments: { q: 1 },
        result: 'r',
      },
    },
    { type: 'item.completed', item: { id: 'item_3', type: 'agent_message', text: 'There are none.' } },
    { type: 'turn.completed', usage: { input_tokens: 100, cached_input_tokens: 60, output_tokens: 9 } },
    { type: 'turn.started' },
    { type: 'turn.failed', error: { message: 'out of credit' } },
  ];

  it('are recognised', () => {
    expect(codex.detect(events).agreeing).toBe(events.length);
    expect(codex.detect([{ type: 'item.sold', price: 3 }]).agreeing).toBe(0);
  });

  it('give turns, answers and tools; items count once they are done', () => {
    const { drafts, skipped } = run(events);
    expect(skipped).toEqual(['session_note', 'unfinished_item']);
    expect(edgesOf(drafts)).toEqual([
      'turn th-2 <',
      'codex.response th-4 < th-2',
      'command_execution th-4-command_execution < th-4',
      'codex.response th-5 < th-2',
      'find th-6-mcp_tool_call < th-5',
      'codex.response th-7 < th-2',
      'turn th-9 <',
    ]);
    expect(drafts.every(({ traceId }) => traceId === 'th')).toBe(true);
  });

  it('tell the usage of a turn, what failed, and what tools answered', () => {
    const { drafts } = run(events);
    const find = (id: string) => drafts.find(({ spanId }) => spanId === id)?.fields;
    expect(find('th-2')).toMatchObject({
      prompt_tokens: 100,
      prompt_cache_hit_tokens: 60,
      completion_tokens: 9,
      output: 'There are none.',
      status_code: 200,
    });
    expect(find('th-7')).not.toHaveProperty('prompt_tokens');
    expect(find('th-4-command_execution')).toMatchObject({ input: 'ls', output: 'none', status_code: 500 });
    expect(find('th-6-mcp_tool_call')).toMatchObject({ input: { q: 1 }, output: 'r' });
    expect(find('th-9')).toMatchObject({ status_code: 500, error_message: 'out of credit' });
  });

  it('keep items of other kinds', () => {
    const [answer, change, note] = run([
      { type: 'thread.started', thread_id: 'th' },
      { type: 'item.completed', item: { id: 'a', type: 'file_change', changes: [{ path: 'x' }] } },
      { type: 'item.completed', item: { id: 'b', type: 'todo_list', items: [{ text: 'x' }] } },
    ]).drafts.filter(({ fields }) => fields['span_name'] !== 'turn');
    expect(answer).toMatchObject({ spanId: 'th-2-response', parentId: 'th-2' });
    expect(change).toMatchObject({
      fields: { span_name: 'file_change', input: { changes: [{ path: 'x' }] } },
    });
    expect(note).toMatchObject({ fields: { span_name: 'todo_list' }, metadata: { items: [{ text: 'x' }] } });
  });
});

it('reads the first rollouts, whose items stand bare in their lines', () => {
  const lines = [
    { id: 'se', timestamp: '2025-05-10T10:00:00Z', instructions: null, git: { branch: 'main' } },
    { record_type: 'state' },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'List.' }] },
    { type: 'function_call', id: 'fc_1', name: 'shell', arguments: '{}', call_id: 'call_1' },
    { type: 'function_call_output', call_id: 'call_1', output: '{"output":"a","metadata":{"exit_code":0}}' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'One: a.' }] },
  ];
  expect(codex.detect(lines).agreeing).toBe(lines.length);
  const { drafts, skipped } = run(lines);
  expect(skipped).toEqual(['session_note', 'state']);
  expect(edgesOf(drafts)).toEqual([
    'turn se-3 <',
    'codex.response se-4 < se-3',
    'shell call_1 < se-4',
    'codex.response se-6 < se-3',
  ]);
  expect(drafts[0]).toMatchObject({
    fields: { input: 'List.', output: 'One: a.' },
    metadata: { 'session_meta.git': { branch: 'main' } },
  });
});
