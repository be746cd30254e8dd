import { describe, expect, test } from 'vitest';
import { openaiAgents } from '../../src/sources/openai-agents.js';
import { isObject } from '../../src/span/text.js';
import { fixture } from './fixture.js';
import { importWith, samplesAreMissing } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';
import { samplePath, sampleRows } from './sample-rows.js';

describe('spans and their trace, row by row', () => {
  const file = fixture('openai-agents/spans-before-trace.jsonl');

  test('become a tree; what the trace says reaches the root before it and the spans after it', async () => {
    const { spans, rows, traces, roots, orphans, warnings } = await importWith(openaiAgents, file);
    expect([rows, spans.length, traces, roots, orphans]).toEqual([5, 4, 1, 2, 0]);
    expect(warnings).toEqual({});
    const header = {
      span_workflow_name: 'Planning',
      thread_identifier: 'chat-4',
      metadata: { plan: 'gold' },
    };
    expect(spans.find((span) => span.span_unique_id === 'span_a')).toMatchObject({ ...header, latency: 1.4 });
    expect(spans.find((span) => span.span_unique_id === 'span_d')).toMatchObject(header);
  });

  test('tell by their data what they are', async () => {
    const { spans } = await importWith(openaiAgents, file);
    const byId = new Map(spans.map((span) => [span.span_unique_id, span]));
    expect(byId.get('span_b')).toMatchObject({
      span_name: 'generation',
      log_type: 'generation',
      model: 'gpt-4o',
      temperature: 0.1,
      prompt_tokens: 8,
      completion_tokens: 2,
      prompt_messages: [{ role: 'user', content: 'Plan it' }],
      completion_message: { role: 'assistant', content: 'Done' },
      metadata: { 'span_data.model_config': '{"seed":5}' },
    });
    expect(byId.get('span_c')).toMatchObject({
      log_type: 'tool',
      span_tools: ['search'],
      status_code: 500,
      error_message: 'Tool failed',
      metadata: { 'error.data': '{"attempt":2}' },
    });
    expect(byId.get('span_a')).toMatchObject({
      log_type: 'agent',
      span_tools: ['search'],
      span_handoffs: ['Writer'],
    });
    expect(byId.get('span_d')).toMatchObject({ log_type: 'handoff', span_handoffs: ['Planner -> Writer'] });
  });
});

test('a response as Python prints it gives model, usage and words; the words of a prompt do not', async () => {
  const { spans } = await importWith(openaiAgents, fixture('openai-agents/printed-response.json'));
  expect(spans).toHaveLength(1);
  expect(spans[0]).toMatchObject({
    model: 'gpt-4o-2024-08-06',
    prompt_tokens: 11,
    completion_tokens: 4,
    prompt_cache_hit_tokens: 3,
    output: "model='x'\n✓",
  });
});

test('a document given whole keeps what it says beside its traces', () => {
  const span = {
    object: 'trace.span',
    id: 'span_1',
    span_data: { type: 'custom', name: 'x', data: { a: 1 } },
  };
  const document = { traces: [{ object: 'trace', id: 'trace_1', spans: [span] }], count: 1 };
  expect(openaiAgents.detect([document]).agreeing).toBe(1);
  expect(openaiAgents.map(document, mapContext())).toMatchObject({
    drafts: [
      { traceId: 'trace_1', spanId: 'span_1', metadata: { 'document.count': 1, 'span_data.data': { a: 1 } } },
    ],
  });
});

test('a trace without spans is no span', () => {
  const trace = { object: 'trace', id: 'trace_1', workflow_name: 'Planning' };
  expect(openaiAgents.map(trace, mapContext())).toEqual({ kind: 'skip', reason: 'trace_header' });
});

test('a span without an id is rejected by that name', () => {
  expect(openaiAgents.map({ object: 'trace.span', trace_id: 't' }, mapContext())).toMatchObject({
    kind: 'reject',
    problem: { field: 'id' },
  });
});

test.each([['text'], [[1]]])('spans that are %j are rejected by the name of the field', (spans) => {
  const trace = { object: 'trace', id: 'trace_1', spans };
  const rejected = { kind: 'reject', problem: { code: 'bad_field', field: 'spans' } };
  expect(openaiAgents.map(trace, mapContext())).toMatchObject(rejected);
  expect(openaiAgents.map({ traces: [trace] }, mapContext())).toMatchObject(rejected);
});

describe.skipIf(samplesAreMissing)('a real trace', () => {
  const name = 'openai-agents/dazzaji_open-agent-traces__traces.json';

  function rawSpans(): Record<string, unknown>[] {
    const traces = sampleRows(name)
      .flatMap((row) => row['traces'])
      .filter(isObject);
    return traces.flatMap((trace) => trace['spans']).filter(isObject);
  }

  test('has six spans under three roots, with the parents of the file', async () => {
    const { spans, traces, roots, orphans, rejected } = await importWith(openaiAgents, samplePath(name));
    expect([spans.length, traces, roots, orphans, rejected]).toEqual([6, 1, 3, 0, []]);
    expect(spans.map((span) => [span.span_unique_id, span.span_parent_id ?? null])).toEqual(
      rawSpans().map((span) => [span['id'], span['parent_id']]),
    );
    expect(spans.map((span) => span['span_workflow_name'])).toEqual(Array(6).fill('Module 1 Trace'));
  });

  test('has the models and tokens that the printed responses tell', async () => {
    const { spans } = await importWith(openaiAgents, samplePath(name));
    const told = rawSpans().map(({ response }) => {
      const text = typeof response === 'string' ? response : '';
      const usage = /usage=ResponseUsage\(input_tokens=(\d+),.*?, output_tokens=(\d+),/.exec(text);
      return usage === null ? [undefined, undefined] : [Number(usage[1]), Number(usage[2])];
    });
    expect(spans.map((span) => [span['prompt_tokens'], span['completion_tokens']])).toEqual(told);
    const models = spans.map((span) => span['model']).filter((model) => model !== undefined);
    expect(models).toEqual(Array(3).fill('gpt-4o-2024-08-06'));
  });

  test('loses nothing but the word for a span', async () => {
    const { spans } = await importWith(openaiAgents, samplePath(name));
    const traces = sampleRows(name).flatMap((row) => row['traces']);
    const lost = new Set(lostScalars(traces, spans));
    expect([...lost]).toEqual(['spans.object=trace.span']);
  });
});
