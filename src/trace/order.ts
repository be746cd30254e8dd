import { membersByTrace } from './members-by-trace.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/**
 * Yields the defined spans of one trace after another: traces in the order of their first appearance, parents before
 * children and otherwise by start time. Edges must be free of cycles (see `lintParents`). Walks without recursion.
 */
export function* spansByTrace(index: TraceIndex): Generator<number[]> {
  for (const members of membersByTrace(index)) yield parentsFirst(index, Array.from(members));
}

/** The same without the spans that the destination holds already. */
export function* unsentTraces(index: TraceIndex): Generator<readonly number[]> {
  for (const trace of spansByTrace(index)) yield trace.filter((span) => !index.isImported(span));
}

/** The defined spans of one trace in the order of `spansByTrace`. Sorts `members`. */
export function parentsFirst(index: TraceIndex, members: number[]): number[] {
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
