import type { RateLimit } from '../upload/rate-limit.js';
import type { TraceProtocol } from './trace-protocol.js';

/** What a server answered, already read and capped. */
export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  /** True where the body was longer than the cap or ended early. */
  truncated: boolean;
}

/** What an answer means for the batch and for the run. */
export type Verdict =
  /** The server took the batch, or part of it. */
  | {
      kind: 'accepted';
      /** Its own count of spans; undefined where it reports none. */
      ingested: number | undefined;
      /** Spans that it says it left out, without naming them. */
      rejected: number;
      /** Traces that it names. */
      traceIds: readonly string[];
      /** Its words about spans that it did not take. */
      errors: readonly string[];
    }
  /** Nothing was stored, since the destination holds it already. */
  | { kind: 'exists'; reason: string }
  /** 2xx, but nothing in it can be read as an acknowledgement. */
  | { kind: 'unconfirmed'; reason: string }
  /** Worth another try. `retryAfter`: milliseconds that the server asks for. */
  | { kind: 'retry'; reason: string; retryAfter: number | undefined; throttled: boolean }
  /** The batch is too large as a whole. */
  | { kind: 'too-large'; reason: string }
  /** Nothing of the batch was stored because something in it is wrong. */
  | { kind: 'invalid'; reason: string }
  /** The destination will not take anything from this run. */
  | { kind: 'stop'; code: string; reason: string; hint: string; exit: 'credentials' | 'destination' }
  /** Refused by something that does not look like the API: one more try, then `stop`. */
  | { kind: 'suspicious'; code: string; reason: string; hint: string };

/** A destination: how a batch becomes a request and what the answers mean. A new destination is a new file here. */
export interface Target {
  readonly name: string;
  /** The address that batches are posted to. */
  endpoint(baseUrl: string): string;
  /** Stands before the first span, between two, and after the last. */
  readonly frame: { open: string; separator: string; close: string };
  headers(key: string): Record<string, string>;
  /** `now` in milliseconds since the epoch, for dates in headers. */
  judge(answer: Answer, now: number): Verdict;
  /**
   * What the destination is known to bear, where the user names no limit on requests. `isKept`: requests are held to it,
   * but for those of a rehearsal; else a dry run only estimates by it.
   */
  readonly usualRate: { limit: RateLimit; isKept: boolean };
  /**
   * How the destination is fed where it takes each trace by itself, in a shape of its own. Left out: spans of any traces
   * share a request, as the bytes that the plan has for them.
   */
  readonly traces?: TraceProtocol;
}
