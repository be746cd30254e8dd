import { isNamedAsTrace } from '../../span/label.js';
import { candidateAt, candidateLimit } from './candidates.js';
import { isConcurrent } from './concurrency.js';
import { isPlausibleNesting, type ImportEvidence } from './import-evidence.js';
import { innermostModelCalls, lastInModelCall } from './model-calls.js';
import type { NestedTrace } from './nested-trace.js';
import type { InferenceRules } from './rules.js';
import { durationOf, haveEqualTimes, type TraceView } from './trace-view.js';

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

/** Without the rule of rows: rows of parents come a little more often first. */
const parentsFirstByDefault = 0.6;

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
  trace: NestedTrace,
  evidence: ImportEvidence,
  rules: InferenceRules,
): TimeEvidence {
  const { size } = trace.view;
  const weighed: TimeEvidence = {
    likelihoods: new Float32Array(size * candidateLimit),
    sequential: new Uint8Array(size * candidateLimit),
    duringModelCall: new Uint8Array(size),
  };
  const innermost = rules.modelCalls ? innermostModelCalls(trace) : undefined;
  const share = rules.rowOrder ? evidence.shareOfParentsFirst : parentsFirstByDefault;
  for (let position = 0; position < size; position++) {
    const lastInside = innermost === undefined ? -1 : lastInModelCall(trace, innermost, position);
    if (lastInside >= 0) weighed.duringModelCall[position] = 1;
    const factor = weighEquals(trace, weighed, position, share, rules);
    weighEnclosing(trace, weighed, position, factor, lastInside, evidence, rules);
  }
  return weighed;
}

/** Gives the factor that is left for the candidates that enclose the span for certain. */
function weighEquals(
  { view, candidates }: NestedTrace,
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
  trace: NestedTrace,
  weighed: TimeEvidence,
  position: number,
  startFactor: number,
  lastInside: number,
  evidence: ImportEvidence,
  rules: InferenceRules,
): void {
  const { view, candidates, names, pairs } = trace;
  const count = candidates.counts[position]!;
  let factor = startFactor;
  for (let rank = candidates.equals[position]!; rank < count; rank++) {
    const parent = candidateAt(candidates, position, rank);
    const slot = position * candidateLimit + rank;
    const nesting = rules.overlaps ? evidence.nestingOf(pairs[slot]!) : 1;
    const step = isPlausibleNesting(nesting) ? stepBeyond(trace, position, rank, rules) : Step.concurrent;
    weighed.sequential[slot] = step === Step.sequential ? 1 : 0;
    weighed.likelihoods[slot] =
      factor *
      nesting *
      (rank <= lastInside ? Factor.modelCall : 1) *
      (candidates.skewed[position] === 1 ? Factor.skewed : 1) *
      (rules.sameName && names[position] === names[parent] ? Factor.sameName : 1);
    // Of candidates with equal times none is nearer than the other.
    const isTied =
      rank + 1 < count && haveEqualTimes(view, parent, candidateAt(candidates, position, rank + 1));
    if (rank > lastInside && !isTied) factor *= step;
  }
}

function stepBeyond(trace: NestedTrace, position: number, rank: number, rules: InferenceRules): number {
  const { view, candidates } = trace;
  if (rules.concurrency && isConcurrent(trace, position, rank)) return Step.concurrent;
  const parent = candidateAt(candidates, position, rank);
  const touchesEnd = view.ends[position] === view.ends[parent];
  const touchesStart = durationOf(view, position) === 0 && view.starts[position] === view.starts[parent];
  return touchesEnd || touchesStart ? Step.touching : Step.sequential;
}
