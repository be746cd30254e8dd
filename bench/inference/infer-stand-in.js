/** The rules of the inference that can be switched off, as they are by default. */
export const defaultRules = { ties: true };

/**
 * Stands in until the import itself infers parents: the walk of the baseline `stack`.
 *
 * @param {import('../../src/trace/trace-index.js').TraceIndex} index
 * @param {{ mode: 'auto' | 'always' | 'never', minConfidence: number, rules?: Record<string, boolean | number> }} options
 */
export function inferParents(index, options) {
  /** @type {Map<number, number[]>} */
  const byTrace = new Map();
  for (let span = 0; span < index.mentioned; span += 1) {
    const spans = byTrace.get(index.traceOf(span)) ?? [];
    spans.push(span);
    byTrace.set(index.traceOf(span), spans);
  }
  for (const spans of byTrace.values()) {
    spans.sort((a, b) => index.startOf(a) - index.startOf(b) || index.endOf(b) - index.endOf(a));
    /** @type {number[]} */
    const open = [];
    for (const span of spans) {
      while (index.endOf(open.at(-1) ?? span) < index.endOf(span)) open.pop();
      const parent = open.at(-1);
      open.push(span);
      if (parent === undefined) continue;
      const isTie = index.startOf(parent) === index.startOf(span) && options.rules?.['ties'] !== false;
      const confidence = isTie ? 0.5 : 0.95;
      const origin = confidence < options.minConfidence ? 'ambiguous' : 'time';
      index.inferParent(span, parent, { origin, candidates: isTie ? 2 : 1, confidence });
    }
  }
}
