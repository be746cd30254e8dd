import { byteColumn } from './column.js';
import { noSpan } from './trace-index.js';

const Walk = { unseen: 0, running: 1, ended: 2 } as const;

/** Where walks have been: a byte a span. */
export const createWalks = byteColumn;

/**
 * Yields the members of each cycle, once: a walk up that meets itself has found one, a walk that meets an earlier one has
 * not. The edges may be changed between two yields. Linear, without recursion.
 *
 * @param up the span above; `noSpan` at the top
 * @param walks shared by calls for spans that do not reach each other
 */
export function* cycles(
  spans: Iterable<number>,
  up: (span: number) => number,
  walks = createWalks(),
): Generator<number[]> {
  for (const first of spans) {
    if (walks.get(first) !== Walk.unseen) continue;
    const path: number[] = [];
    let span = first;
    while (span !== noSpan && walks.get(span) === Walk.unseen) {
      walks.set(span, Walk.running);
      path.push(span);
      span = up(span);
    }
    const isCycle = span !== noSpan && walks.get(span) === Walk.running;
    for (const walked of path) walks.set(walked, Walk.ended);
    if (isCycle) yield path.slice(path.indexOf(span));
  }
}
