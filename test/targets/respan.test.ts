import { describe, expect, test } from 'vitest';

import { respan } from '../../src/targets/respan.js';
import type { Answer, Verdict } from '../../src/targets/target.js';

const now = Date.UTC(2026, 0, 15, 12);

function judge(status: number, body: unknown = {}, overrides: Partial<Answer> = {}): Verdict {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  return respan.judge(
    { status, headers: { 'content-type': type }, body: text, truncated: false, ...overrides },
    now,
  );
}

const page = '<html><body>Forbidden</body></html>';

test.each([
  ['https://api.respan.ai', 'https://api.respan.ai/v1/traces/ingest'],
  ['https://api.respan.ai/', 'https://api.respan.ai/v1/traces/ingest'],
  ['https://api.respan.ai/api//', 'https://api.respan.ai/api/v1/traces/ingest'],
  ['https://host/api/v1/traces/ingest', 'https://host/api/v1/traces/ingest'],
  ['https://host/api/v1/traces/ingest/', 'https://host/api/v1/traces/ingest'],
])('the endpoint of %s is %s', (base, endpoint) => {
  expect(respan.endpoint(base)).toBe(endpoint);
});

test('the key travels as a bearer token beside the two media types, in no other header', () => {
  expect(respan.headers('secret')).toEqual({
    authorization: 'Bearer secret',
    'content-type': 'application/json',
    accept: 'application/json',
  });
});

describe('2xx', () => {
  const accepted = { kind: 'accepted', ingested: undefined, rejected: 0, traceIds: [], errors: [] };

  test.each<[string, unknown, object]>([
    [
      'the documented shape',
      { status: 'ok', ingested_spans: 2, created_traces: 1, trace_ids: ['t'], errors: ['x'] },
      { ...accepted, ingested: 2, traceIds: ['t'], errors: ['x'], rejected: 1 },
    ],
    ['a count alone', { ingested_spans: 0 }, { ...accepted, ingested: 0 }],
    ['a status alone', { status: 'OK' }, accepted],
    ['the sentence', { message: 'Processed 2 Vercel spans' }, { ...accepted, ingested: 2 }],
    [
      'the sentence with a grouped number',
      { message: 'processed 1,234 spans' },
      { ...accepted, ingested: 1234 },
    ],
    ['a count that is no count, beside a status', { status: 'success', ingested_spans: -1 }, accepted],
    ['OTLP', { partialSuccess: {} }, accepted],
    [
      'OTLP with a warning',
      { partialSuccess: { rejectedSpans: 0, errorMessage: 'slow down' } },
      { ...accepted, errors: ['slow down'] },
    ],
    ['OTLP with rejections', { partialSuccess: { rejectedSpans: '3' } }, { ...accepted, rejected: 3 }],
    [
      'errors that are no strings',
      { status: 'ok', errors: [{ id: 'a' }] },
      { ...accepted, errors: ['{"id":"a"}'], rejected: 1 },
    ],
  ])('%s is an acknowledgement', (_name, body, verdict) => {
    expect(judge(200, body)).toEqual(verdict);
    expect(judge(201, body)).toEqual(verdict);
  });

  test.each<[string, unknown]>([
    ['an empty body', ''],
    ['an empty object', {}],
    ['a list', []],
    ['a failure in the clothes of a success', { status: 'error' }],
    ['a message about something else', { message: 'Welcome' }],
    ['an empty list of errors', { errors: [] }],
    ['partialSuccess that is no object', { partialSuccess: true }],
  ])('%s confirms nothing', (_name, body) => {
    expect(judge(200, body).kind).toBe('unconfirmed');
  });

  test('a body that ended early confirms nothing, even if its beginning reads well', () => {
    expect(judge(200, { status: 'ok', ingested_spans: 1 }, { truncated: true }).kind).toBe('unconfirmed');
  });

  test.each([page, '  <!DOCTYPE html><p>', '<p>hello'])('the page %j is not the API', (body) => {
    expect(judge(200, body)).toMatchObject({ kind: 'stop', exit: 'destination', code: 'not_the_api' });
  });

  test('a page without its content type is recognised by its beginning', () => {
    expect(judge(200, page, { headers: {} })).toMatchObject({ kind: 'stop', code: 'not_the_api' });
  });
});

describe('statuses', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 520, 599])('%i is worth another try', (status) => {
    expect(judge(status)).toMatchObject({
      kind: 'retry',
      throttled: status === 429 || status === 503,
      retryAfter: undefined,
    });
  });

  test.each([300, 301, 302, 303, 304, 307, 308])('%i redirects, and stops', (status) => {
    expect(judge(status)).toMatchObject({ kind: 'stop', exit: 'destination', code: 'redirected' });
  });

  test.each([404, 405])('%i is the wrong address', (status) => {
    expect(judge(status)).toMatchObject({ kind: 'stop', exit: 'destination', code: 'wrong_address' });
  });

  test('407 comes from a proxy', () => {
    expect(judge(407)).toMatchObject({ kind: 'stop', exit: 'destination', code: 'proxy_refused' });
  });

  test.each([402, 406, 409, 410, 411, 414, 415, 418, 451, 501, 505])('%i stops', (status) => {
    expect(judge(status)).toMatchObject({ kind: 'stop', exit: 'destination', code: 'destination_refused' });
  });

  test.each([401, 403])('%i as JSON refuses the key', (status) => {
    expect(judge(status, { detail: 'invalid' })).toMatchObject({
      kind: 'stop',
      exit: 'credentials',
      code: 'credentials_refused',
    });
  });

  test.each([401, 403])('%i as a page comes from something else than the API', (status) => {
    expect(judge(status, page)).toMatchObject({ kind: 'suspicious', code: 'not_the_api' });
  });

  test.each([
    [413, 'too-large'],
    [400, 'invalid'],
    [422, 'invalid'],
  ])('%i is about the batch: %s', (status, kind) => {
    expect(judge(status).kind).toBe(kind);
  });

  test('a wait is read from the header and from the body', () => {
    const headers = { 'retry-after': '7' };
    expect(judge(503, {}, { headers })).toMatchObject({ kind: 'retry', retryAfter: 7000 });
    expect(judge(429, { retry_after: 30 })).toMatchObject({ kind: 'retry', retryAfter: 30_000 });
  });

  test("the server's own words reach the reason, a page does not", () => {
    const body = { detail: 'Validation error', errors: { cost: ['must be a number'] } };
    const verdict = judge(422, body);
    expect(verdict).toMatchObject({ reason: expect.stringContaining('Validation error') });
    expect(verdict).toMatchObject({ reason: expect.stringContaining('must be a number') });
    expect(JSON.stringify(judge(500, page))).not.toContain('<body>');
  });
});
