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
    for (const time of [index.startOf(span), index.endOf(span)]) {
      if (time < start) start = time;
      if (time > end) end = time;
    }
  }
  return start <= end ? { start, end } : undefined;
}
