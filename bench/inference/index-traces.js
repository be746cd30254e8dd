import { labelOf, noSpan, TraceIndex } from './engine.js';

/** Nobody reads the bytes of these spans. */
export const noBody = /** @type {const} */ ({
  kind: 'input',
  offset: 0,
  length: 0,
  checksum: 0,
  rowLength: 0,
});

/**
 * The traces as a plan would hold them whose rows name no parents: in the order of their rows, without a hint at who is
 * the root.
 *
 * @param {readonly import('./known-trace.js').KnownTrace[]} traces
 */
export function indexTraces(traces) {
  const index = new TraceIndex();
  const numbers = traces.map((spans, position) => {
    const trace = index.internTrace(`trace ${position}`);
    return spans.map((known, row) => {
      const span = index.internSpan(trace, `span ${row}`);
      const { start, end } = known;
      const entry = {
        parent: noSpan,
        parentIsTraceId: false,
        start,
        end,
        line: row + 1,
        parentByPath: false,
      };
      index.define(span, { ...entry, label: hiddenLabel(known) }, noBody);
      return span;
    });
  });
  return { index, numbers };
}

/**
 * What was inferred, by position in the traces.
 *
 * @param {ReturnType<typeof indexTraces>} indexed
 * @returns {import('./known-trace.js').Answer[][]}
 */
export function answersOf({ index, numbers }) {
  return numbers.map((spans) => {
    const rows = new Map(spans.map((span, row) => [span, row]));
    return spans.map((span) => {
      const { origin, confidence } = index.edgeOf(span);
      const parent = rows.get(index.parentOf(span));
      return {
        parent,
        confident: parent !== undefined && origin === 'time',
        ambiguous: parent !== undefined && origin === 'ambiguous',
        confidence,
      };
    });
  });
}

/** @param {import('./known-trace.js').KnownSpan} span */
function hiddenLabel({ name, type, workflow }) {
  const fields = { span_name: name, log_type: type, span_workflow_name: workflow };
  return labelOf(fields, { namesParent: false, typedAsRoot: false });
}
