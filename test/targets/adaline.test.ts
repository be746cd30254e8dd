import { describe, expect, test } from 'vitest';

import type { Answer, Verdict } from '../../src/targets/target.js';
import { target } from '../upload/adaline-job.js';

const now = Date.UTC(2026, 0, 15, 12);
const adaline = target();

function judge(status: number, body: unknown = {}, overrides: Partial<Answer> = {}): Verdict {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  const headers = { 'content-type': type };
  return adaline.judge({ status, headers, body: text, truncated: false, ...overrides }, now);
}

/** Both documented shapes of an error. */
function errors(message: string): unknown[] {
  return [{ error: message }, { error: { code: 'SOME_CODE', message } }];
}

test.each([
  'https://api.adaline.ai',
  'https://api.adaline.ai/',
  'https://api.adaline.ai/v2',
  'https://api.adaline.ai/v2/',
  'https://api.adaline.ai/v2/logs/trace',
])('the endpoint of %s is the one for traces', (base) => {
  expect(adaline.endpoint(base)).toBe('https://api.adaline.ai/v2/logs/trace');
});

test('a path before the version is kept', () => {
  expect(adaline.endpoint('https://app.adaline.ai/api/v2')).toBe('https://app.adaline.ai/api/v2/logs/trace');
});

describe('2xx', () => {
  const accepted = { kind: 'accepted', rejected: 0, errors: [] };

  test.each<[string, number, unknown, object]>([
    ['a trace', 200, { traceId: 't', spanIds: ['a', 'b'] }, { ...accepted, ingested: 2, traceIds: ['t'] }],
    ['a trace alone', 201, { traceId: 't' }, { ...accepted, ingested: undefined, traceIds: ['t'] }],
    ['a span', 200, { spanId: 'a' }, { ...accepted, ingested: 1, traceIds: [] }],
    [
      'a span, as the older documents have it',
      200,
      { spanIds: ['a'] },
      { ...accepted, ingested: 1, traceIds: [] },
    ],
    ['something without an id', 200, { ok: true }, { kind: 'unconfirmed' }],
    ['a web page', 200, '<html></html>', { kind: 'stop', exit: 'destination', code: 'not_the_api' }],
  ])('%s', (_name, status, body, verdict) => {
    expect(judge(status, body)).toMatchObject(verdict);
  });

  test('an answer that was cut is no acknowledgement', () => {
    expect(judge(200, { spanId: 'a' }, { truncated: true }).kind).toBe('unconfirmed');
  });
});

describe('words decide where they are known, whatever the status', () => {
  const quota = "Workspace 'w' has reached the limit of 100 log writes per month. Please upgrade your plan.";

  test.each<[string, object]>([
    ['Log trace already exists with referenceId: trace_456', { kind: 'exists' }],
    ['No project found, projectId: project_123', { kind: 'stop', exit: 'destination', code: 'no_project' }],
    [quota, { kind: 'stop', exit: 'destination', code: 'quota_reached' }],
  ])('%s', (message, verdict) => {
    for (const body of errors(message))
      for (const status of [400, 402, 403, 404, 409, 422, 429])
        expect(judge(status, body)).toMatchObject(verdict);
  });

  test.each(['startedAt must be before endedAt', 'No prompt found, promptId: p'])('%s', (message) => {
    for (const body of errors(message))
      for (const status of [400, 404, 422]) {
        expect(judge(status, body)).toMatchObject({
          kind: 'invalid',
          reason: expect.stringContaining(message),
        });
      }
  });
});

test.each<[string, Verdict['kind'] | object, number, unknown]>([
  [
    'a refused key',
    { kind: 'stop', exit: 'credentials' },
    401,
    { error: { code: 'UNAUTHORIZED', message: 'x' } },
  ],
  ['a forbidden page', { kind: 'suspicious' }, 403, '<html></html>'],
  ['an address without an API', { kind: 'stop', code: 'wrong_address' }, 404, '<html></html>'],
  ['a body that is too large', { kind: 'too-large' }, 413, ''],
  ['a conflict', { kind: 'exists' }, 409, {}],
  [
    'throttling',
    { kind: 'retry', throttled: true },
    429,
    { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'x' } },
  ],
  ['a fault', { kind: 'retry', throttled: false }, 500, {}],
  ['a redirect', { kind: 'stop', code: 'redirected' }, 302, ''],
])('%s', (_name, verdict, status, body) => {
  expect(judge(status, body)).toMatchObject(Object(verdict));
});

describe('questions', () => {
  const span = {
    trace_unique_id: 't',
    span_unique_id: 's',
    start_time: '2025-06-05T10:00:00Z',
    timestamp: '2025-06-05T10:00:01Z',
  };
  const part = {
    spans: [span],
    present: [],
    window: undefined,
    session: undefined,
    leading: new Set<string>(),
  };
  const endpoint = 'https://api.adaline.ai/v2/logs/trace';
  const trace = { id: 'id-of-t', referenceId: 't', spanIds: ['1', '2', '3'] };

  test.each(['data', 'traces'])('a trace is counted by its spans, in a list called %s', (list) => {
    const asked = adaline.traces!.countSpans(endpoint, 't');
    const { value } = asked.next();
    expect(value).toMatchObject({ url: 'https://api.adaline.ai/v2/logs/traces' });
    expect(asked.next({ [list]: [trace] })).toEqual({ done: true, value: 3 });
  });

  test('ids of spans may come as JSON text, and no trace is no count', () => {
    const asked = adaline.traces!.countSpans(endpoint, 't');
    asked.next();
    expect(asked.next({ data: [{ ...trace, spanIds: '["1","2"]' }] }).value).toBe(2);
    const other = adaline.traces!.countSpans(endpoint, 't');
    other.next();
    expect(other.next({ traces: [] })).toEqual({ done: true, value: undefined });
  });

  test('a span is looked for in its own trace, page after page', () => {
    const asked = adaline.traces!.find(endpoint, part);
    asked.next();
    const first = asked.next({ traces: [trace] });
    expect(first.value).toMatchObject({ url: 'https://api.adaline.ai/v2/logs/spans' });
    const elsewhere = { logTraceId: 'another', referenceId: 's' };
    const second = asked.next({ spans: [elsewhere], pagination: { hasMore: true, nextCursor: 'c' } });
    expect(JSON.parse(String(Object(second.value)['body']))).toMatchObject({ cursor: 'c', referenceId: 's' });
    expect(asked.next({ spans: [{ ...elsewhere, logTraceId: 'id-of-t' }] })).toEqual({
      done: true,
      value: [{ copies: 1, isSame: undefined }],
    });
  });

  test('a span of a trace that is not there is not there', () => {
    const asked = adaline.traces!.find(endpoint, part);
    asked.next();
    expect(asked.next({ data: [] })).toEqual({ done: true, value: undefined });
  });
});
