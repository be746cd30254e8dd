import { describe, expect, test } from 'vitest';
import { asText, isObject } from '../../src/span/text.js';
import type { Span } from '../../src/span/span.js';
import { otlp } from '../../src/sources/otlp.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { mapContext } from './map-context.js';
import { scalarsOf } from './scalars.js';
import { documentsOf } from './source-documents.js';

const trace = '0af7651916cd43dd8448eb211c80319c';

function find(spans: readonly Span[], id: string): Span {
  const span = spans.find((each) => each.span_unique_id === id);
  if (span === undefined) throw new Error(`no span ${id}`);
  return span;
}

describe('a file of a collector', () => {
  const imported = importWith(otlp, 'fixtures/otlp/collector-file-exporter.jsonl');

  test('is one trace over several requests; other signals are skipped', async () => {
    const { spans, traces, roots, orphans, skipped, rejected } = await imported;
    expect({ spans: spans.length, traces, roots, orphans }).toEqual({
      spans: 3,
      traces: 1,
      roots: 1,
      orphans: 0,
    });
    expect(skipped).toEqual({ otlp_metrics: 1, otlp_logs: 1 });
    expect(rejected).toEqual([]);
  });

  test('a model call has messages, tokens and parameters', async () => {
    expect(find((await imported).spans, '00f067aa0ba902b7')).toMatchObject({
      trace_unique_id: trace,
      span_parent_id: 'b7ad6b7169203331',
      span_name: 'chat gpt-4o',
      span_workflow_name: 'answers',
      log_type: 'chat',
      start_time: '2025-06-15T15:06:40.200Z',
      timestamp: '2025-06-15T15:06:41.900Z',
      latency: 1.7,
      model: 'gpt-4o-2024-08-06',
      provider_id: 'openai',
      prompt_tokens: 21,
      completion_tokens: 9,
      temperature: 0.25,
      status_code: 200,
      environment: 'staging',
      prompt_messages: [
        { role: 'system', content: 'Answer briefly.' },
        { role: 'user', content: 'Why is the sky blue?' },
      ],
      completion_message: { role: 'assistant', content: 'Rayleigh scattering.', finish_reason: 'stop' },
      metadata: {
        'gen_ai.request.model': 'gpt-4o',
        'scope.name': 'answers.tracer',
        'scope.version': '1.2.0',
        'resource.schemaUrl': 'https://opentelemetry.io/schemas/1.30.0',
      },
    });
  });

  test('a root without parent has its input, output and session', async () => {
    const root = find((await imported).spans, 'b7ad6b7169203331');
    expect(root.span_parent_id ?? null).toBeNull();
    expect(root).toMatchObject({
      log_type: 'workflow',
      start_time: '2025-06-15T15:06:40.123456Z',
      input: '{"question":"Why is the sky blue?"}',
      output: '"Rayleigh scattering."',
      session_identifier: 'session-7',
    });
    expect(root).not.toHaveProperty('status_code');
  });

  test('a failed tool call tells why, and keeps its events and links', async () => {
    const span = find((await imported).spans, '53995c3f42cd8ad8');
    expect(span).toMatchObject({
      log_type: 'tool',
      status_code: 500,
      error_message: 'timed out',
      span_tools: ['encyclopedia'],
      input: '{"page":"sky"}',
      metadata: { 'scope.name': 'old.tracer' },
    });
    const kept = scalarsOf(span['metadata']);
    expect([...kept]).toEqual(
      expect.arrayContaining(['no answer in 40 ms', 'at lookUp', '1750000001990000000', 'retry']),
    );
  });
});

test('the answer of Tempo: snake case, base64 ids, an end that is not known yet', async () => {
  const { spans, roots, orphans } = await importWith(otlp, 'fixtures/otlp/tempo-snake-case.json');
  expect({ roots, orphans }).toEqual({ roots: 1, orphans: 0 });
  const root = find(spans, 'b7ad6b7169203331');
  expect(root).toMatchObject({ trace_unique_id: trace, metadata: { retries: '2' } });
  expect(root).not.toHaveProperty('timestamp');
});

