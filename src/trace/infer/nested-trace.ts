import { nameOfLabel } from '../../span/label.js';
import type { TraceIndex } from '../trace-index.js';
import { candidateAt, candidateLimit, findCandidates, type Candidates } from './candidates.js';
import type { NamePairs } from './name-pairs.js';
import { viewTrace, type TraceView } from './trace-view.js';

/** A trace and how its spans lie to each other. */
export interface NestedTrace {
  view: TraceView;
  candidates: Candidates;
  /** Numbers of the spans' names, by position. */
  names: Uint32Array;
  /** As `Candidates.parents`: numbers of the pairs that a span's name and a candidate's are. */
  pairs: Uint32Array;
}

/** `skew` permits candidates that only enclose a span within the clock skew. */
export function nestTrace(
  index: TraceIndex,
  members: Uint32Array,
  numbers: NamePairs,
  skew: boolean,
): NestedTrace {
  const view = viewTrace(index, members);
  const candidates = findCandidates(view, skew);
  const names = Uint32Array.from(view.labels, (label) => numbers.nameNumber(nameOfLabel(label)));
  const pairs = new Uint32Array(view.size * candidateLimit);
  for (let position = 0; position < view.size; position++) {
    for (let rank = 0; rank < candidates.counts[position]!; rank++) {
      const parent = names[candidateAt(candidates, position, rank)]!;
      pairs[position * candidateLimit + rank] = numbers.pairNumber(names[position]!, parent);
    }
  }
  return { view, candidates, names, pairs };
}
