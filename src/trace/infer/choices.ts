import { candidateAt, candidateLimit } from './candidates.js';
import { orderConfidence, orderEqualTimes } from './equal-times.js';
import { unknownPair, type ParentTally } from './name-pairs.js';
import type { InferenceRules } from './rules.js';
import { weightAt, type TraceCandidates } from './trace-candidates.js';
import { durationOf, haveEqualTimes } from './trace-view.js';

/** The parent that was chosen for each span of a trace. */
export interface Choices {
  /** Positions; -1 for a root, and for a span whose row says something about its parent. */
  parents: Int32Array;
  /** Between 0 and 1. */
  confidences: Float32Array;
  /** Candidates with a share of the weight that counts, the chosen one among them. */
  candidates: Uint8Array;
}

/** From this confidence on an edge is told as certain by time; below it as ambiguous. */
export const confidentFrom = 0.8;
/** What is possible, but not what the evidence was made for, is never told as certain. */
const Most = { doubtful: 0.5, unusual: 0.6 } as const;
/** Candidates below this share of the weight are not told. */
const leastShare = 0.05;
/** Names contradict a parent where they fit another candidate this well, and so many times better. */
const contradictingFit = 0.25;
const contradiction = 2;
/** Events of one name of which less than this share has one parent could each belong to any. */
const oneParent = 0.75;
/** Two weights that differ by less are equal. */
const tolerance = 1.0001;

/** The most likely candidate of each span. */
export function chooseParents(trace: TraceCandidates, tally: ParentTally, rules: InferenceRules): Choices {
  const { view, candidates } = trace;
  const choices: Choices = {
    parents: new Int32Array(view.size).fill(-1),
    confidences: new Float32Array(view.size),
    candidates: new Uint8Array(view.size),
  };
  const ranks = orderEqualTimes(trace);
  for (let position = 0; position < view.size; position++) {
    if (view.open[position] !== 1 || candidates.counts[position] === 0) continue;
    const choice = chooseParent(trace, position, ranks);
    if (choice === undefined) continue;
    const { rank, sum } = choice;
    choices.parents[position] = candidateAt(candidates, position, rank);
    choices.confidences[position] = Math.min(
      weightAt(trace, position, rank) / sum,
      rank < candidates.equals[position]! ? orderConfidence(trace, position, rank) : 1,
      greatestConfidence(trace, position, rank, tally, rules),
    );
    choices.candidates[position] = countLikely(trace, position, ranks, sum);
  }
  return choices;
}

function isPossible(trace: TraceCandidates, position: number, rank: number, ranks: Uint32Array): boolean {
  if (rank >= trace.candidates.equals[position]!) return true;
  return ranks[candidateAt(trace.candidates, position, rank)]! < ranks[position]!;
}

function chooseParent(
  trace: TraceCandidates,
  position: number,
  ranks: Uint32Array,
): { rank: number; sum: number } | undefined {
  const { view, candidates } = trace;
  let best = -1;
  let most = 0;
  let sum = 0;
  for (let rank = 0; rank < candidates.counts[position]!; rank++) {
    if (!isPossible(trace, position, rank, ranks)) continue;
    const weight = weightAt(trace, position, rank);
    sum += weight;
    const parent = candidateAt(candidates, position, rank);
    const chosen = best < 0 ? -1 : candidateAt(candidates, position, best);
    // Of two that have the same times and weight, the inner one.
    const isInner =
      chosen >= 0 &&
      weight > most / tolerance &&
      haveEqualTimes(view, parent, chosen) &&
      ranks[parent]! > ranks[chosen]!;
    if (best < 0 || weight > most * tolerance || isInner) {
      best = rank;
      most = weight;
    }
  }
  return best < 0 ? undefined : { rank: best, sum };
}

function countLikely(trace: TraceCandidates, position: number, ranks: Uint32Array, sum: number): number {
  let likely = 0;
  for (let rank = 0; rank < trace.candidates.counts[position]!; rank++) {
    const share = weightAt(trace, position, rank) / sum;
    if (share >= leastShare && isPossible(trace, position, rank, ranks)) likely += 1;
  }
  return likely;
}

/** What the weights do not know. */
function greatestConfidence(
  trace: TraceCandidates,
  position: number,
  rank: number,
  tally: ParentTally,
  rules: InferenceRules,
): number {
  const { view, candidates, times, fits } = trace;
  const first = position * candidateLimit;
  if (rules.skew && candidates.nearMisses[position] === 1) return Most.doubtful;
  if (rules.events && durationOf(view, position) === 0) {
    const parent = candidateAt(candidates, position, rank);
    const instant = view.starts[position]!;
    // It may as well lie just before its neighbour's start, or just after its end.
    if (view.starts[parent] === instant || view.ends[parent] === instant) return Most.unusual;
    if (isScattered(trace, position, rank, tally)) return Most.doubtful;
  }
  if (times.duringModelCall[position] === 1) return Most.unusual;
  if (candidates.truncated[position] === 1 && times.sequential[first + rank] === 0) return Most.unusual;
  const bestFit = fits
    .subarray(first, first + candidates.counts[position]!)
    .reduce((a, b) => Math.max(a, b), 0);
  const isContradicted = bestFit > contradictingFit && bestFit > contradiction * fits[first + rank]!;
  return rules.names && isContradicted ? Most.unusual : 1;
}

function isScattered(
  { names, pairs }: TraceCandidates,
  position: number,
  rank: number,
  tally: ParentTally,
): boolean {
  const pair = pairs[position * candidateLimit + rank]!;
  return pair !== unknownPair && tally.pairs.get(pair) < oneParent * tally.totals.get(names[position]!);
}
