import type { TraceIndex } from './trace-index.js';

/** From the earliest start or end to the latest, in microseconds since the epoch. */
export interface TimeWindow {
  start: number;
  end: number;
}

/** Undefined where none of the spans tells a time. */
export function timeWindowOf(index: TraceIndex, spans: Iterable<number>): TimeWindow | undefined {
  let start = Infinity;
  let end = -Infinity;
  for (const span of spans) {
    const [first, last] = [index.startOf(span), index.endOf(span)];
    if (first < start) start = first;
    if (last < start) start = last;
    if (first > end) end = first;
    if (last > end) end = last;
  }
  return start <= end ? { start, end } : undefined;
}
