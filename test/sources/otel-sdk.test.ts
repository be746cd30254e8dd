import { describe, expect, test } from 'vitest';
import type { Span } from '../../src/span/span.js';
import { asText, isObject } from '../../src/span/text.js';
import { otelSdk } from '../../src/sources/otel-sdk.js';
import { otlp } from '../../src/sources/otlp.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { mapContext } from './map-context.js';
import { scalarsOf } from './scalars.js';
import { documentsOf } from './source-documents.js';

const trace = '0af7651916cd43dd8448eb211c80319c';
const rootId = 'b7ad6b7169203331';
const childId = '00f067aa0ba902b7';

function find(spans: readonly Span[], id: string): Span {
  const span = spans.find((each) => each.span_unique_id === id);
  if (span === undefined) throw new Error(`no span ${id}`);
  return span;
}

describe('shapes', () => {
  test.each([
    ['python-to-json-concatenated.json', 2, 1, 1],
    ['flattened-by-hand.jsonl', 2, 1, 1],
    ['go-stdouttrace.jsonl', 2, 1, 1],
    ['js-readable-spans.json', 2, 1, 1],
    ['nemo-guardrails-relative-times.json', 2, 1, 1],
    ['start-and-end-events.jsonl', 1, 1, 1],
  ])('%s is recognised: %i spans, %i traces, %i roots', async (file, spans, traces, roots) => {
    const got = await importWith(otelSdk, `fixtures/otel-sdk/${file}`);
    expect(got.rejected).toEqual([]);
    expect([got.spans.length, got.traces, got.roots, got.orphans]).toEqual([spans, traces, roots, 0]);
    const rows = documentsOf(`fixtures/otel-sdk/${file}`).flat();
    expect(otelSdk.detect(rows).agreeing).toBe(rows.length);
    expect(otlp.detect(rows.filter((row) => isObject(row) && 'name' in row)).agreeing).toBe(0);
  });

  test('Python: 0x ids, OpenInference attributes, a span written when it begins and when it ends', async () => {
    const { spans } = await importWith(otelSdk, 'fixtures/otel-sdk/python-to-json-concatenated.json');
    expect(find(spans, childId)).toMatchObject({
      trace_unique_id: trace,
      span_parent_id: rootId,
      log_type: 'chat',
      model: 'gpt-4o',
      prompt_tokens: 21,
      completion_tokens: 9,
      temperature: 0.25,
      status_code: 200,
      customer_identifier: 'user-3',
      prompt_messages: [{ role: 'user', content: 'Why is the sky blue?' }],
      completion_message: { role: 'assistant', content: 'Rayleigh scattering.' },
    });
    expect(find(spans, rootId)).toMatchObject({
      timestamp: '2025-06-15T15:06:42.100000Z',
      latency: 2,
      status_code: 500,
      error_message: 'ValueError: too blue',
    });
  });

  test('flattened by hand: nanoseconds and integers beyond 2^53 as they were written', async () => {
    const { spans } = await importWith(otelSdk, 'fixtures/otel-sdk/flattened-by-hand.jsonl');
    expect(find(spans, childId)).toMatchObject({
      span_parent_id: rootId,
      start_time: '2025-06-15T15:06:40.200001Z',
      timestamp: '2025-06-15T15:06:41.900001Z',
      model: 'deepseek-chat',
      prompt_tokens: 21,
      completion_tokens: 9,
      log_type: 'generation',
      metadata: { 'request.number': '9007199254740993' },
    });
  });

  test('Go: offsets, typed attributes, a parent of zeros', async () => {
    const { spans } = await importWith(otelSdk, 'fixtures/otel-sdk/go-stdouttrace.jsonl');
    expect(find(spans, childId)).toMatchObject({
      span_name: 'child',
      span_parent_id: rootId,
      start_time: '2025-06-15T15:06:40.2Z',
      model: 'gpt-4o',
      prompt_tokens: 21,
      status_code: 500,
      error_message: 'quota',
      span_workflow_name: 'answers',
    });
  });

  test('JavaScript: pairs of seconds and nanoseconds, parents by context, no span lost among other rows', async () => {
    const { spans, skipped } = await importWith(otelSdk, 'fixtures/otel-sdk/js-readable-spans.json');
    expect(skipped).toEqual({ empty_object: 1, otlp_metrics: 1, otel_log: 1 });
    expect(find(spans, rootId)).toMatchObject({
      start_time: '2025-06-15T15:06:40.123456Z',
      latency: 2,
      log_type: 'text',
      status_code: 200,
      prompt_messages: [
        { role: 'system', content: 'Answer briefly.' },
        { role: 'user', content: 'Why is the sky blue?' },
      ],
    });
    expect(find(spans, childId)).toMatchObject({
      span_parent_id: rootId,
      log_type: 'tool',
      span_tools: ['encyclopedia'],
      status_code: 500,
    });
  });

  test('NeMo Guardrails: offsets are no times; they are kept, and the duration is the latency', async () => {
    const { spans, warnings } = await importWith(
      otelSdk,
      'fixtures/otel-sdk/nemo-guardrails-relative-times.json',
    );
    const [, rail] = spans;
    expect(rail).toMatchObject({ latency: 0.5, metadata: { start_time: '0.25', end_time: '0.75' } });
    expect(rail).not.toHaveProperty('start_time');
    expect(warnings).toEqual({ no_time: 2 });
  });

  test('start and end events are one span, and the status is that of its end', async () => {
    const { spans } = await importWith(otelSdk, 'fixtures/otel-sdk/start-and-end-events.jsonl');
    expect(spans).toMatchObject([
      {
        log_type: 'agent',
        start_time: '2025-06-15T15:06:40Z',
        timestamp: '2025-06-15T15:06:42Z',
        latency: 2,
        status_code: 500,
      },
    ]);
  });
});

