import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';

import type { Certificate } from './certificates.js';

/** A request as it reached the server. */
export interface ReceivedRequest {
  /** 1-based, in order of arrival. */
  number: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** The body's bytes on the wire, before decompression; empty where the answer came before the body was read. */
  body: Buffer;
  /** The parsed body; undefined where it is no JSON. */
  json: unknown;
  /** The spans of a raw array or of `{"data": […]}`; empty for any other body. */
  spans: Record<string, unknown>[];
}

/** What the server does with one request. */
export interface Answer {
  /** Do it as soon as the headers are in. */
  beforeBody?: boolean;
  play(request: ReceivedRequest, response: ServerResponse): void | Promise<void>;
}

/** Answers in order of arrival, `ok()` after the last; or a function of the request, called when its body is in. */
export type Script = readonly Answer[] | ((request: ReceivedRequest) => Answer);

export interface ScriptedServer {
  /** Base URL without a trailing slash, e.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** The most requests that were open at one time. */
  readonly highestInFlight: number;
  /** All spans of all requests, in order of arrival; repeated spans are listed as often as they came. */
  spans(): Record<string, unknown>[];
  /** Resolves once `count` requests have arrived in full (or were answered before their body). */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A real HTTP server for tests, over TLS where it has a certificate, on a free port of the loopback interface, that plays
 * a script:
 *
 *     const server = await scriptedServer([status(429, { detail: 'Rate limit exceeded', retry_after: 1 }), ok()]);
 */
export async function scriptedServer(
  script: Script = [],
  certificate?: Certificate,
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const waiting = new Set<() => void>();
  let arrived = 0;
  let inFlight = 0;
  let highestInFlight = 0;

  const answerTo = (request: ReceivedRequest): Answer =>
    typeof script === 'function' ? script(request) : (script[request.number - 1] ?? ok());

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    inFlight += 1;
    highestInFlight = Math.max(highestInFlight, inFlight);
    response.once('close', () => (inFlight -= 1));
    const request: ReceivedRequest = {
      number: requests.length + 1,
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.alloc(0),
      json: undefined,
      spans: [],
    };
    requests.push(request);
    const early = typeof script === 'function' ? undefined : answerTo(request);
    if (early?.beforeBody !== true) {
      request.body = await buffer(incoming);
      request.json = parseBody(request);
      request.spans = spansOf(request.json);
    }
    arrived += 1;
    for (const check of waiting) check();
    await (early ?? answerTo(request)).play(request, response);
  }

  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    // A client that goes away in the middle of its request is the client's business.
    handle(incoming, response).catch(() => response.destroy());
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');

  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    requests,
    get highestInFlight() {
      return highestInFlight;
    },
    spans: () => requests.flatMap((request) => request.spans),
    received: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (arrived < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parseBody({ body, headers }: ReceivedRequest): unknown {
  try {
    const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    return JSON.parse(plain.toString('utf8'));
  } catch {
    return undefined;
  }
}

function spansOf(json: unknown): Record<string, unknown>[] {
  if (Array.isArray(json)) return json;
  if (typeof json === 'object' && json !== null && 'data' in json && Array.isArray(json.data))
    return json.data;
  return [];
}

/** The documented 2xx answer: every span ingested, every trace created. `overrides` replaces fields of its body. */
export function ok(overrides: Record<string, unknown> = {}): Answer {
  return {
    play({ spans }, response) {
      const traceIds = [...new Set(spans.map((span) => span['trace_unique_id']))];
      const body = {
        status: 'ok',
        ingested_spans: spans.length,
        created_traces: traceIds.length,
        trace_ids: traceIds,
        errors: [],
        ...overrides,
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
  };
}

/** Any status. A string body is sent as it is (as HTML unless `headers` says otherwise), everything else as JSON. */
export function status(code: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  return {
    play(_request, response) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const type = typeof body === 'string' ? 'text/html' : 'application/json';
      response.writeHead(code, { 'content-type': type, ...headers }).end(text);
    },
  };
}

/** Answers while the body is still on its way, and reads none of it: `early(status(413))`. Not for function scripts. */
export function early(answer: Answer): Answer {
  return {
    beforeBody: true,
    play(request, response) {
      response.setHeader('connection', 'close');
      return answer.play(request, response);
    },
  };
}

/** Reads the whole body and cuts the connection: the client cannot know whether it arrived. */
export function reset(): Answer {
  return { play: (_request, response) => void response.socket?.resetAndDestroy() };
}

/** Cuts the connection before the body was read. */
export function resetBeforeBody(): Answer {
  return { ...reset(), beforeBody: true };
}

/** Never answers. */
export function hang(): Answer {
  return { play: () => {} };
}

/** Announces more bytes than it sends, then cuts the connection. */
export function truncated(body = '{"status":"ok","ingested_spans":'): Answer {
  return {
    async play(_request, response) {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body) + 1000,
      });
      await new Promise<void>((resolve) => response.write(body, () => resolve()));
      response.destroy();
    },
  };
}

/** A 200 whose body is `bytes` long, sent no faster than the client reads. */
export function huge(bytes: number): Answer {
  return {
    async play(_request, response) {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = Buffer.alloc(64 * 1024, ' ');
      function* pieces() {
        for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, left);
      }
      await pipeline(Readable.from(pieces()), response);
    },
  };
}

/** An answer that waits until the test releases it. */
export interface HeldAnswer extends Answer {
  release(): void;
}

export function held(answer: Answer = ok()): HeldAnswer {
  const gate = new EventEmitter();
  const released = once(gate, 'release');
  return {
    release: () => void gate.emit('release'),
    async play(request, response) {
      await released;
      await answer.play(request, response);
    },
  };
}
