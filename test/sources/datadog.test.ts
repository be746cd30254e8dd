import { describe, expect, it } from 'vitest';
import { datadog } from '../../src/sources/datadog.js';
import { normaliseDraft } from '../../src/span/normalise.js';
import { bodyOf, options, problemOf, warningsOf } from '../span/factories.js';
import { fixture, mapRow, spanWithId } from './fixture.js';
import { importWith } from './import-sample.js';
import { mapContext } from './map-context.js';

const span = { span_id: '1', trace_id: '2', start_ns: 1748860800000000000, meta: { 'span.kind': 'llm' } };

describe('spans of Datadog LLM Observability', () => {
  it('become spans with messages, counts, parameters and errors', async () => {
    const { spans, ...counts } = await importWith(datadog, fixture('datadog/agent-run.jsonl'));
    expect(counts).toMatchObject({ rejected: [], warnings: {}, traces: 1, roots: 1, orphans: 0 });
    expect(spanWithId(spans, '15704837401973838123')).toMatchObject({
      span_name: 'answer_question',
      log_type: 'workflow',
      input: 'What is the capital of France?',
      output: 'Paris.',
      start_time: '2025-06-02T10:40:00Z',
      latency: 2.5,
      session_identifier: 'session-9',
      status_code: 200,
      metadata: { release: 'r42', tags: '["env:prod","ml_app:tutor"]', '_dd.span_id': '1' },
    });
    expect(spanWithId(spans, '15704837401973838124')).toMatchObject({
      span_parent_id: '15704837401973838123',
      log_type: 'generation',
      model: 'gpt-4o-mini',
      provider_id: 'openai',
      temperature: 0.2,
      max_tokens: 64,
      prompt_tokens: 21,
      completion_tokens: 2,
      total_request_tokens: 23,
      prompt_cache_hit_tokens: 4,
      time_to_first_token: 0.25,
      prompt_messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is the capital of France?' },
      ],
      completion_message: { role: 'assistant', content: 'Paris.' },
      metadata: {
        'input.parameters.seed': '11',
        finish: 'stop',
        'metrics.estimated_total_cost': '1230',
        'span.kind': 'llm',
      },
    });
    expect(spanWithId(spans, '15704837401973838125')).toMatchObject({
      log_type: 'task',
      status_code: 500,
      error_message: 'index is cold',
      output: '[{"text":"a country","score":0.5,"id":"d1"}]',
      metadata: { 'error.type': 'IndexError', 'error.stack': 'at lookup' },
    });
  });

  it('may come from the export API, flat below attributes', async () => {
    const { spans, rejected } = await importWith(datadog, fixture('datadog/export-page.json'));
    expect(rejected).toEqual([]);
    expect(spans).toMatchObject([
      {
        trace_unique_id: '90',
        span_unique_id: '91',
        model: 'gpt-4o-mini',
        latency: 1.5,
        prompt_messages: [{ role: 'user', content: 'Hi' }],
        metadata: { ml_app: 'tutor', id: 'event-1' },
      },
    ]);
  });

  it('may come in the requests of a tracer', () => {
    const request = { '_dd.stage': 'raw', event_type: 'span', spans: [span, { ...span, span_id: '3' }] };
    expect(mapRow(datadog, [request, request])).toHaveLength(4);
    expect(datadog.detect([request, [request], span]).agreeing).toBe(3);
  });

  it('may come in a request of the HTTP API, which tells some facts once for all of them', () => {
    const spans = [span, { ...span, span_id: '3', session_id: 'own', tags: ['step:2'] }];
    const attributes = { ml_app: 'tutor', session_id: 'session-9', tags: ['env:prod'], spans };
    const request = { data: { type: 'span', attributes } };
    expect(datadog.detect([request, request.data]).agreeing).toBe(2);
    expect(mapRow(datadog, request)).toMatchObject([
      { spanId: '1', fields: { session_identifier: 'session-9' }, metadata: { tags: ['env:prod'] } },
      { spanId: '3', fields: { session_identifier: 'own' }, metadata: { tags: ['step:2', 'env:prod'] } },
    ]);
  });

  it('keep ids beyond 2^53 digit by digit', () => {
    const text =
      '{"span_id": 15704837401973838123, "trace_id": 9, "start_ns": 1748860800000000001, "meta": {}}';
    const [draft] = mapRow(datadog, JSON.parse(text), { text: () => text });
    expect(draft).toMatchObject({ spanId: '15704837401973838123', start: '1748860800000000001' });
  });

  it('never carry a credential on, however deep its parameters lie', () => {
    const meta = { input: { value: 'q', parameters: { api_key: 'sk-1', seed: 1 } } };
    const [draft] = mapRow(datadog, { ...span, meta });
    const result = draft && normaliseDraft(draft, options());
    expect(JSON.stringify(result && bodyOf(result))).not.toContain('sk-1');
    expect(result && warningsOf(result)).toEqual(['credential_dropped']);
  });

  it('name the field that holds something else than it should', () => {
    const context = mapContext();
    expect(datadog.map({ ...span, metrics: 5 }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'metrics' },
    });
    const [draft] = mapRow(datadog, { ...span, start_ns: 'soon' });
    expect(draft && problemOf(normaliseDraft(draft, options()))).toMatchObject({ field: 'start_ns' });
    expect(datadog.map({}, context)).toEqual({ kind: 'skip', reason: 'empty_object' });
    expect(datadog.map({ spans: [] }, context)).toEqual({ kind: 'skip', reason: 'empty_request' });
    expect(datadog.map('x', context)).toMatchObject({ problem: { code: 'not_an_object' } });
  });

  it('are told from flat spans of others', () => {
    expect(
      datadog.detect([{ span_id: '1', trace_id: '2', start_time: 'x' }, { data: [] }, {}]).agreeing,
    ).toBe(0);
  });
});

it('takes spans of the export API that count nanoseconds', () => {
  const attributes = {
    span_id: '1',
    trace_id: 't',
    ml_app: 'bot',
    start_ns: 1749117600123456000,
    duration: 5e8,
  };
  const row = { id: 'A', type: 'span', attributes };
  expect(datadog.detect([row]).agreeing).toBe(1);
  expect(datadog.map(row, mapContext({ text: () => JSON.stringify(row) }))).toMatchObject({
    drafts: [{ traceId: 't', spanId: '1', latency: { value: 5e8, unit: 'ns' } }],
  });
});
