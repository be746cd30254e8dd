import { candidateAt, candidateLimit, largestGroup } from './candidates.js';
import type { TraceCandidates } from './trace-candidates.js';
import { haveEqualTimes } from './trace-view.js';

/**
 * Decides how spans with equal times nest. Returns the rank of each span in its group, 0 for the outermost, so that of
 * two the one with the lower rank can be the parent; 0 for spans whose times are their own.
 */
export function orderEqualTimes(trace: TraceCandidates): Uint32Array {
  const { view } = trace;
  const ranks = new Uint32Array(view.size);
  for (let first = 0; first < view.size;) {
    let last = first;
    while (last + 1 < view.size && haveEqualTimes(view, first, last + 1)) last += 1;
    if (last > first && last - first < largestGroup) {
      orderGroup(trace, ranks, first, last);
    }
    first = last + 1;
  }
  return ranks;
}

/** The span that the others of its group are the least likely parents of is the outermost. */
function orderGroup(trace: TraceCandidates, ranks: Uint32Array, first: number, last: number): void {
  const left: number[] = [];
  for (let position = first; position <= last; position++) left.push(position);
  for (let rank = 0; left.length > 0; rank++) {
    let outermost = 0;
    let least = Infinity;
    for (const [place, position] of left.entries()) {
      const weight = greatestWeight(trace, position, left);
      if (weight < least) {
        least = weight;
        outermost = place;
      }
    }
    ranks[left[outermost]!] = rank;
    left.splice(outermost, 1);
  }
}

function greatestWeight(trace: TraceCandidates, position: number, among: readonly number[]): number {
  let greatest = 0;
  for (let rank = 0; rank < trace.candidates.equals[position]!; rank++) {
    if (!among.includes(candidateAt(trace.candidates, position, rank))) continue;
    greatest = Math.max(greatest, orderWeight(trace, position * candidateLimit + rank));
  }
  return greatest;
}

/** How sure it is that of two spans with equal times the candidate at this rank is the outer one, between 0 and 1. */
export function orderConfidence(trace: TraceCandidates, position: number, rank: number): number {
  const { candidates } = trace;
  const parent = candidateAt(candidates, position, rank);
  const forth = orderWeight(trace, position * candidateLimit + rank);
  for (let back = 0; back < candidates.equals[parent]!; back++) {
    if (candidateAt(candidates, parent, back) !== position) continue;
    return forth / (forth + orderWeight(trace, parent * candidateLimit + back));
  }
  return 0.5;
}

/** Unlike `weightAt`, by the names of the two alone. */
function orderWeight({ times, fits }: TraceCandidates, slot: number): number {
  return times.likelihoods[slot]! * fits[slot]!;
}
