import type { Problem } from '../input/row.js';
import type { Span } from '../span/span.js';

/** A request to a destination with several addresses. */
export interface TargetRequest {
  url: string;
  body: Buffer;
}

/** Spans of one trace that travel together, parents before children. */
export interface TracePart {
  spans: readonly Span[];
  /** Spans that are not sent with these, but are at the destination: they may be named as parents. */
  present: readonly Span[];
  /** Of the whole trace, in microseconds since the epoch; undefined where none of its spans tells a time. */
  window: { start: number; end: number } | undefined;
  /** Of the whole trace: that of its first root, else the first that a span names. */
  session: string | undefined;
  /** Ids of those of `spans` that have others below them, wherever these travel. */
  leading: ReadonlySet<string>;
}

/** What the destination's rules do to a span, or refuse. */
export interface RuleFinding extends Problem {
  /** `note`: nothing is lost. `warn`: something is. `reject`: the span cannot be expressed. */
  level: 'note' | 'warn' | 'reject';
}

/** A span as its destination would take it. */
export interface CheckedSpan {
  /** Of the span in the request's body. */
  bytes: number;
  findings: readonly RuleFinding[];
}

/** What a destination holds of a span. */
export interface FoundSpan {
  /** How often it is there; 0 where it is not. */
  copies: number;
  /** Whether it is there as it would be sent now; undefined where the destination does not tell, or has none. */
  isSame: boolean | undefined;
}

/** Questions to a destination, one after another: each is told the JSON of the answer to the one before. */
export type Inquiry<Result> = Generator<TargetRequest, Result, unknown>;

/**
 * How a destination is fed that takes one trace a request, whatever its number of spans, changes none of them later, and
 * takes further ones of a trace one by one. `endpoint` is the address that `Target.endpoint` gave.
 */
export interface TraceProtocol {
  /** Of a request's body. */
  readonly mostBytes: number;
  /** Of each span, in order; told before anything is sent. */
  check: (part: TracePart) => readonly CheckedSpan[];
  /** Creates the trace together with these spans. */
  create(endpoint: string, part: TracePart): TargetRequest;
  /** Adds the only span of the part to its trace, which is at the destination. */
  append(endpoint: string, part: TracePart): TargetRequest;
  /** How many spans the destination holds of the trace; undefined where it holds no such trace. */
  countSpans(endpoint: string, traceId: string): Inquiry<number | undefined>;
  /** Of each span of the part, in order, what the destination holds; undefined where it holds no such trace. */
  find(endpoint: string, part: TracePart): Inquiry<readonly FoundSpan[] | undefined>;
}
