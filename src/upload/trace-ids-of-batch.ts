import type { TraceIndex } from '../trace/trace-index.js';
import { readTraceId } from './read-ids.js';

/**
 * The ids of the traces of delivered spans, as they were sent. The index holds no ids: they are read from the first span
 * of each trace, unless the server has named as many as there are.
 *
 * @param bytesOf gives a span as it was sent; asked in the order of the spans
 */
export function traceIdsOfBatch(
  index: TraceIndex,
  spans: readonly number[],
  named: readonly string[],
  bytesOf: (span: number) => Buffer,
): string[] {
  const firsts = new Map<number, number>();
  let latest = -1;
  for (const span of spans) {
    const trace = index.traceOf(span);
    // Spans of a trace stand together.
    if (trace !== latest && !firsts.has(trace)) firsts.set(trace, span);
    latest = trace;
  }
  const distinct = new Set(named);
  if (distinct.size === firsts.size) return [...distinct];
  return Array.from(firsts, ([trace, span]) =>
    readTraceId(bytesOf(span), (text) => index.isTrace(trace, text)),
  );
}
