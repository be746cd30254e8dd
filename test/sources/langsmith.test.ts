import { describe, expect, test } from 'vitest';
import { langsmith } from '../../src/sources/langsmith.js';
import { isObject } from '../../src/span/text.js';
import { fixture } from './fixture.js';
import { importWith, samplesAreMissing } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';
import { samplePath, sampleRows } from './sample-rows.js';

const runId = '11111111-0000-4000-8000-00000000000';

describe('a page of runs', () => {
  test('gives a span per run, in the trace and under the parent that dotted_order names', async () => {
    const { spans, rejected, traces, roots, orphans } = await importWith(
      langsmith,
      fixture('langsmith/runs-page.json'),
    );
    expect(rejected).toEqual([]);
    expect([traces, roots, orphans]).toEqual([1, 1, 0]);
    expect(spans.map((span) => [span.span_unique_id, span.span_parent_id])).toEqual([
      [`${runId}1`, undefined],
      [`${runId}2`, `${runId}1`],
    ]);
  });

  test('reads times as UTC, costs as numbers and the thread from the metadata', async () => {
    const { spans, warnings } = await importWith(langsmith, fixture('langsmith/runs-page.json'));
    expect(warnings).toEqual({});
    expect(spans[0]).toMatchObject({
      start_time: '2025-03-01T10:00:00.000001Z',
      timestamp: '2025-03-01T10:00:03.5Z',
      cost: 0.00015,
      prompt_tokens: 21,
      total_request_tokens: 26,
      status_code: 200,
      log_type: 'workflow',
      input: 'How tall is the Eiffel Tower?',
      output: '330 metres.',
      thread_identifier: 'thread-7',
      session_identifier: 'thread-7',
      customer_identifier: 'user-9',
      metadata: { tier: 'free', session_id: '99999999-0000-4000-8000-000000000009' },
    });
  });

  test('reads messages, model, parameters, usage and the failure of an LLM run', async () => {
    const { spans } = await importWith(langsmith, fixture('langsmith/runs-page.json'));
    expect(spans[1]).toMatchObject({
      log_type: 'chat',
      model: 'gpt-4o-mini',
      provider_id: 'openai',
      temperature: 0.2,
      prompt_tokens: 21,
      completion_tokens: 5,
      prompt_cache_hit_tokens: 16,
      time_to_first_token: 0.25,
      status_code: 500,
      error_message: "RateLimitError('slow down')",
      prompt_messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'How tall is the Eiffel Tower?' },
      ],
      completion_message: { role: 'assistant', content: '330 metres.' },
      metadata: { 'extra.invocation_params': '{"seed":42}', run_type: 'llm' },
    });
    expect(spans[1]?.['metadata']).toHaveProperty('events', expect.stringContaining('retry'));
  });
});

test('nothing of a page is lost but repeating events, converted times and the words of the status', async () => {
  const page = sampleRows(fixture('langsmith/runs-page.json'))[0];
  const { spans } = await importWith(langsmith, fixture('langsmith/runs-page.json'));
  const lost = lostScalars([page?.['runs']], spans);
  expect([...new Set(lost.map((each) => each.split('=')[0]))]).toEqual([
    'status',
    'first_token_time',
    'events.name',
  ]);
});

test('runs that are no objects are rejected by the name of their list', () => {
  expect(langsmith.map({ runs: [1] }, mapContext())).toMatchObject({
    kind: 'reject',
    problem: { code: 'bad_field', field: 'runs' },
  });
});

test('a page given whole keeps what it says beside its runs', () => {
  const page = sampleRows(fixture('langsmith/runs-page.json'))[0];
  expect(langsmith.detect([page]).agreeing).toBe(1);
  expect(langsmith.map(page, mapContext())).toMatchObject({
    drafts: [{ spanId: `${runId}1`, metadata: { cursors: { next: 'page-2' } } }, { spanId: `${runId}2` }],
  });
});

describe('halves of runs', () => {
  test('become one span, also where the second names no trace', async () => {
    const { rows, spans, traces, roots, orphans } = await importWith(
      langsmith,
      fixture('langsmith/run-halves.jsonl'),
    );
    expect([rows, spans.length, traces, roots, orphans]).toEqual([4, 2, 1, 1, 0]);
    expect(spans[1]).toMatchObject({ log_type: 'tool', input: 'why', output: 'because', latency: 1 });
    expect(spans[0]).toMatchObject({ log_type: 'workflow', latency: 4, timestamp: '2025-03-01T10:00:04Z' });
    expect(spans[0]).not.toHaveProperty('error_message');
  });

  test('whose first half is unknown are a trace of their own', () => {
    const end = { id: 'run-1', name: 'x', end_time: '2025-03-01T10:00:02', error: null, outputs: {} };
    expect(langsmith.map(end, mapContext())).toMatchObject({
      drafts: [{ traceId: 'run-1', spanId: 'run-1', partial: true }],
    });
  });
});

test('nested runs are children of the run that they stand in, however deep', () => {
  let run: Record<string, unknown> = { id: 'run-5000', name: 'leaf', run_type: 'tool' };
  for (let depth = 4999; depth >= 0; depth -= 1) {
    run = { id: `run-${depth}`, name: 'node', run_type: 'chain', child_runs: [run] };
  }
  const mapped = langsmith.map(run, mapContext());
  const drafts = mapped.kind === 'drafts' ? mapped.drafts : [];
  expect(drafts).toHaveLength(5001);
  expect(drafts[0]).toMatchObject({ traceId: 'run-0', spanId: 'run-0', parentId: undefined });
  expect(drafts[5000]).toMatchObject({ traceId: 'run-0', spanId: 'run-5000', parentId: 'run-4999' });
});

