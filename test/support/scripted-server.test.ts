import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import {
  early,
  held,
  huge,
  ok,
  reset,
  resetBeforeBody,
  scriptedServer,
  status,
  truncated,
  type Script,
  type ScriptedServer,
} from './scripted-server.js';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

async function serve(script?: Script): Promise<ScriptedServer> {
  server = await scriptedServer(script);
  return server;
}

const span = (id: string, trace = 't') => ({ trace_unique_id: trace, span_unique_id: id });

function post(to: ScriptedServer, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const payload = body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
  return fetch(`${to.url}/v1/traces/ingest`, { method: 'POST', body: payload, headers });
}

test('plays a list in order and answers ok after its end', async () => {
  const to = await serve([status(429, { retry_after: 1 }, { 'retry-after': '2' })]);
  const first = await post(to, [span('a')]);
  expect([first.status, first.headers.get('retry-after'), await first.json()]).toEqual([
    429,
    '2',
    { retry_after: 1 },
  ]);
  const second = await post(to, { data: [span('a'), span('b')] });
  expect(await second.json()).toEqual({
    status: 'ok',
    ingested_spans: 2,
    created_traces: 1,
    trace_ids: ['t'],
    errors: [],
  });
  expect(to.requests.map(({ number, spans }) => [number, spans.length])).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

test('plays a function of the parsed request, gzip included', async () => {
  const to = await serve(({ spans }) => (spans.length === 1 ? ok({ ingested_spans: 0 }) : status(422)));
  const body = gzipSync(JSON.stringify([span('a')]));
  expect(await (await post(to, body, { 'content-encoding': 'gzip' })).json()).toMatchObject({
    ingested_spans: 0,
  });
  expect((await post(to, [])).status).toBe(422);
  expect(to.requests[0]?.body.length).toBe(body.length);
});

test.each([
  ['reset', reset()],
  ['reset before the body', resetBeforeBody()],
  ['truncated', truncated()],
])('a %s answer fails at the client and is recorded', async (_name, answer) => {
  const to = await serve([answer]);
  const outcome = await post(to, [span('a')])
    .then((response) => response.text())
    .then(
      () => 'answered',
      () => 'failed',
    );
  expect(outcome).toBe('failed');
  expect(to.requests).toHaveLength(1);
});

test('an early answer reaches a client that has not sent its body', async () => {
  const to = await serve([early(status(413))]);
  const code = await new Promise((resolve, reject) => {
    const pending = httpRequest(`${to.url}/x`, { method: 'POST', headers: { 'content-length': 1_000_000 } });
    pending.on('error', reject).on('response', (response) => {
      resolve(response.statusCode);
      pending.destroy();
    });
    pending.flushHeaders();
  });
  expect(code).toBe(413);
});

test('held answers overlap, and the high-water mark shows it', async () => {
  const gates = [held(), held()];
  const to = await serve(gates);
  const answers = [post(to, [span('a')]), post(to, [span('b')])];
  await to.received(2);
  expect(to.highestInFlight).toBe(2);
  for (const gate of gates) gate.release();
  expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual([200, 200]);
  expect(new Set(to.spans().map((one) => one['span_unique_id']))).toEqual(new Set(['a', 'b']));
});

test('a huge answer has the length that was asked for', async () => {
  const to = await serve([huge(1_000_000)]);
  expect((await (await post(to, [])).arrayBuffer()).byteLength).toBe(1_000_000);
});
