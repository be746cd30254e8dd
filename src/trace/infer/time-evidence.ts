import { isNamedAsTrace, Kind, kindOfLabel } from '../../span/label.js';
import { candidateAt, candidateLimit, overlapAt, overlapLimit, type Candidates } from './candidates.js';
import { isPlausibleNesting, type ImportEvidence, type NumberedNames } from './import-evidence.js';
import type { InferenceRules } from './rules.js';
import { durationOf, encloses, haveEqualTimes, type TraceView } from './trace-view.js';

/**
 * How much less likely the next candidate out is than this one. In a trace without overlaps around the span, as one
 * thread leaves it, the nearest enclosing span is the parent. Measured on traces with known parents; the exact values
 * matter little (see BENCHMARKS.md).
 */
const Step = {
  /** Nothing around overlaps. */
  sequential: 0.01,
  /** Other spans around overlap: this one may run beside the candidate by chance. */
  concurrent: 0.4,
  /** Both end at the same instant, or an event lies where the candidate starts: the order within it is not known. */
  touching: 0.5,
  /** Both have the same times, and rows come in this order elsewhere. */
  equal: 0.1,
} as const;

const Factor = {
  /** The candidate is a model call, and the span a tool or an agent. */
  modelCall: 0.3,
  sameName: 0.5,
  skewed: 0.5,
  /** A span that has the trace's name within one that has not, and the other way round. */
  rootInside: 0.05,
  rootAround: 20,
} as const;

/** What a trace's times say about each candidate. */
export interface TimeEvidence {
  /** As `Candidates.parents`: how likely each is, on no particular scale. */
  likelihoods: Float32Array;
  /** As `Candidates.parents`: 1 where nothing around overlaps, so that the order of nesting is certain. */
  sequential: Uint8Array;
  /** For each span, 1 where it is a tool or an agent during a model call. */
  duringModelCall: Uint8Array;
}

export function weighTimes(
  view: TraceView,
  candidates: Candidates,
  numbers: NumberedNames,
  evidence: ImportEvidence,
  rules: InferenceRules,
): TimeEvidence {
  const slots = view.size * candidateLimit;
  const weighed: TimeEvidence = {
    likelihoods: new Float32Array(slots),
    sequential: new Uint8Array(slots),
    duringModelCall: new Uint8Array(view.size),
  };
  const innermost = innermostModelCalls(view, candidates);
  const share = rules.rowOrder ? evidence.shareOfParentsFirst : 0.6;
  for (let position = 0; position < view.size; position++) {
    const after = weighEquals(view, candidates, weighed, position, share, rules);
    weighEnclosing(view, candidates, numbers, weighed, position, after, innermost, evidence, rules);
  }
  return weighed;
}

/** Model calls that hold no other model call; the ones around them are wrappers, which may well call tools. */
function innermostModelCalls(view: TraceView, candidates: Candidates): Uint8Array {
  const innermost = view.labels.reduce((calls, label, position) => {
    calls[position] = kindOfLabel(label) === Kind.model ? 1 : 0;
    return calls;
  }, new Uint8Array(view.size));
  for (let position = 0; position < view.size; position++) {
    if (kindOfLabel(view.labels[position]!) !== Kind.model) continue;
    for (let rank = 0; rank < candidates.counts[position]!; rank++) {
      innermost[candidateAt(candidates, position, rank)] = 0;
    }
  }
  return innermost;
}

/** Gives the factor that is left for the candidates that enclose the span for certain. */
function weighEquals(
  view: TraceView,
  candidates: Candidates,
  { likelihoods }: TimeEvidence,
  position: number,
  shareOfParentsFirst: number,
  rules: InferenceRules,
): number {
  const parentsFirst = shareOfParentsFirst >= 0.5;
  let factor = 1;
  for (let rank = 0; rank < candidates.equals[position]!; rank++) {
    const parent = candidateAt(candidates, position, rank);
    const isFirst = parent < position;
    const usual = isFirst === parentsFirst;
    const share = isFirst ? shareOfParentsFirst : 1 - shareOfParentsFirst;
    likelihoods[position * candidateLimit + rank] =
      (usual ? factor : 1) * share * (rules.traceNames ? byTraceName(view, position, parent) : 1);
    if (usual) factor *= Step.equal;
  }
  return factor;
}

