import { answersOf, indexTraces } from './index-traces.js';
import { defaultRules, inferParents } from './infer-stand-in.js';

export { defaultRules };

/** Of an edge that is told as certain: what an import asks for where nobody says otherwise. */
const minConfidence = 0.9;

/**
 * Infers the parents in an index as an import does.
 *
 * @param {import('../../src/trace/trace-index.js').TraceIndex} index
 * @param {Record<string, boolean | number>} [rules] Other than by default.
 */
export function inferIn(index, rules) {
  inferParents(index, { mode: 'auto', minConfidence, ...(rules === undefined ? {} : { rules }) });
}

/**
 * The inference under measurement.
 *
 * @param {Record<string, boolean | number>} [rules] Other than by default.
 * @returns {import('./known-trace.js').Inference}
 */
export function inference(rules) {
  return (traces) => {
    const indexed = indexTraces(traces);
    inferIn(indexed.index, rules);
    return answersOf(indexed);
  };
}