function fieldsOf(events: readonly unknown[]): unknown {
  const row = { name: 'chat', context: { trace_id: '0x1', span_id: '0x2' }, start_time: 1, events };
  const mapped = otelSdk.map(row, mapContext());
  return mapped.kind === 'drafts' ? mapped.drafts[0]?.fields : undefined;
}

describe('messages in events', () => {
  test('of the older GenAI conventions', () => {
    const events = [
      { name: 'gen_ai.system.message', attributes: { content: 'Answer briefly.' } },
      { name: 'gen_ai.user.message', attributes: { content: '[{"text":"Why?"}]' } },
      { name: 'gen_ai.choice', attributes: { message: '[{"text":"Because."}]', finish_reason: 'stop' } },
    ];
    expect(fieldsOf(events)).toMatchObject({
      prompt_messages: [
        { role: 'system', content: 'Answer briefly.' },
        { role: 'user', content: [{ text: 'Why?' }] },
      ],
      completion_message: { role: 'assistant', content: [{ text: 'Because.' }] },
    });
  });

  test('of Monocle', () => {
    const events = [
      { name: 'data.input', attributes: { input: ['{"system":"Be brief."}', '{"user":"Why?"}'] } },
      { name: 'data.output', attributes: { response: '{"assistant":"Because."}' } },
      { name: 'metadata', attributes: { prompt_tokens: 3, completion_tokens: 2 } },
    ];
    expect(fieldsOf(events)).toMatchObject({
      prompt_messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Why?' },
      ],
      completion_message: { role: 'assistant', content: 'Because.' },
      prompt_tokens: 3,
      completion_tokens: 2,
    });
  });
});

test('cells of CSV records that hold JSON are read', () => {
  const row = {
    name: 'chat',
    trace_id: 'a',
    span_id: 'b',
    start_time: '1750000000200000000',
    attributes: '{"gen_ai.request.model":"gpt-4o"}',
  };
  const mapped = otelSdk.map(row, mapContext({ isRecord: true }));
  expect(mapped).toMatchObject({ drafts: [{ fields: { model: 'gpt-4o' } }] });
});

test.each([
  [null, 'not_an_object', undefined],
  [{ hello: 'world' }, 'missing_field', 'span_id'],
])('%j is rejected', (row, code, field) => {
  const problem = field === undefined ? { code } : { code, field };
  expect(otelSdk.map(row, mapContext())).toMatchObject({ kind: 'reject', problem });
});

