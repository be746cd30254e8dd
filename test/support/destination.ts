import type { ServerResponse } from 'node:http';

import type { Answer, ReceivedRequest } from './scripted-server.js';

/** What a destination holds: how often each span came to stay. */
export class Destination {
  private readonly arrivals = new Map<unknown, number>();

  /** Stores the spans of the request, and then answers: in full, badly or not at all. */
  storing(answer: Answer): Answer {
    return {
      play: (request, response) => {
        for (const { span_unique_id: id } of request.spans)
          this.arrivals.set(id, (this.arrivals.get(id) ?? 0) + 1);
        return answer.play(request, response);
      },
    };
  }

  get ids(): Set<unknown> {
    return new Set(this.arrivals.keys());
  }

  /** Spans that arrived more than once. */
  get repeated(): number {
    return [...this.arrivals.values()].filter((count) => count > 1).length;
  }
}

/** Bytes that no HTTP library would send: written to the connection as they are, which is closed then. */
export function raw(bytes: (request: ReceivedRequest) => string): Answer {
  return { play: (request, response) => void response.socket?.end(bytes(request)) };
}

/** An answer that begins well and never ends: `bytes` at once, then one every `milliseconds`. */
export function trickling(bytes: string, milliseconds: number): Answer {
  return {
    play(_request, response: ServerResponse) {
      const { socket } = response;
      socket?.write(bytes);
      const timer = setInterval(() => socket?.write(' '), milliseconds);
      socket?.once('close', () => clearInterval(timer));
      socket?.on('error', () => clearInterval(timer));
    },
  };
}

/** The documented answer as text. */
export function acknowledgement({ spans }: ReceivedRequest): string {
  return JSON.stringify({ status: 'ok', ingested_spans: spans.length, errors: [] });
}
