import type { Dispatcher } from 'undici';

import type { Answer } from '../targets/target.js';

/** Longer answers are cut: an error page must not fill the memory. */
const maximumAnswerBytes = 1024 * 1024;

export interface Transport {
  /** Resolves with any HTTP answer; throws `TransportError` where there is none. Redirects are answers. */
  post(body: Uint8Array, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  endpoint: string;
  headers: Record<string, string>;
  /** Struck out of every answer: some servers quote the key that they refuse. */
  secret: string;
  /** Milliseconds that a request may take, from the connection to the last byte of the answer. */
  timeout: number;
  connections: number;
  environment: Readonly<Record<string, string | undefined>>;
}

/** No answer arrived. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(
    /** The system's or the client's code, e.g. `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT`. */
    readonly code: string,
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
  }

  /** False where no connection was made: then the server cannot have seen the batch. */
  get mayHaveArrived(): boolean {
    return !neverConnected.has(this.code);
  }

  get isTimeout(): boolean {
    return this.code.includes('TIMEOUT') || this.code === 'ETIMEDOUT';
  }

  get isReset(): boolean {
    return this.code === 'ECONNRESET' || this.code === 'EPIPE' || this.code === 'UND_ERR_SOCKET';
  }
}

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Posts batches over kept-alive connections; through a proxy where the usual variables name one. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  // Half of the program's start-up time: loaded only by a run that sends.
  const { Agent, EnvHttpProxyAgent, request } = await import('undici');
  const agentOptions = {
    connections: options.connections,
    // One limit holds for the whole request; see withTimeout.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: Math.min(options.timeout, 30_000) },
  };
  const dispatcher: Dispatcher = proxyIsNamed(options.environment)
    ? new EnvHttpProxyAgent({ ...agentOptions, ...proxiesOf(options.environment) })
    : new Agent(agentOptions);
  return {
    async post(body, abort) {
      const { signal, ended, release } = withTimeout(abort, options.timeout);
      try {
        const pending = request(options.endpoint, {
          method: 'POST',
          headers: options.headers,
          body,
          dispatcher,
          signal,
        });
        // The client heeds its signal only once it is connected, and a proxy may keep it waiting for that.
        const { statusCode, headers, body: answer } = await Promise.race([pending, ended]);
        const { text, truncated } = await readCapped(answer);
        return {
          status: statusCode,
          headers: singleValues(headers),
          body: withoutSecret(text, options.secret),
          truncated,
        };
      } catch (error) {
        throw asTransportError(signal.aborted ? signal.reason : error);
      } finally {
        release();
      }
    },
    close: () => dispatcher.destroy(),
  };
}

class RequestEnded extends Error {
  constructor(readonly code: 'TIMEOUT' | 'ABORTED') {
    super(code);
  }
}

interface TimeLimit {
  signal: AbortSignal;
  /** Rejects when the signal aborts. */
  ended: Promise<never>;
  release: () => void;
}

function withTimeout(abort: AbortSignal, timeout: number): TimeLimit {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new RequestEnded('TIMEOUT')), timeout);
  const onAbort = (): void => controller.abort(new RequestEnded('ABORTED'));
  const ended = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  abort.addEventListener('abort', onAbort, { once: true });
  if (abort.aborted) onAbort();
  return {
    signal: controller.signal,
    ended,
    release() {
      clearTimeout(timer);
      abort.removeEventListener('abort', onAbort);
    },
  };
}

/** The client would look at the process's own variables where one is left out. */
function proxiesOf(environment: TransportOptions['environment']): {
  httpProxy: string;
  httpsProxy: string;
  noProxy: string;
} {
  const named = (name: string): string => environment[name] ?? environment[name.toUpperCase()] ?? '';
  return { httpProxy: named('http_proxy'), httpsProxy: named('https_proxy'), noProxy: named('no_proxy') };
}

function proxyIsNamed(environment: TransportOptions['environment']): boolean {
  const { httpProxy, httpsProxy } = proxiesOf(environment);
  return httpProxy !== '' || httpsProxy !== '';
}

/** The status has arrived and tells what the server did: a body that breaks off is an answer too. */
async function readCapped(answer: AsyncIterable<Buffer>): Promise<{ text: string; truncated: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  let truncated = false;
  try {
    for await (const part of answer) {
      parts.push(part);
      length += part.length;
      truncated = length > maximumAnswerBytes;
      if (truncated) break;
    }
  } catch {
    truncated = true;
  }
  return { text: Buffer.concat(parts).toString('utf8', 0, maximumAnswerBytes), truncated };
}

/** Shorter keys are no keys, and would be found in every answer. */
const shortestSecret = 8;

function withoutSecret(text: string, secret: string): string {
  return secret.length < shortestSecret ? text : text.replaceAll(secret, '[key]');
}

function singleValues(headers: Dispatcher.ResponseData['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

function asTransportError(error: unknown): TransportError {
  const code = codeOf(error) ?? codeOf(causeOf(error)) ?? 'UNKNOWN';
  // The message of a client library may quote a header, and with it the key: only the code is shown.
  return new TransportError(code, `no answer (${code})`, error);
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