test('rows of other formats are left to them', () => {
  const rows = [
    { trace_unique_id: 'a', span_unique_id: 'b' },
    { name: 'x', context: { trace_id: 'a', span_id: 'b' }, span_kind: 'LLM', status_code: 'OK' },
    { 'context.trace_id': 'a', 'context.span_id': 'b', name: 'x', start_time: 1 },
    { traceId: 'a', id: 'b', name: 'x', timestamp: 1, duration: 2, localEndpoint: {} },
    { name: 'x', trace_id: 'a', span_id: 'b', start_time: 1, attributes: { 'mlflow.spanType': '"LLM"' } },
    { root_span_id: 'a', span_id: 'b', span_attributes: { name: 'x' } },
    { id: 'a', trace_id: 'b', run_type: 'llm', start_time: 1 },
    { name: 'x', span_id: '1', trace_id: '2', start_ns: 3, duration: 4, meta: {} },
    {},
  ];
  expect(otelSdk.detect(rows).agreeing).toBe(0);
});

/** Spans of a document by their keys, found without the source under test. */
function* rawSpans(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const item of value) yield* rawSpans(item);
  else if (isObject(value)) {
    if ('name' in value && isObject(value['attributes'])) yield value;
    else for (const item of Object.values(value)) yield* rawSpans(item);
  }
}

function rawId(span: Record<string, unknown>): string | undefined {
  const context = [span['context'], span['spanContext'], span].find(isObject) ?? {};
  const id = context['span_id'] ?? context['spanId'];
  return id === undefined ? undefined : asText(id).replace(/^0x/, '');
}

const promptKeys = [
  'gen_ai.usage.input_tokens',
  'llm.token_count.prompt',
  'llm.usage.prompt_tokens',
  'ai.usage.inputTokens',
  'ai.usage.promptTokens',
];
const completionKeys = [
  'gen_ai.usage.output_tokens',
  'llm.token_count.completion',
  'llm.usage.completion_tokens',
  'ai.usage.outputTokens',
  'ai.usage.completionTokens',
];
const modelKeys = [
  'gen_ai.response.model',
  'gen_ai.request.model',
  'llm.model_name',
  'llm.response.model_name',
  'ai.response.model',
  'ai.model.id',
  'embedding.model_name',
];

function attributesOf(span: Record<string, unknown>): Record<string, unknown> {
  return isObject(span['attributes']) ? span['attributes'] : {};
}

/** Tokens of a span, wherever the exporters of these samples put them. */
function rawTokens(span: Record<string, unknown>, keys: readonly string[], name: string): number {
  const attributes = attributesOf(span);
  const events: unknown[] = Array.isArray(span['events']) ? span['events'] : [];
  const metadata = events.find((event) => isObject(event) && event['name'] === 'metadata');
  const inEvent = isObject(metadata) && isObject(metadata['attributes']) ? metadata['attributes'] : {};
  const key = keys.find((each) => attributes[each] !== undefined);
  return Number((key === undefined ? undefined : attributes[key]) ?? span[name] ?? inEvent[name] ?? 0);
}

/** Models that a span names; some exporters write "unknown" for none. */
function rawModels(span: Record<string, unknown>): unknown[] {
  const attributes = attributesOf(span);
  return modelKeys
    .map((key) => attributes[key])
    .filter((model) => typeof model === 'string' && !['', 'unknown'].includes(model));
}

/** Words of a status or an event that become a status code or the two ends of a span. */
const renamed = new Set(['OK', 'ERROR', 'UNSET', 'ok', 'error', 'start', 'end', 'None']);
const convertedKeys = new Set([
  'status',
  'ai.response.msToFirstChunk',
  'startTime',
  'endTime',
  'start_time',
  'end_time',
  'duration_ns',
  'duration_ms',
]);

/** Times and durations, which are compared by instant, and waiting times, which become seconds. */
function convertedScalars(value: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) convertedScalars(item, into);
  if (!isObject(value)) return into;
  for (const [key, item] of Object.entries(value)) {
    if (convertedKeys.has(key) && !isObject(item)) scalarsOf(item, into);
    else if (key === 'status' && isObject(item)) scalarsOf(item['code'], into);
    else convertedScalars(item, into);
  }
  return into;
}