describe('parts of a request', () => {
  const span = {
    traceId: trace,
    spanId: 'b7ad6b7169203331',
    name: 'alone',
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  };

  test.each([
    ['a request', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }],
    ['an element of resourceSpans', { resource: { attributes: [] }, scopeSpans: [{ spans: [span] }] }],
    ['an element of scopeSpans', { scope: { name: 's' }, spans: [span] }],
    ['batches', { batches: [{ resource: {}, instrumentationLibrarySpans: [{ spans: [span] }] }] }],
    ['a span', span],
  ])('are mapped alone: %s', (_part, row) => {
    const mapped = otlp.map(row, mapContext());
    expect(mapped).toMatchObject({ kind: 'drafts', drafts: [{ spanId: span.spanId, traceId: trace }] });
  });

  test('a request without spans is skipped', () => {
    expect(otlp.map({ resourceSpans: [] }, mapContext())).toEqual({ kind: 'skip', reason: 'no_spans' });
  });

  test.each([
    [{ resourceSpans: 'none' }, 'bad_field', 'resourceSpans'],
    [{ resourceSpans: [{ scopeSpans: [{ spans: [7] }] }] }, 'bad_field', 'spans[0]'],
    [{ hello: 'world' }, 'missing_field', 'resourceSpans'],
  ])('%j is rejected by the name of its field', (row, code, field) => {
    expect(otlp.map(row, mapContext())).toMatchObject({ kind: 'reject', problem: { code, field } });
  });

  test('an id of the wrong type is rejected by its own name', () => {
    const mapped = otlp.map({ ...span, spanId: {} }, mapContext());
    expect(mapped).toMatchObject({ drafts: [{ sourceNames: { spanId: 'spanId' } }] });
  });
});

describe('detection', () => {
  test('agrees with requests, parts and lines of other signals', () => {
    const rows = [
      { resourceSpans: [] },
      { resourceLogs: [] },
      { scope: {}, scopeSpans: [] },
      { traceId: 'a', spanId: 'b', startTimeUnixNano: '1' },
    ];
    expect(otlp.detect(rows).agreeing).toBe(rows.length);
  });

  test('leaves the rows of others to them', () => {
    const rows = [
      { trace_unique_id: 'a', span_unique_id: 'b' },
      { traceID: 'a', spans: [], processes: {} },
      { trace_id: 'a', span_id: 'b', start_time_unix_nano: 1, attributes: { 'mlflow.spanType': '"LLM"' } },
      { traceId: 'a', id: 'b', timestamp: 1, localEndpoint: {} },
      { name: 'x', startTime: [1, 2], endTime: [1, 3], attributes: {} },
      { trace: { id: 'a' }, observations: [] },
      {},
      null,
    ];
    expect(otlp.detect(rows).agreeing).toBe(0);
  });
});

interface RawSpan {
  id: unknown;
  parent: unknown;
  attributes: Map<string, unknown>;
  start: unknown;
  end: unknown;
}

/** Spans of a document, found without the source under test. */
function* rawSpans(value: unknown): Generator<RawSpan> {
  if (Array.isArray(value)) for (const item of value) yield* rawSpans(item);
  if (!isObject(value)) return;
  if (Array.isArray(value['attributes']) && ('flags' in value || 'spanId' in value) && 'name' in value) {
    const attributes = new Map<string, unknown>();
    for (const item of value['attributes']) {
      if (isObject(item) && isObject(item['value']))
        attributes.set(asText(item['key']), Object.values(item['value'])[0]);
    }
    const { spanId: id, parentSpanId: parent, startTimeUnixNano: start, endTimeUnixNano: end } = value;
    yield { id, parent, attributes, start, end };
    return;
  }
  for (const item of Object.values(value)) yield* rawSpans(item);
}

