import { candidateLimit } from './candidates.js';
import type { ParentTally } from './name-pairs.js';
import type { NestedTrace } from './nested-trace.js';
import type { TimeEvidence } from './time-evidence.js';

/** A trace with everything that is known about who could be whose parent. */
export interface TraceCandidates extends NestedTrace {
  times: TimeEvidence;
  /** As `Candidates.parents`: how well the names of the two fit, between 0 and 1. */
  fits: Float32Array;
  /** For each span, the best fit of a candidate that encloses it and has other times. */
  bestFits: Float32Array;
}

/** How much one span of an import is believed about a name, and how well names fit of which nothing is known. */
const priorWeight = 1;
const priorFit = 0.1;

/** How likely a candidate is, beside the others of the span. */
export function weightAt(trace: TraceCandidates, position: number, rank: number): number {
  const { candidates, times, fits, bestFits } = trace;
  const slot = position * candidateLimit + rank;
  const fit = fits[slot]!;
  // Names decide between spans with equal times (see `orderEqualTimes`), and never against them.
  const isEqual = rank < candidates.equals[position]!;
  return times.likelihoods[slot]! * (isEqual ? Math.max(fit, bestFits[position]!) : fit);
}

/** The shares of the candidates of one span, which the next call overwrites. */
const shares = new Float64Array(candidateLimit);
const nothing = new Float64Array(candidateLimit);

/**
 * Shares of a span's weight, by rank. Spans with equal times have none: which of them is the outer one is asked of the
 * names, and must not answer itself.
 */
export function sharesOf(trace: TraceCandidates, position: number): Float64Array {
  const { candidates } = trace;
  const count = candidates.counts[position]!;
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    const weight = weightAt(trace, position, rank);
    sum += weight;
    shares[rank] = rank < candidates.equals[position]! ? 0 : weight;
  }
  for (let rank = 0; rank < count; rank++) shares[rank]! /= sum;
  return shares;
}

/**
 * How well the names of a span and its candidates fit, from the parents of all other spans of its name. `counted`: what
 * the span itself added to the tally with its present weights is taken out, so that no guess confirms itself.
 */
export function fitNames(trace: TraceCandidates, tally: ParentTally, counted: boolean): void {
  const { view, candidates, names, pairs, fits, bestFits } = trace;
  for (let position = 0; position < view.size; position++) {
    const count = candidates.counts[position]!;
    if (count === 0) continue;
    const first = position * candidateLimit;
    const own = counted && view.open[position] === 1 ? sharesOf(trace, position) : nothing;
    let ownTotal = 0;
    for (let rank = 0; rank < count; rank++) ownTotal += own[rank]!;
    const total = Math.max(0, tally.totals.get(names[position]!) - ownTotal) + priorWeight;
    let best = 0;
    for (let rank = 0; rank < count; rank++) {
      const pair = pairs[first + rank]!;
      let seen = tally.pairs.get(pair);
      for (let other = 0; other < count; other++) {
        if (pairs[first + other] === pair) seen -= own[other]!;
      }
      const fit = (Math.max(0, seen) + priorWeight * priorFit) / total;
      fits[first + rank] = fit;
      if (rank >= candidates.equals[position]!) best = Math.max(best, fit);
    }
    bestFits[position] = best;
  }
}
