import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

import { validateSpans, type IngestSpan } from '../../src/sandbox/validate.js';

/** What the server does with one request. `delay`: milliseconds before the client hears of it. */
export type Fate = { delay: number } & (
  | { kind: 'accept' | 'unavailable' | 'reset-before-body' | 'reset-before-store' }
  /** The spans are stored, and the client does not learn of it. */
  | { kind: 'reset-after-store' | 'gateway-timeout' }
  /** Stored, and acknowledged by an answer that breaks off. */
  | { kind: 'cut-answer' }
  | { kind: 'throttle'; retryAfter: number }
);

/** A body that arrived in full. */
export interface ReceivedBody {
  /** 1-based, in order of arrival. */
  readonly number: number;
  /** Of the connection that it came by; connections are numbered as they are made. */
  readonly connection: number;
  /** Trace and span id of each span. */
  readonly keys: readonly string[];
  /** True where the server holds its spans. */
  stored: boolean;
  /** True once an acknowledgement has been handed to the system. */
  acknowledged: boolean;
  /** True where the client has no way to know that the spans were stored. */
  lost: boolean;
}

/** A span that was stored again. */
export interface Repeat {
  key: string;
  earlier: ReceivedBody;
  later: ReceivedBody;
}

interface ServerEvents {
  /** A request began; its body is still to come. */
  began: [];
  received: [ReceivedBody];
  /** The answer has left. */
  answered: [ReceivedBody];
}

/**
 * An ingest endpoint that keeps the documented contract, does with each request what its fate says, and remembers of
 * every body that it received in full which spans were in it, by which connection it came, and what its client can know.
 */
export class IngestServer {
  readonly events = new EventEmitter<ServerEvents>();
  readonly bodies: ReceivedBody[] = [];
  /** Every span that it holds, by trace and span id. */
  readonly spans = new Map<string, IngestSpan>();
  readonly repeats: Repeat[] = [];
  /** What a client did against the contract. */
  readonly violations: string[] = [];
  /** Requests that are open. */
  inFlight = 0;
  /** Times that a fate other than acceptance was dealt. */
  faults = 0;
  fate: () => Fate = () => ({ kind: 'accept', delay: 0 });
  /** Larger bodies get a 413. */
  largestBody = Infinity;
  /** True while the server stores nothing more: what it had not stored when a client died is gone with it. */
  deaf = false;

