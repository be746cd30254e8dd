import { noSpan, type TraceIndex } from './trace-index.js';

/** Parents of these spans, in their trace, that are not among them. `isGone`: of a span that no other may name. */
export function parentsBeside(
  index: TraceIndex,
  spans: readonly number[],
  isGone: (span: number) => boolean,
): number[] {
  const among = new Set(spans);
  const parents = new Set<number>();
  for (const span of spans) {
    const parent = index.parentOf(span);
    if (parent === noSpan || among.has(parent) || !index.isDefined(parent) || isGone(parent)) continue;
    if (index.traceOf(parent) === index.traceOf(span)) parents.add(parent);
  }
  return [...parents];
}
