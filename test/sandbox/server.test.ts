import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { ImportError } from '../../src/errors.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.js';

const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function sandboxWith(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ port: 0, ...options });
  open.push(sandbox);
  return sandbox;
}

interface PostOptions {
  path?: string;
  headers?: Record<string, string>;
}

async function post(
  { url }: Sandbox,
  body: string | Buffer,
  { path = '/v1/traces/ingest', headers }: PostOptions = {},
) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, body: await response.json() };
}

async function get({ url }: Sandbox, path: string) {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

const span = (id: string, fields: Record<string, unknown> = {}) => ({
  trace_unique_id: 'trace',
  span_unique_id: id,
  ...fields,
});

test.each(['/v1/traces/ingest', '/api/v1/traces/ingest', '/v1/traces/ingest?source=test'])(
  'POST %s answers in the documented shape',
  async (path) => {
    const sandbox = await sandboxWith();
    expect(
      await post(sandbox, JSON.stringify([span('a'), span('b', { span_parent_id: 'a' })]), { path }),
    ).toEqual({
      status: 200,
      body: { status: 'ok', ingested_spans: 2, created_traces: 1, trace_ids: ['trace'], errors: [] },
    });
  },
);

test('a wrapped and a gzipped body are read like a raw array', async () => {
  const sandbox = await sandboxWith();
  expect((await post(sandbox, JSON.stringify({ data: [span('a')] }))).body).toMatchObject({
    ingested_spans: 1,
  });
  const gzipped = gzipSync(JSON.stringify([span('b')]));
  expect((await post(sandbox, gzipped, { headers: { 'content-encoding': 'gzip' } })).body).toMatchObject({
    ingested_spans: 1,
    created_traces: 0,
  });
  expect(sandbox.store.totals()).toMatchObject({ spans: 2, traces: 1, requests: 2 });
});

test.each([
  ['no key', {}, { authorization: '' }],
  ['no bearer scheme', {}, { authorization: 'Basic eHg=' }],
  ['an empty key', {}, { authorization: 'Bearer ' }],
  ['another key than the one it was started with', { key: 'right' }, { authorization: 'Bearer wrong' }],
])('401 for %s', async (_name, options, headers) => {
  const sandbox = await sandboxWith(options);
  const answer = await post(sandbox, JSON.stringify([span('a')]), { headers });
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual({ detail: expect.stringContaining('invalid or expired') });
  expect(sandbox.store.totals().spans).toBe(0);
});

test('the key it was started with is accepted', async () => {
  const sandbox = await sandboxWith({ key: 'right' });
  expect((await post(sandbox, '[]', { headers: { authorization: 'Bearer right' } })).status).toBe(200);
});

test.each([
  ['another content type', { 'content-type': 'text/plain' }],
  ['another encoding', { 'content-encoding': 'br' }],
])('415 for %s', async (_name, headers) => {
  expect((await post(await sandboxWith(), '[]', { headers })).status).toBe(415);
});

test.each([
  ['no JSON', '[{'],
  ['a scalar', '1'],
  ['null', 'null'],
  ['an object without data', '{"spans":[]}'],
  ['invalid UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])],
])('400 for %s', async (_name, body) => {
  expect(await post(await sandboxWith(), body)).toEqual({
    status: 400,
    body: { detail: 'Invalid request format' },
  });
});

test('400 for a body that only claims to be gzip', async () => {
  expect((await post(await sandboxWith(), '[]', { headers: { 'content-encoding': 'gzip' } })).status).toBe(
    400,
  );
});

test('413 for a body over the limit, on the wire or decompressed', async () => {
  const sandbox = await sandboxWith({ maxBodyBytes: 1000 });
  const large = JSON.stringify([span('a', { input: 'x'.repeat(2000) })]);
  expect((await post(sandbox, large)).status).toBe(413);
  expect((await post(sandbox, gzipSync(large), { headers: { 'content-encoding': 'gzip' } })).status).toBe(
    413,
  );
  expect((await post(sandbox, JSON.stringify([span('a')]))).status).toBe(200);
});

test('one bad span among good ones refuses them all, and is named by index and field', async () => {
  const sandbox = await sandboxWith();
  const answer = await post(sandbox, JSON.stringify([span('a'), span('b', { output: { x: 1 } }), 7]));
  expect(answer).toEqual({
    status: 422,
    body: {
      detail: 'Validation error',
      errors: {
        '1.output': ['Input should be a valid string'],
        '2.span': ['Input should be a valid dictionary'],
      },
    },
  });
  expect(sandbox.store.totals()).toEqual({ spans: 0, traces: 0, requests: 0, repeated: 0, null_times: 0 });
});

test('a span that comes again replaces the first, counts as ingested and as repeated', async () => {
  const sandbox = await sandboxWith();
  await post(sandbox, JSON.stringify([span('a', { span_name: 'old' })]));
  expect((await post(sandbox, JSON.stringify([span('a', { span_name: 'new' })]))).body).toMatchObject({
    ingested_spans: 1,
    created_traces: 0,
    trace_ids: ['trace'],
  });
  expect(sandbox.store.totals()).toMatchObject({ spans: 1, repeated: 1 });
  expect((await get(sandbox, '/traces/trace')).body).toEqual([span('a', { span_name: 'new' })]);
});

test('stores what the server would store: null input as "None", other input as text', async () => {
  const sandbox = await sandboxWith();
  const inputs = [null, { a: [1] }, true, 1.5, 'text'];
  await post(sandbox, JSON.stringify(inputs.map((input, index) => span(String(index), { input }))));
  expect(sandbox.store.trace('trace')?.map((stored) => stored['input'])).toEqual([
    'None',
    '{"a":[1]}',
    'True',
    '1.5',
    'text',
  ]);
});

test('counts times that the server would turn into null', async () => {
  const sandbox = await sandboxWith();
  const times = [
    '2025-09-08T07:46:19.123456Z',
    '2025-09-08 07:46:19',
    '03/04/2025',
    '1757317579',
    'soon',
    '',
  ];
  times.push('1757317579000000000');
  await post(sandbox, JSON.stringify(times.map((start_time, index) => span(String(index), { start_time }))));
  expect(sandbox.store.totals().null_times).toBe(3);
});

test('GET /traces tells the totals and the shape of every trace', async () => {
  const sandbox = await sandboxWith();
  await post(
    sandbox,
    JSON.stringify([
      span('root'),
      span('child', { span_parent_id: 'root' }),
      span('orphan', { span_parent_id: 'elsewhere' }),
      { trace_unique_id: 'a/b', span_unique_id: 'only', span_parent_id: null },
    ]),
  );
  expect((await get(sandbox, '/traces')).body).toEqual({
    spans: 4,
    requests: 1,
    repeated: 0,
    null_times: 0,
    trace_count: 2,
    traces: [
      { trace_unique_id: 'trace', spans: 3, roots: 1, orphans: 1, depth: 2, in_cycles: 0 },
      { trace_unique_id: 'a/b', spans: 1, roots: 1, orphans: 0, depth: 1, in_cycles: 0 },
    ],
  });
  expect((await get(sandbox, '/traces/a%2Fb')).body).toHaveLength(1);
});

test.each(['/', '/v1/traces', '/traces/unknown', '/traces/%E0%A4%A'])(
  '404 as JSON for GET %s',
  async (path) => {
    expect(await get(await sandboxWith(), path)).toEqual({ status: 404, body: { detail: 'Not found' } });
  },
);

test.each([
  ['GET', '/v1/traces/ingest', 'POST'],
  ['DELETE', '/traces', 'GET'],
])('405 with Allow for %s %s', async (method, path, allow) => {
  const { url } = await sandboxWith();
  const response = await fetch(url + path, { method });
  expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
});

test('a port that is taken is a usage error', async () => {
  const { url } = await sandboxWith();
  const error = await startSandbox({ port: Number(new URL(url).port) }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ImportError);
  expect(error).toMatchObject({ code: 'sandbox_cannot_listen', exitCode: 2 });
});
