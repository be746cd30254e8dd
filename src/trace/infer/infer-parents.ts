import { createWalks } from '../cycles.js';
import type { TraceIndex } from '../trace-index.js';
import { candidateLimit } from './candidates.js';
import { ImportEvidence } from './import-evidence.js';
import { learnNames } from './learn-names.js';
import { nestTrace, type NestedTrace } from './nested-trace.js';
import { allRules, type InferenceRules } from './rules.js';
import { settleTrace } from './settle-trace.js';
import { weighTimes } from './time-evidence.js';
import { fitNames, type TraceCandidates } from './trace-candidates.js';
import { tracesToInfer, type InferenceMode } from './traces-to-infer.js';

export interface InferenceOptions {
  mode: InferenceMode;
  /** Between 0 and 1: spans whose parent is less certain stay roots. */
  minConfidence: number;
  /** For measurements: all are in force where it is left out. */
  rules?: InferenceRules;
}

/** Names are learned from so many spans without a parent, the first ones; others are judged by what was learned. */
const learnedFrom = 100_000;

/**
 * Finds parents for spans that name none, from their times, names, kinds and rows. An edge that a row states is never
 * changed.
 *
 * A parent must enclose its child. Of the spans that do, the one that started last is the parent in a trace that one
 * thread left; where spans around overlap, the choice is open, and what is known of steps of these names elsewhere in
 * the import decides. What follows from little is marked as ambiguous, with the number of candidates.
 *
 * - A span without an end is an event at its start; an event is no parent. Nor is a span of no length, unless all times
 *   of the trace are whole seconds: then it may have taken one.
 * - A span without any time stays a root, and so does one that nothing encloses: a trace may have several roots.
 * - Where nothing encloses a span, one that does but for 5 ms, at most a tenth of either, is taken for its parent.
 * - Spans with equal times nest in the order in which rows of parents and children come elsewhere in the import; those
 *   of one name, and more than 16, are siblings.
 *
 * Takes O(n log n) in the spans of a trace. What published methods for the same problem assume, and what was taken:
 * - WAP5 (Reynolds et al., WWW 2006) links messages that tell no durations, by how likely their delay is for a pair of
 *   nodes. Spans tell durations, which leave few candidates. Taken: likelihoods per pair of steps, over all traces.
 * - vPath (Tak et al., USENIX 2009) follows threads: a synchronous call is made by what its thread was doing. Taken as
 *   the rule for traces without overlaps; spans name no threads.
 * - TraceWeaver (Ashok et al., SIGCOMM 2024) optimises over all spans of a call graph at once, learning in turns from
 *   its own answers. Taken: learning in turns, and matching parallel steps together. It needs the call graph; here it
 *   is what is learned.
 */
export function inferParents(index: TraceIndex, options: InferenceOptions): void {
  const rules = options.rules ?? allRules;
  const { learnt, others } = splitForLearning(tracesToInfer(index, options.mode));
  if (learnt.length === 0) return;

  const evidence = new ImportEvidence();
  evidence.meet(index);
  evidence.addStated(index);
  const nest = (members: Uint32Array): NestedTrace => nestTrace(index, members, evidence.numbers, rules.skew);
  const nested = learnt.map(nest);
  for (const trace of nested) evidence.addTimes(trace);

  const traces = nested.map((trace) => weigh(trace, evidence, rules));
  const tally = rules.names ? learnNames(traces, evidence.stated) : evidence.stated;
  const walks = createWalks();
  const settle = (members: Uint32Array, trace: TraceCandidates): void =>
    settleTrace(index, members, trace, tally, options.minConfidence, rules, walks);
  for (const [place, trace] of traces.entries()) settle(learnt[place]!, trace);
  for (const members of others) {
    const trace = weigh(nest(members), evidence, rules);
    if (rules.names) fitNames(trace, tally, false);
    settle(members, trace);
  }
}

/** The first traces, of which names are learned, and those that are judged by what was learned. */
function splitForLearning(traces: Iterable<Uint32Array>): { learnt: Uint32Array[]; others: Uint32Array[] } {
  const learnt: Uint32Array[] = [];
  const others: Uint32Array[] = [];
  let spans = 0;
  for (const members of traces) {
    (spans < learnedFrom ? learnt : others).push(members);
    spans += members.length;
  }
  return { learnt, others };
}

function weigh(trace: NestedTrace, evidence: ImportEvidence, rules: InferenceRules): TraceCandidates {
  const { size } = trace.view;
  const fits = new Float32Array(size * candidateLimit).fill(1);
  return { ...trace, times: weighTimes(trace, evidence, rules), fits, bestFits: new Float32Array(size) };
}
