import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { usageError } from '../errors.js';
import { AdalineApi } from './adaline/api.js';
import type { ErrorShape } from './adaline/errors.js';
import { isAuthorised, isReadable, notFound, onlyMethod, type Answer } from './answer.js';
import { readBody } from './body.js';
import { SandboxStore } from './store.js';
import { validateSpans } from './validate.js';
import { isObject } from './values.js';

export interface SandboxOptions {
  /** 0 for any free port. */
  port: number;
  /** Default: the loopback interface only. */
  host?: string | undefined;
  /** The one key that is accepted. Any bearer key will do when absent. */
  key?: string | undefined;
  /** Larger bodies get a 413. Bytes, default 100 MiB. */
  maxBodyBytes?: number | undefined;
  /** How Adaline's errors look; its documents have both. Default `object`. */
  adalineErrors?: ErrorShape | undefined;
}

export interface Sandbox {
  /** Base URL without a trailing slash, e.g. `http://127.0.0.1:8377`. */
  readonly url: string;
  readonly store: SandboxStore;
  /** What was sent to Adaline's addresses. */
  readonly adaline: AdalineApi['store'];
  close(): Promise<void>;
}

const ingestPaths = new Set(['/v1/traces/ingest', '/api/v1/traces/ingest']);

const badKey: Answer = {
  status: 401,
  body: {
    detail:
      'Your API key is invalid or expired, please check your API key at https://platform.respan.ai/platform/api/api-keys',
  },
};
const badFormat: Answer = { status: 400, body: { detail: 'Invalid request format' } };
const badType: Answer = { status: 415, body: { detail: 'Unsupported media type' } };
const tooLarge: Answer = { status: 413, body: { detail: 'Request body too large' } };

/**
 * Starts a local server that keeps the ingest contract strictly, and Adaline's under `/v2/logs`. It keeps in memory what
 * it is sent: `GET /traces` tells the shape of every trace, `GET /traces/<id>` its spans; what came to Adaline's addresses
 * is read back as there.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const store = new SandboxStore();
  const { host = '127.0.0.1', key, maxBodyBytes = 100 * 1024 * 1024, adalineErrors = 'object' } = options;
  const adaline = new AdalineApi({ key, maxBodyBytes, errors: adalineErrors });
  const server = createServer((request, response) => {
    const answered = adaline.answer(request) ?? answer(request, store, key, maxBodyBytes);
    answered
      .catch((): Answer => ({ status: 500, body: { detail: 'Internal server error' } }))
      .then((result) => send(response, result))
      // The answer may be too deep or too long to be written as JSON, or the client may be gone.
      .catch(() => response.destroy());
  });
  // Longer than clients keep their idle connections, so that none is closed under a request that is just being sent.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 70_000;
  await listen(server, options.port, host);
  return {
    url: urlOf(server, host),
    store,
    adaline: adaline.store,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  store: SandboxStore,
  key: string | undefined,
  maxBodyBytes: number,
): Promise<Answer> {
  const path = (request.url ?? '/').replace(/\?.*$/s, '');
  if (ingestPaths.has(path)) {
    return request.method === 'POST' ? ingest(request, store, key, maxBodyBytes) : onlyMethod('POST');
  }
  if (path !== '/traces' && !path.startsWith('/traces/')) return notFound;
  if (request.method !== 'GET') return onlyMethod('GET');
  return path === '/traces' ? overview(store) : oneTrace(store, path.slice('/traces/'.length));
}

async function ingest(
  request: IncomingMessage,
  store: SandboxStore,
  key: string | undefined,
  maxBodyBytes: number,
): Promise<Answer> {
  if (!isAuthorised(request, key)) return badKey;
  if (!isReadable(request)) return badType;

  const body = await readBody(request, maxBodyBytes);
  if (body.kind === 'too large') return tooLarge;
  if (body.kind === 'unreadable') return badFormat;
  const items = isObject(body.value) ? body.value['data'] : body.value;
  if (!Array.isArray(items)) return badFormat;
  const validated = validateSpans(items, body.bytes);
  if ('errors' in validated) {
    return { status: 422, body: { detail: 'Validation error', errors: validated.errors } };
  }
  return { status: 200, body: store.ingest(validated.spans) };
}

function overview(store: SandboxStore): Answer {
  const { traces, ...totals } = store.totals();
  return { status: 200, body: { ...totals, trace_count: traces, traces: store.shapes() } };
}

function oneTrace(store: SandboxStore, encodedId: string): Answer {
  let spans;
  try {
    spans = store.trace(decodeURIComponent(encodedId));
  } catch {
    return notFound;
  }
  return spans === undefined ? notFound : { status: 200, body: spans };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(text);
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    const hint = code === 'EADDRINUSE' ? 'choose another port with --port, or 0 for a free one' : undefined;
    throw usageError(
      'sandbox_cannot_listen',
      `the sandbox cannot listen on ${host}:${port} (${code})`,
      hint,
      cause,
    );
  }
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