function startMillis(span: Record<string, unknown>): number {
  const start = span['startTime'] ?? span['start_time'];
  if (Array.isArray(start)) return Number(start[0]) * 1000 + Math.floor(Number(start[1]) / 1e6);
  return typeof start === 'number' ? Math.floor(start / 1e6) : Date.parse(asText(start));
}

/** Scalars of the source that are neither in what became of it nor converted. */
function missingFrom(mapped: unknown, source: unknown): string[] {
  const kept = scalarsOf(mapped);
  const converted = convertedScalars(source);
  return [...scalarsOf(source)].filter(
    (scalar) =>
      !kept.has(scalar) &&
      !kept.has(scalar.replace(/^0x/, '')) &&
      !renamed.has(scalar) &&
      !converted.has(scalar),
  );
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

describe.skipIf(samplesAreMissing)('real exports', () => {
  test.each([
    // Rows without ids of their own: each is a trace, and the parents that they name are not in the file.
    ['otel-sdk-json/Arize-ai_openinference__weatherAgentSpans.json', 21, 21, 1, 20],
    ['otel-sdk-json/CadeInsights_merit_analyzer__traces.jsonl', 120, 85, 85, 0],
    ['otel-sdk-json/Danik911_thesis_project__epoch_ns_spans_URS-022.jsonl', 70, 15, 15, 0],
    ['otel-sdk-json/dazzaji_open-agent-traces__otel_traces_2025-06-29_00-23-24.json', 6, 1, 1, 0],
    ['otel-sdk-json/microsoft_assistant-pf-demo__spans.concat-json', 6, 2, 2, 0],
    ['otel-sdk-json/monocle2ai_monocle__test_openai_agents_sdk.json', 12, 1, 1, 0],
    ['otel-sdk-json/monocle2ai_monocle__trace2.json', 51, 1, 1, 0],
    // 69 start and end events.
    ['otel-sdk-json/raaf-ai_raaf__traces.jsonl', 35, 8, 8, 0],
    ['vercel-ai-sdk/Arize-ai_openinference__all-spans.json', 10, 10, 10, 0],
  ])('%s: %i spans, %i traces, %i roots, %i orphans', async (file, spans, traces, roots, orphans) => {
    const got = await importWith(otelSdk, samplesFolder + file);
    expect(got.rejected).toEqual([]);
    expect(got.skipped).toEqual({});
    expect([got.spans.length, got.traces, got.roots, got.orphans]).toEqual([spans, traces, roots, orphans]);

    const documents = documentsOf(samplesFolder + file).flat();
    expect(otelSdk.detect(documents).agreeing).toBe(documents.length);
    expect(otlp.detect(documents).agreeing).toBe(0);
    const raw = [...rawSpans(documents)];
    for (const [index, source] of raw.entries()) {
      const id = rawId(source);
      const span = id === undefined ? got.spans[index] : find(got.spans, id);
      const parent = source['parent_id'] ?? source['parentSpanId'];
      expect(span?.span_parent_id ?? null).toBe(
        typeof parent === 'string' ? parent.replace(/^0x/, '') : null,
      );
      expect(span?.['span_name']).toBe(source['name']);
      expect(Date.parse(String(span?.['start_time']))).toBe(startMillis(source));
    }
    const last = new Map(raw.map((source, index) => [rawId(source) ?? index, source]));
    for (const [field, keys] of [
      ['prompt_tokens', promptKeys],
      ['completion_tokens', completionKeys],
    ] as const) {
      const tokens = [...last.values()].map((source) => rawTokens(source, keys, field));
      expect(total(got.spans.map((span) => Number(span[field] ?? 0)))).toBe(total(tokens));
    }
    for (const [key, source] of last) {
      const models = rawModels(source);
      const span = typeof key === 'string' ? find(got.spans, key) : got.spans[key];
      expect(models.length === 0 || models.includes(span?.['model'])).toBe(true);
    }

    expect(missingFrom(got.spans, documents)).toEqual([]);
    for (const [index, source] of raw.entries()) {
      const id = rawId(source);
      const span = id === undefined ? got.spans[index] : find(got.spans, id);
      expect(missingFrom(span, source)).toEqual([]);
    }
  });
});
