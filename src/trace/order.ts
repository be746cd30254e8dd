import { noSpan, type TraceIndex } from './trace-index.js';

/**
 * Yields the defined spans of one trace after another: traces in the order of their first appearance, parents before
 * children and otherwise by start time. Edges must be free of cycles (see `lintParents`). Walks without recursion.
 */
export function* spansByTrace(index: TraceIndex): Generator<number[]> {
  for (const members of membersByTrace(index)) yield parentsFirst(index, members);
}

/** The same, the spans of a trace in the order in which they were first mentioned. */
export function* membersByTrace(index: TraceIndex): Generator<number[]> {
  const { spans, firstOfTrace } = groupByTrace(index);
  for (let trace = 0; trace < index.traceCount; trace++) {
    const members = Array.from(spans.subarray(firstOfTrace[trace], firstOfTrace[trace + 1]));
    if (members.length > 0) yield members;
  }
}

/** The same without the spans that the destination holds already. */
export function* unsentTraces(index: TraceIndex): Generator<readonly number[]> {
  for (const trace of spansByTrace(index)) yield trace.filter((span) => !index.isImported(span));
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

function parentsFirst(index: TraceIndex, members: number[]): number[] {
  members.sort((left, right) => index.startOrder(left) - index.startOrder(right) || left - right);
  const ordered = new Set<number>();
  const ancestors: number[] = [];
  for (const member of members) {
    for (
      let span = member;
      span !== noSpan && index.isDefined(span) && !ordered.has(span);
      span = index.parentOf(span)
    ) {
      ancestors.push(span);
    }
    for (let span = ancestors.pop(); span !== undefined; span = ancestors.pop()) ordered.add(span);
  }
  return [...ordered];
}
