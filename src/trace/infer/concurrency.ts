import { candidateAt, overlapAt, overlapLimit } from './candidates.js';
import type { NestedTrace } from './nested-trace.js';
import { encloses, haveEqualTimes } from './trace-view.js';

/** True where, within the next candidate out, another span overlaps the span or its candidate. */
export function isConcurrent(trace: NestedTrace, position: number, rank: number): boolean {
  const { view, candidates } = trace;
  const outer = nextOut(trace, position, rank);
  for (const around of [candidateAt(candidates, position, rank), position]) {
    for (let slot = 0; slot < overlapLimit; slot++) {
      const other = overlapAt(candidates, around, slot);
      if (other < 0) break;
      if (other !== position && (outer < 0 || encloses(view, outer, other))) return true;
    }
  }
  return false;
}

/** The next candidate that encloses the one at this rank and is longer; -1 where there is none. */
function nextOut({ view, candidates }: NestedTrace, position: number, rank: number): number {
  const parent = candidateAt(candidates, position, rank);
  for (let next = rank + 1; next < candidates.counts[position]!; next++) {
    const outer = candidateAt(candidates, position, next);
    if (encloses(view, outer, parent) && !haveEqualTimes(view, outer, parent)) return outer;
  }
  return -1;
}
