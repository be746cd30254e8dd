import type { Edge } from '../edge.js';
import type { TraceIndex } from '../trace-index.js';
import { cyclicEdges } from './break-cycles.js';
import { chooseParents, confidentFrom, type Choices } from './choices.js';
import type { ParentTally } from './name-pairs.js';
import { matchParallelSteps } from './parallel-steps.js';
import type { InferenceRules } from './rules.js';
import type { TraceCandidates } from './trace-candidates.js';

/** Chooses the parents of a trace's spans and gives them to the index, those that are certain enough. */
export function settleTrace(
  index: TraceIndex,
  members: Uint32Array,
  trace: TraceCandidates,
  tally: ParentTally,
  minConfidence: number,
  rules: InferenceRules,
): void {
  const choices = chooseParents(trace, tally, rules);
  if (rules.parallelSteps) matchParallelSteps(trace, choices);
  const { spans, size } = trace.view;
  const chosen = new Map<number, number>();
  for (let position = 0; position < size; position++) {
    const isCertainEnough = choices.confidences[position]! >= minConfidence;
    if (choices.parents[position]! >= 0 && isCertainEnough) chosen.set(spans[position]!, position);
  }
  const parentOf = (span: number): number => {
    const position = chosen.get(span);
    return position === undefined ? index.parentOf(span) : spans[choices.parents[position]!]!;
  };
  const confidenceOf = (span: number): number | undefined => {
    const position = chosen.get(span);
    return position === undefined ? undefined : choices.confidences[position];
  };
  for (const span of cyclicEdges(index, members, parentOf, confidenceOf)) chosen.delete(span);
  for (const [span, position] of chosen) {
    index.inferParent(span, spans[choices.parents[position]!]!, edgeOf(choices, position));
  }
}

function edgeOf(choices: Choices, position: number): Edge {
  const confidence = choices.confidences[position]!;
  if (confidence >= confidentFrom) return { origin: 'time', candidates: 1, confidence };
  return { origin: 'ambiguous', candidates: Math.max(2, choices.candidates[position]!), confidence };
}