  private readonly storedIn = new Map<string, ReceivedBody>();
  private readonly connections = new Map<Socket, number>();
  private connectionCount = 0;
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch(() => response.destroy());
  });

  async listen(): Promise<void> {
    // Longer than any client keeps an idle connection.
    this.server.keepAliveTimeout = 120_000;
    this.server.on('connection', (socket) => {
      this.connectionCount += 1;
      this.connections.set(socket, this.connectionCount);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Resolves once everything that dead clients left on the wire has been read. */
  async quiet(): Promise<void> {
    while (this.connections.size > 0 || this.inFlight > 0) await setTimeout(2);
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.inFlight += 1;
    try {
      this.events.emit('began');
      const fate = this.fate();
      if (fate.kind !== 'accept') this.faults += 1;
      if (fate.kind === 'reset-before-body' || this.deaf) {
        request.socket.resetAndDestroy();
        return;
      }
      const bytes = await buffer(request);
      const spans = this.validate(request, bytes);
      const body = this.receive(request, spans);
      if (bytes.length > this.largestBody) {
        this.faults += 1;
        await answer(response, 413, { detail: 'Request body too large' });
        return;
      }
      // Every other body is stored at the end of the delay, so that a client may die before it.
      const storesLate = body.number % 2 === 0;
      if (storesLate) await pass(fate.delay, response);
      if (this.deaf) return;
      const storing = !(fate.kind in turnsAway);
      if (storing) this.store(body, spans);
      body.lost = fate.kind === 'reset-after-store' || fate.kind === 'gateway-timeout';
      if (!storesLate) await pass(fate.delay, response);
      body.acknowledged = (await reply(fate, body, response)) && storing && !body.lost;
      if (body.acknowledged) this.events.emit('answered', body);
    } finally {
      this.inFlight -= 1;
    }
  }

  private receive(request: IncomingMessage, spans: readonly IngestSpan[]): ReceivedBody {
    const body: ReceivedBody = {
      number: this.bodies.length + 1,
      connection: this.connections.get(request.socket) ?? 0,
      keys: spans.map(keyOf),
      stored: false,
      acknowledged: false,
      lost: false,
    };
    if (new Set(body.keys).size < body.keys.length) this.violations.push('a span twice in one body');
    this.bodies.push(body);
    this.events.emit('received', body);
    return body;
  }

  private validate({ method, url, headers }: IncomingMessage, bytes: Buffer): IngestSpan[] {
    if (method !== 'POST' || url !== '/v1/traces/ingest') this.violations.push(`${method} ${url}`);
    if (headers.authorization !== 'Bearer test-key') this.violations.push('no key');
    if (headers['content-type'] !== 'application/json') this.violations.push('not announced as JSON');
    const sent: unknown = JSON.parse(bytes.toString());
    const validated = validateSpans(Array.isArray(sent) ? sent : [sent], bytes.length);
    if ('spans' in validated) return validated.spans;
    this.violations.push(JSON.stringify(validated.errors));
    return [];
  }

  private store(body: ReceivedBody, spans: readonly IngestSpan[]): void {
    for (const span of spans) {
      const key = keyOf(span);
      const earlier = this.storedIn.get(key);
      if (earlier !== undefined) this.repeats.push({ key, earlier, later: body });
      this.storedIn.set(key, body);
      this.spans.set(key, span);
    }
    body.stored = true;
  }
}

/** Fates that come before the spans are stored. */
const turnsAway = {
  throttle: true,
  unavailable: true,
  'reset-before-body': true,
  'reset-before-store': true,
};

function keyOf({ trace_unique_id, span_unique_id }: IngestSpan): string {
  return `${trace_unique_id}\n${span_unique_id}`;
}

function acknowledgement({ keys }: ReceivedBody): Record<string, unknown> {
  const traces = [...new Set(keys.map((key) => key.split('\n')[0]))];
  return {
    status: 'ok',
    ingested_spans: keys.length,
    created_traces: traces.length,
    trace_ids: traces,
    errors: [],
  };
}

/** Nobody waits for the answer to a client that died. */
async function pass(delay: number, response: ServerResponse): Promise<void> {
  if (delay > 0 && !response.destroyed) await Promise.race([setTimeout(delay), once(response, 'close')]);
}

/** True where the answer has left; false where the client was gone or the connection was cut. */
async function reply(fate: Fate, body: ReceivedBody, response: ServerResponse): Promise<boolean> {
  switch (fate.kind) {
    case 'accept':
      return answer(response, 200, acknowledgement(body));
    case 'cut-answer':
      return cutAnswer(response);
    case 'throttle': {
      const { retryAfter } = fate;
      const words = { detail: 'Rate limit exceeded', retry_after: retryAfter };
      return answer(response, 429, words, { 'retry-after': String(retryAfter) });
    }
    case 'unavailable':
      return answer(response, 503, { detail: 'Service unavailable' });
    case 'gateway-timeout':
      return answer(response, 504, { detail: 'Gateway timeout' });
    case 'reset-before-body':
    case 'reset-before-store':
    case 'reset-after-store':
      response.socket?.resetAndDestroy();
      return false;
  }
}

async function answer(
  response: ServerResponse,
  status: number,
  words: unknown,
  headers: Record<string, string> = {},
): Promise<boolean> {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  return leaves(response, (left) => response.end(JSON.stringify(words), left));
}

async function cutAnswer(response: ServerResponse): Promise<boolean> {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
  const left = await leaves(response, (left) => response.write('{"status":', left));
  response.destroy();
  return left;
}

async function leaves(response: ServerResponse, write: (left: () => void) => void): Promise<boolean> {
  if (response.destroyed) return false;
  return new Promise((resolve) => {
    response.once('close', () => resolve(false));
    write(() => resolve(true));
  });
}
