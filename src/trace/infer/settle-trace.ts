import type { Edge } from '../edge.js';
import { cycles, type createWalks } from '../cycles.js';
import { noSpan, type TraceIndex } from '../trace-index.js';
import { chooseParents, confidentFrom, type Choices } from './choices.js';
import type { ParentTally } from './name-pairs.js';
import { matchParallelSteps } from './parallel-steps.js';
import type { InferenceRules } from './rules.js';
import type { TraceCandidates } from './trace-candidates.js';

/**
 * Chooses the parents of a trace's spans and gives them to the index, those that are certain enough. No span becomes its
 * own ancestor: of a cycle, the inferred edge that is the least certain is left out. One of edges that rows name is left
 * to the lint. `walks` is for all traces of the index.
 */
export function settleTrace(
  index: TraceIndex,
  members: Uint32Array,
  trace: TraceCandidates,
  tally: ParentTally,
  minConfidence: number,
  rules: InferenceRules,
  walks: ReturnType<typeof createWalks>,
): void {
  const choices = chooseParents(trace, tally, rules);
  if (rules.parallelSteps) matchParallelSteps(trace, choices);
  const { spans, size } = trace.view;
  const chosen = new Map<number, number>();
  for (let position = 0; position < size; position++) {
    const isCertainEnough = choices.confidences[position]! >= minConfidence;
    if (choices.parents[position]! >= 0 && isCertainEnough) chosen.set(spans[position]!, position);
  }
  const up = (span: number): number => {
    const position = chosen.get(span);
    const parent = position === undefined ? index.parentOf(span) : spans[choices.parents[position]!]!;
    return parent !== noSpan && index.isDefined(parent) ? parent : noSpan;
  };
  for (const cycle of cycles(members, up, walks)) {
    const weakest = weakestOf(cycle, chosen, choices);
    if (weakest !== undefined) chosen.delete(weakest);
  }
  for (const [span, position] of chosen) {
    index.inferParent(span, spans[choices.parents[position]!]!, edgeOf(choices, position));
  }
}

/** Undefined where rows name all edges of the cycle. */
function weakestOf(
  cycle: readonly number[],
  chosen: ReadonlyMap<number, number>,
  { confidences }: Choices,
): number | undefined {
  let weakest: number | undefined;
  let least = Infinity;
  for (const span of cycle) {
    const position = chosen.get(span);
    const confidence = position === undefined ? Infinity : confidences[position]!;
    if (confidence >= least) continue;
    weakest = span;
    least = confidence;
  }
  return weakest;
}

function edgeOf(choices: Choices, position: number): Edge {
  const confidence = choices.confidences[position]!;
  if (confidence >= confidentFrom) return { origin: 'time', candidates: 1, confidence };
  return { origin: 'ambiguous', candidates: Math.max(2, choices.candidates[position]!), confidence };
}