test('rows of the bulk export hold their bodies as JSON text', () => {
  const row = {
    id: 'run-1',
    trace_id: 'trace-1',
    run_type: 'llm',
    inputs: '{"messages":[{"role":"user","content":"Hello"}]}',
    extra: '{"metadata":{"ls_model_name":"gpt-4o"}}',
    parent_run_ids: '["root","parent"]',
  };
  expect(langsmith.map(row, mapContext({ isRecord: true }))).toMatchObject({
    drafts: [{ parentId: 'parent', fields: { model: 'gpt-4o', prompt_messages: [{ content: 'Hello' }] } }],
  });
});

test('a run without an id is rejected by the name of the field', () => {
  expect(langsmith.map({ run_type: 'llm', trace_id: 't' }, mapContext())).toMatchObject({
    kind: 'reject',
    problem: { code: 'missing_field', field: 'id' },
  });
});

test('rows of other vendors are not taken for runs', () => {
  const foreign = [
    { trace_id: 't', span_id: 's', name: 'x', start_time: 1 },
    { trace_unique_id: 't', span_unique_id: 's' },
    { id: 'chatcmpl-1', object: 'chat.completion', choices: [] },
  ];
  expect(langsmith.detect(foreign).agreeing).toBe(0);
});

describe.skipIf(samplesAreMissing)('real run operations', () => {
  const name = 'langsmith/langchain-ai_langsmith-sdk__run_ops_1efb27a4-5264-6908-9ab5-23fc3c60ae2d.jsonl';

  test('162 halves are 81 runs of one trace, each under the parent that its dotted_order names', async () => {
    const { spans, rows, rejected, warnings, traces, roots, orphans } = await importWith(
      langsmith,
      samplePath(name),
    );
    expect([rows, spans.length, traces, roots, orphans]).toEqual([162, 81, 1, 1, 0]);
    expect([rejected, warnings]).toEqual([[], {}]);
    const parents = new Map(
      sampleRows(name).flatMap(({ id, dotted_order: order }) =>
        typeof order === 'string' ? [[id, order.split('.').at(-2)?.split('Z')[1]] as const] : [],
      ),
    );
    expect(parents.size).toBe(81);
    for (const span of spans) expect(span.span_parent_id).toBe(parents.get(span.span_unique_id));
  });

  test('eight LLM runs keep the model that was asked for; times are those of both halves', async () => {
    const { spans } = await importWith(langsmith, samplePath(name));
    const models = spans.filter((span) => span['model'] !== undefined);
    expect(models.map((span) => span['model'])).toEqual(Array(8).fill('gpt-4o-mini'));
    for (const [field, column] of [
      ['start_time', 'start_time'],
      ['timestamp', 'end_time'],
    ] as const) {
      const told = sampleRows(name).filter((row) => column in row);
      const times = new Map(spans.map((span) => [span.span_unique_id, span[field]]));
      expect(told.map((row) => times.get(String(row['id'])))).toEqual(
        told.map((row) => `${String(row[column])}Z`),
      );
    }
  });

  test('nothing but streamed tokens is lost', async () => {
    const { spans } = await importWith(langsmith, samplePath(name));
    const rows = sampleRows(name).map((row) => {
      const events: unknown[] = Array.isArray(row['events']) ? row['events'] : [];
      const kept = events.filter((event) => !isObject(event) || event['name'] !== 'new_token');
      return { ...row, events: kept };
    });
    expect(lostScalars(rows, spans)).toEqual([]);
  });
});

test.skipIf(samplesAreMissing)(
  'a real batch of post and patch is one span, and nothing of it is lost',
  async () => {
    const name = 'langsmith/langchain-ai_langsmith-sdk__post_patch_batch.json';
    const { spans, rejected } = await importWith(langsmith, samplePath(name));
    expect(rejected).toEqual([]);
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({
      model: 'gpt-4o-mini',
      prompt_tokens: 9,
      completion_tokens: 9,
      latency: 1.118333,
    });
    expect(lostScalars(sampleRows(name), spans)).toEqual([]);
  },
);

test('cells of a data frame hold what Python writes', () => {
  const record = {
    id: `${runId}1`,
    run_type: 'llm',
    start_time: '2024-12-04 19:59:29.374537',
    end_time: '2024-12-04 19:59:30.374537',
    trace_id: `${runId}1`,
    dotted_order: `20241204T195929374537Z${runId}1`,
    inputs: `{'messages': [{'role': 'user', 'content': "what's up"}]}`,
    outputs: `{'choices': [{'message': {'role': 'assistant', 'content': 'yo'}}]}`,
    extra: `{'invocation_params': {'model': 'gpt-4o', 'temperature': 0.1}, 'runtime': None}`,
    parent_run_ids: `[UUID('${runId}0')]`,
    error: "ValueError('x')",
  };
  expect(langsmith.map(record, mapContext({ isRecord: true }))).toMatchObject({
    drafts: [
      {
        parentId: `${runId}0`,
        fields: {
          model: 'gpt-4o',
          temperature: 0.1,
          prompt_messages: [{ role: 'user', content: "what's up" }],
          completion_message: { content: 'yo' },
          error_message: "ValueError('x')",
        },
      },
    ],
  });
});
