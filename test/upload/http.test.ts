import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';

import { Secrets } from '../../src/secrets.js';
import { createTransport, type TransportOptions } from '../../src/upload/http.js';
import { TransportError } from '../../src/upload/transport-error.js';
import { hang, huge, ok, reset, status, truncated, type Script } from '../support/scripted-server.js';
import { serve } from './import-job.js';

const body = Buffer.from('[{"trace_unique_id":"t","span_unique_id":"a"}]');
const never = new AbortController().signal;

async function connect(url: string, overrides: Partial<TransportOptions> = {}) {
  const transport = await createTransport({
    endpoint: `${url}/v1/traces/ingest`,
    headers: { authorization: 'Bearer key-of-the-test', 'content-type': 'application/json' },
    secrets: new Secrets(['key-of-the-test']),
    authorities: undefined,
    timeout: 10_000,
    connections: 2,
    environment: {},
    ...overrides,
  });
  onTestFinished(() => transport.close());
  return transport;
}

async function post(script: Script, overrides: Partial<TransportOptions> = {}) {
  return (await connect((await serve(script)).url, overrides)).post(body, never);
}

async function failure(answer: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await answer.then(
    () => 'no failure',
    (cause: unknown) => cause,
  );
  if (!(error instanceof TransportError)) throw new Error('expected a TransportError', { cause: error });
  return error;
}

/** Listens without speaking HTTP by itself. */
async function listen(onSocket?: (socket: Socket) => void): Promise<{ server: Server; url: string }> {
  const server = createServer(onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

describe('answers', () => {
  test.each([200, 201, 302, 401, 404, 500])(
    'a %i is an answer, with its headers and its body',
    async (code) => {
      const answer = await post([status(code, { detail: 'words' }, { 'x-one': '1' })]);
      expect(answer).toMatchObject({ status: code, body: '{"detail":"words"}', truncated: false });
      expect(answer.headers).toMatchObject({ 'x-one': '1', 'content-type': 'application/json' });
    },
  );

  test('a long one is cut to a mebibyte', async () => {
    const answer = await post([huge(5 * 1024 * 1024)]);
    expect(answer).toMatchObject({ status: 200, truncated: true });
    expect(answer.body.length).toBe(1024 * 1024);
  });

  test('one of exactly a mebibyte is whole, one of a byte more is cut', async () => {
    expect(await post([huge(1024 * 1024)])).toMatchObject({ truncated: false });
    const answer = await post([huge(1024 * 1024 + 1)]);
    expect([answer.truncated, answer.body.length]).toEqual([true, 1024 * 1024]);
  });

  test('one that breaks off keeps its status and its beginning', async () => {
    expect(await post([truncated('{"begun":')])).toMatchObject({
      status: 200,
      body: '{"begun":',
      truncated: true,
    });
  });

  test('one with bytes behind its end is whole', async () => {
    const { url } = await listen((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}and more')),
    );
    expect(await (await connect(url)).post(body, never)).toMatchObject({
      status: 200,
      body: '{}',
      truncated: false,
    });
  });

  test('of a repeated header the first counts', async () => {
    const answer = await post(() => ({
      play: (_request, response) =>
        void response
          .writeHead(
            429,
            [
              ['retry-after', '1'],
              ['retry-after', '2'],
              ['x-many', 'a'],
              ['x-many', 'b'],
            ].flat(),
          )
          .end(),
    }));
    expect(answer.headers['x-many']).toBe('a');
  });

  test('the key is struck out, a short word is not', async () => {
    const answers = [status(401, { detail: 'key-of-the-test is bad' }), ok()];
    expect((await post(answers)).body).toBe('{"detail":"[key] is bad"}');
    expect((await post([ok()], { secrets: new Secrets(['ok']) })).body).toContain('"ok"');
  });

  test('the request is the body, byte for byte, and both are of the length announced', async () => {
    const server = await serve();
    await (await connect(server.url)).post(body, never);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      body,
      headers: { 'content-length': String(body.length), authorization: 'Bearer key-of-the-test' },
    });
  });
});

describe('no answer', () => {
  test('a reset may have come after the batch arrived', async () => {
    const error = await failure(post([reset()]));
    expect(error).toMatchObject({ isReset: true, isTimeout: false, mayHaveArrived: true });
  });

  test('a refused connection cannot', async () => {
    const server = await serve();
    await server.close();
    const error = await failure((await connect(server.url)).post(body, never));
    expect(error).toMatchObject({
      code: 'ECONNREFUSED',
      isReset: false,
      isTimeout: false,
      mayHaveArrived: false,
    });
  });

  test('a name that does not exist cannot', async () => {
    const error = await failure((await connect('http://no-such-host.invalid')).post(body, never));
    expect(error.mayHaveArrived).toBe(false);
  });

  test('a server that never answers is a timeout', async () => {
    const error = await failure(post([hang()], { timeout: 100 }));
    expect(error).toMatchObject({ isTimeout: true, isReset: false, mayHaveArrived: true });
  });

  test('an answer that begins and never ends is a timeout', async () => {
    const stalled: Script = [
      {
        play: (_request, response) => void response.writeHead(200, { 'content-length': '90' }).write('{"beg'),
      },
    ];
    const error = await failure(post(stalled, { timeout: 100 }));
    expect(error).toMatchObject({ isTimeout: true, isReset: false, mayHaveArrived: true });
  });

  test('an abort ends a request at once, and a later one does not start', async () => {
    const server = await serve([hang()]);
    const transport = await connect(server.url);
    const abort = new AbortController();
    const pending = failure(transport.post(body, abort.signal));
    await server.received(1);
    abort.abort();
    expect(await pending).toMatchObject({ code: 'ABORTED', isTimeout: false, mayHaveArrived: true });
    expect(await failure(transport.post(body, abort.signal))).toMatchObject({ code: 'ABORTED' });
    expect(server.requests).toHaveLength(1);
  });

  test('something that does not speak HTTP', async () => {
    const { url } = await listen((socket) => socket.end('220 smtp.example.com ready\r\n'));
    const error = await failure((await connect(url)).post(body, never));
    expect(error.mayHaveArrived).toBe(true);
  });

  test('the message shows a code, never a header', async () => {
    const error = await failure(post([ok()], { headers: { authorization: 'Bearer key-of-the-test\n' } }));
    expect(error.message).not.toContain('key-of-the-test');
  });
});

describe('proxies', () => {
  test('the given environment decides, not the one of the process', async () => {
    const proxy = await serve();
    const server = await serve();
    const direct = await connect(server.url, { environment: { HTTPS_PROXY: '' } });
    await direct.post(body, never);
    expect([server.requests.length, proxy.requests.length]).toEqual([1, 0]);
    const exempt = await connect(server.url, {
      environment: { http_proxy: proxy.url, NO_PROXY: '127.0.0.1' },
    });
    await exempt.post(body, never);
    expect([server.requests.length, proxy.requests.length]).toEqual([2, 0]);
  });

  test('a named one is asked', async () => {
    const { server, url } = await listen();
    const asked = once(server, 'connection');
    const environment = { HTTP_PROXY: url };
    const abort = new AbortController();
    const pending = failure(
      (await connect('http://no-such-host.invalid', { environment })).post(body, abort.signal),
    );
    await asked;
    abort.abort();
    expect((await pending).code).toBe('ABORTED');
  });
});
