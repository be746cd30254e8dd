import type { TraceIndex } from './trace-index.js';

/** Finds the defined spans of any trace, as they are when this is made. 4 bytes a span, and as many a trace. */
export class TraceMembers {
  readonly traces: number;
  private readonly spans: Uint32Array;
  private readonly firstOfTrace: Uint32Array;

  /** A counting sort, which is stable. */
  constructor(index: TraceIndex) {
    this.traces = index.traceCount;
    const firstOfTrace = new Uint32Array(this.traces + 1);
    for (let span = 0; span < index.mentioned; span++) {
      if (index.isDefined(span)) firstOfTrace[index.traceOf(span) + 1]! += 1;
    }
    for (let trace = 0; trace < this.traces; trace++) firstOfTrace[trace + 1]! += firstOfTrace[trace]!;
    const spans = new Uint32Array(index.defined);
    const next = firstOfTrace.slice();
    for (let span = 0; span < index.mentioned; span++) {
      if (!index.isDefined(span)) continue;
      const trace = index.traceOf(span);
      spans[next[trace]!] = span;
      next[trace]! += 1;
    }
    this.spans = spans;
    this.firstOfTrace = firstOfTrace;
  }

  /** A view of their numbers, in order. */
  of(trace: number): Uint32Array {
    return this.spans.subarray(this.firstOfTrace[trace], this.firstOfTrace[trace + 1]);
  }
}

/**
 * Yields the defined spans of one trace after another, each as a view that is valid for as long as the generator:
 * traces in the order of their first appearance, spans in the order of their numbers. Spans may move to other traces
 * meanwhile.
 */
export function* membersByTrace(index: TraceIndex): Generator<Uint32Array> {
  const all = new TraceMembers(index);
  for (let trace = 0; trace < all.traces; trace++) {
    const members = all.of(trace);
    if (members.length > 0) yield members;
  }
}
