import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { helicone } from '../../src/sources/helicone.js';
import { importWith } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const requests = 'fixtures/helicone/requests.jsonl';

function request(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    request_id: 'request-1',
    request_created_at: '2025-04-01T08:00:00.000Z',
    response_created_at: '2025-04-01T08:00:01.500Z',
    request_body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] },
    ...overrides,
  };
}

function draftOf(row: unknown, context = mapContext()) {
  const mapped = helicone.map(row, context);
  if (mapped.kind !== 'drafts' || mapped.drafts[0] === undefined) throw new Error(`no draft: ${mapped.kind}`);
  return mapped.drafts[0];
}

describe('requests of Helicone', () => {
  it('belong to the session that their property names, else to a trace of their own', async () => {
    const { spans, roots } = await importWith(helicone, requests);
    expect(spans.map((span) => span.trace_unique_id)).toEqual(['session-9', 'request-2', 'request-3']);
    expect(roots).toBe(3);
    expect(spans[0]).toMatchObject({
      session_identifier: 'session-9',
      span_path: '/answer/draft',
      span_workflow_name: 'answering',
      metadata: { 'request_properties.tenant': 'acme' },
    });
  });

  it('of a page are grouped by --trace-by, each by its own field', () => {
    const context = mapContext({ traceBy: 'request_properties.tenant' });
    const [acme, none] = [{ tenant: 'acme' }, { 'helicone-session-id': 's' }];
    const page = { data: [request({ request_properties: acme }), request({ request_properties: none })] };
    expect(helicone.map(page, context)).toMatchObject({ drafts: [{ traceId: 'acme' }, { traceId: 's' }] });
  });

  it('tell times, the model that answered, counts, cost and messages', async () => {
    const { spans } = await importWith(helicone, requests);
    expect(spans[0]).toMatchObject({
      log_type: 'chat',
      start_time: '2025-04-01T08:00:00.000Z',
      timestamp: '2025-04-01T08:00:01.500Z',
      latency: 1.5,
      model: 'gpt-4o-mini-2024-07-18',
      provider_id: 'OPENAI',
      status_code: 200,
      prompt_tokens: 12,
      completion_tokens: 6,
      total_request_tokens: 18,
      cost: 0.0000054,
      temperature: 0.5,
      customer_identifier: 'user-7',
      prompt_messages: [{ role: 'user', content: 'What is a span?' }],
      completion_message: { role: 'assistant', content: 'One unit of work.' },
      metadata: { request_model: 'gpt-4o-mini', time_to_first_token: '250' },
    });
  });

  it('tell why they failed; a status that is none of HTTP stays in the metadata', async () => {
    const { spans } = await importWith(helicone, requests);
    expect(spans[1]).toMatchObject({ status_code: 429, error_message: 'rate limited' });
    expect(spans[2]).toMatchObject({ metadata: { response_status: '-2' } });
    expect(spans[2]).not.toHaveProperty('status_code');
  });

  it('warn where the bodies were not exported, and keep no signature of a link', async () => {
    const { spans, warnings } = await importWith(helicone, requests);
    expect(warnings).toEqual({ body_not_exported: 1 });
    expect(spans[2]?.['metadata']).toMatchObject({ signed_body_url: 'https://bodies.example.com/request-3' });
  });

  it('lose nothing else', async () => {
    const { spans } = await importWith(helicone, requests);
    const rows = readFileSync(requests, 'utf8')
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const accounted = /^(?:signed_body_url|delay_ms)=/;
    expect(lostScalars(rows, spans).filter((each) => !accounted.test(each))).toEqual([]);
    expect(spans.map((span) => span['latency'])).toEqual([1.5, 0.25, undefined]);
  });

  it('come as a table whose JSON is escaped twice', async () => {
    const { spans } = await importWith(helicone, 'fixtures/helicone/requests-table.csv');
    expect(spans[0]).toMatchObject({
      trace_unique_id: 'session-9',
      span_unique_id: 'response-1',
      model: 'gpt-4o-mini',
      prompt_tokens: 12,
      prompt_messages: [{ role: 'user', content: 'What is a span?' }],
    });
    // A body that is JSON as it stands keeps its own empty quotes.
    expect(spans[1]?.['prompt_messages']).toEqual([{ role: 'user', content: 'Say ""' }]);
  });

  it("hold Anthropic's bodies", () => {
    const draft = draftOf(
      request({
        request_body: { model: 'claude', system: 'Be brief.', messages: [{ role: 'user', content: 'hi' }] },
        response_body: { role: 'assistant', content: [{ type: 'text', text: 'hello' }] },
      }),
    );
    expect(draft.fields['prompt_messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'hi' },
    ]);
    expect(draft.fields['completion_message']).toMatchObject({ content: [{ text: 'hello' }] });
  });

  it('end after delay_ms where no answer came', () => {
    expect(draftOf(request({ response_created_at: null, delay_ms: 40 }))).toMatchObject({
      latency: { value: 40, unit: 'ms' },
    });
  });

  it.each<[string, unknown, object]>([
    ['a text', 'x', { kind: 'reject', problem: { code: 'not_an_object' } }],
    ['an empty row', {}, { kind: 'skip', reason: 'empty_object' }],
    ['another row', { colour: 'red' }, { kind: 'skip', reason: 'no_request' }],
    [
      'properties of another type',
      request({ request_properties: 'x' }),
      { kind: 'reject', problem: { code: 'bad_field', field: 'request_properties' } },
    ],
  ])('are not %s', (_, row, mapped) => {
    expect(helicone.map(row, mapContext())).toMatchObject(mapped);
  });

  it.each<[unknown, number]>([
    [request(), 1],
    [{ data: [request()] }, 1],
    [{ request_created_at: '', response_created_at: '' }, 0],
    [{ request_id: 'r', spend: 1, startTime: '' }, 0],
  ])('are recognised: %j', (row, agreeing) => {
    expect(helicone.detect([row]).agreeing).toBe(agreeing);
  });
});