function byTraceName({ labels }: TraceView, child: number, parent: number): number {
  if (isNamedAsTrace(labels[child]!)) return Factor.rootInside;
  return isNamedAsTrace(labels[parent]!) ? Factor.rootAround : 1;
}

function weighEnclosing(
  view: TraceView,
  candidates: Candidates,
  numbers: NumberedNames,
  weighed: TimeEvidence,
  position: number,
  startFactor: number,
  innermost: Uint8Array,
  evidence: ImportEvidence,
  rules: InferenceRules,
): void {
  const first = candidates.equals[position]!;
  const count = candidates.counts[position]!;
  const lastInModelCall = rules.modelCalls ? lastModelCall(view, candidates, innermost, position) : -1;
  const duringModelCall = lastInModelCall >= 0 && lastInModelCall < count - 1;
  if (duringModelCall) weighed.duringModelCall[position] = 1;

  let factor = startFactor;
  for (let rank = first; rank < count; rank++) {
    const parent = candidateAt(candidates, position, rank);
    const excluded = duringModelCall && rank <= lastInModelCall;
    const slot = position * candidateLimit + rank;
    const nesting = rules.overlaps ? evidence.nestingOf(numbers.pairs[slot]!) : 1;
    const step = stepBeyond(view, candidates, position, rank, !isPlausibleNesting(nesting), rules);
    weighed.sequential[slot] = step === Step.sequential ? 1 : 0;
    weighed.likelihoods[slot] =
      factor *
      nesting *
      (excluded ? Factor.modelCall : 1) *
      (candidates.skewed[position] === 1 ? Factor.skewed : 1) *
      (rules.sameName && numbers.names[position] === numbers.names[parent] ? Factor.sameName : 1);
    // Of candidates with equal times none is nearer than the other.
    const isTied =
      rank + 1 < count && haveEqualTimes(view, parent, candidateAt(candidates, position, rank + 1));
    if (!excluded && !isTied) factor *= step;
  }
}

/** The rank of the outermost model call that a tool or an agent lies strictly within; -1 where it lies in none. */
function lastModelCall(
  view: TraceView,
  candidates: Candidates,
  innermost: Uint8Array,
  position: number,
): number {
  const kind = kindOfLabel(view.labels[position]!);
  if (kind !== Kind.tool && kind !== Kind.agent) return -1;
  for (let rank = candidates.counts[position]! - 1; rank >= 0; rank--) {
    const parent = candidateAt(candidates, position, rank);
    const isInside =
      view.starts[parent]! < view.starts[position]! && view.ends[parent]! > view.ends[position]!;
    if (innermost[parent] === 1 && isInside) return rank;
  }
  return -1;
}

function stepBeyond(
  view: TraceView,
  candidates: Candidates,
  position: number,
  rank: number,
  isDoubtful: boolean,
  rules: InferenceRules,
): number {
  if (isDoubtful) return Step.concurrent;
  const parent = candidateAt(candidates, position, rank);
  if (rules.concurrency && isConcurrent(view, candidates, position, rank, parent)) return Step.concurrent;
  const touchesEnd = view.ends[position] === view.ends[parent];
  const touchesStart = durationOf(view, position) === 0 && view.starts[position] === view.starts[parent];
  return touchesEnd || touchesStart ? Step.touching : Step.sequential;
}

/** True where, within the next candidate out, another span overlaps the span or its candidate. */
function isConcurrent(
  view: TraceView,
  candidates: Candidates,
  position: number,
  rank: number,
  parent: number,
): boolean {
  const outer = nextOut(view, candidates, position, rank, parent);
  for (const around of [parent, position]) {
    for (let slot = 0; slot < overlapLimit; slot++) {
      const other = overlapAt(candidates, around, slot);
      if (other < 0) break;
      if (other !== position && (outer < 0 || encloses(view, outer, other))) return true;
    }
  }
  return false;
}

/** The next candidate that encloses this one and is longer; -1 where there is none. */
function nextOut(
  view: TraceView,
  candidates: Candidates,
  position: number,
  rank: number,
  parent: number,
): number {
  for (let next = rank + 1; next < candidates.counts[position]!; next++) {
    const outer = candidateAt(candidates, position, next);
    if (encloses(view, outer, parent) && !haveEqualTimes(view, outer, parent)) return outer;
  }
  return -1;
}
