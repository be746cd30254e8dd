import { allRules, inferParents } from './engine.js';
import { answersOf, indexTraces } from './index-traces.js';

/**
 * Infers the parents in an index as an import does.
 *
 * @param {import('../../src/trace/trace-index.js').TraceIndex} index
 * @param {import('../../src/trace/infer/rules.js').InferenceRules} [rules]
 */
export function inferIn(index, rules = allRules) {
  inferParents(index, { mode: 'auto', minConfidence: 0, rules });
}

/**
 * The inference under measurement.
 *
 * @param {import('../../src/trace/infer/rules.js').InferenceRules} [rules]
 * @returns {import('./known-trace.js').Inference}
 */
export function inference(rules) {
  return (traces) => {
    const indexed = indexTraces(traces);
    inferIn(indexed.index, rules);
    return answersOf(indexed);
  };
}