describe.skipIf(samplesAreMissing)('real exports', () => {
  const folder = `${samplesFolder}otlp-json/`;

  test.each([
    ['BipinRimal314_ai-trace-auditor__otel_multi_agent_trace.json', 4, 1, 1, 0],
    ['dazzaji_open-agent-traces__test-traces.jsonl-named-json.json', 2, 2, 2, 0],
    ['envoyproxy_ai-gateway__single_span_chat-tools.json', 1, 1, 1, 0],
    ['jaegertracing_jaeger__otel_traces_01.json', 4, 2, 0, 4],
    ['jaegertracing_jaeger__otlp2jaeger-in.json', 1, 1, 0, 1],
    ['johnnyzhoujz_Refinery__otlp_trace_tempo.json', 3, 1, 1, 0],
    ['open-telemetry_opentelemetry-proto__trace.json', 1, 1, 0, 1],
  ])('%s: %i spans, %i traces, %i roots, %i orphans', async (file, spans, traces, roots, orphans) => {
    const got = await importWith(otlp, folder + file);
    expect(got.rejected).toEqual([]);
    expect([got.spans.length, got.traces, got.roots, got.orphans]).toEqual([spans, traces, roots, orphans]);

    const documents = documentsOf(folder + file);
    expect(otlp.detect(documents).agreeing).toBe(documents.length);
    const raw = [...rawSpans(documents)];
    for (const { id, parent, attributes, start } of raw) {
      const span = id === undefined ? got.spans[0] : find(got.spans, asText(id));
      expect(span?.span_parent_id ?? '').toBe(parent ?? '');
      const millis = start === undefined ? NaN : Number(BigInt(asText(start)) / 1_000_000n);
      expect(Date.parse(span?.['start_time'] === undefined ? '' : asText(span['start_time']))).toBe(millis);
      const model = attributes.get('gen_ai.response.model') ?? attributes.get('gen_ai.request.model');
      expect(span?.['model']).toBe(model ?? attributes.get('llm.model_name'));
      const tokens = attributes.get('gen_ai.usage.input_tokens') ?? attributes.get('llm.token_count.prompt');
      expect(span?.['prompt_tokens']).toBe(tokens === undefined ? undefined : Number(tokens));
      const answered =
        attributes.get('gen_ai.usage.output_tokens') ?? attributes.get('llm.token_count.completion');
      expect(span?.['completion_tokens']).toBe(answered === undefined ? undefined : Number(answered));
    }
    const accountedFor = new Set(
      raw.flatMap(({ attributes, start, end }) => [...attributes.keys(), start, end]),
    );
    for (const name of ['STATUS_CODE_OK', 'service.name', 'session.id']) accountedFor.add(name);
    const kept = scalarsOf(got.spans);
    const names = scalarsOf(got.spans.flatMap(namesIn));
    const missing = [...scalarsOf(documents)].filter(
      (scalar) => !kept.has(scalar) && !names.has(scalar) && !accountedFor.has(scalar),
    );
    expect(missing).toEqual([]);
  });
});

/** Keys of the metadata, with and without the prefixes for what surrounds a span. */
function namesIn(span: Span): string[] {
  const metadata = isObject(span['metadata']) ? span['metadata'] : {};
  const nested = Object.values(metadata).flatMap((value) =>
    typeof value === 'string' && value.startsWith('[')
      ? [...value.matchAll(/"([^"]+)":/g)].map(([, key]) => key ?? '')
      : [],
  );
  const keys = Object.keys(metadata);
  return [
    ...nested,
    ...keys,
    ...keys.map((key) => key.replace(/^(?:resource|scope)\./, '')),
    'deployment.environment',
  ];
}

test('a span of its own brings its resource and scope, as those of CloudWatch do', () => {
  const row = {
    resource: { attributes: { 'service.name': 'agent', 'cloud.provider': 'aws' } },
    scope: { name: 'strands' },
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    name: 'invoke_agent',
    startTimeUnixNano: '1749117600123456789',
    endTimeUnixNano: '1749117602123456789',
    attributes: { 'gen_ai.usage.input_tokens': 12 },
    status: { code: 'UNSET' },
  };
  expect(otlp.map(row, mapContext())).toMatchObject({
    drafts: [
      {
        fields: { span_workflow_name: 'agent', prompt_tokens: 12 },
        metadata: { 'resource.cloud.provider': 'aws', 'scope.name': 'strands' },
      },
    ],
  });
});
