import type { TraceIndex } from './trace-index.js';

/**
 * Yields the defined spans of one trace after another, each as a view that is valid for as long as the generator:
 * traces in the order of their first appearance, spans in the order of their numbers.
 */
export function* membersByTrace(index: TraceIndex): Generator<Uint32Array> {
  const { spans, firstOfTrace } = groupByTrace(index);
  for (let trace = 0; trace < index.traceCount; trace++) {
    const members = spans.subarray(firstOfTrace[trace], firstOfTrace[trace + 1]);
    if (members.length > 0) yield members;
  }
}

/** A counting sort: stable, and 4 bytes a span. */
function groupByTrace(index: TraceIndex): { spans: Uint32Array; firstOfTrace: Uint32Array } {
  const firstOfTrace = new Uint32Array(index.traceCount + 1);
  for (let span = 0; span < index.mentioned; span++) {
    if (index.isDefined(span)) firstOfTrace[index.traceOf(span) + 1]! += 1;
  }
  for (let trace = 0; trace < index.traceCount; trace++) firstOfTrace[trace + 1]! += firstOfTrace[trace]!;
  const spans = new Uint32Array(index.defined);
  const next = firstOfTrace.slice();
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const trace = index.traceOf(span);
    spans[next[trace]!] = span;
    next[trace]! += 1;
  }
  return { spans, firstOfTrace };
}
