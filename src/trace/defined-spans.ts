import type { TraceIndex } from './trace-index.js';

/** The spans that rows define, in the order of their numbers. */
export function* definedSpans(index: TraceIndex): Generator<number> {
  for (let span = 0; span < index.mentioned; span++) if (index.isDefined(span)) yield span;
}
