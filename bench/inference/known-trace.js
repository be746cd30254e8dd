/**
 * @typedef {object} KnownSpan A span whose parent is known.
 * @property {string} name
 * @property {string} type Log type of the ingest contract; `workflow` and `task` say the same: a step.
 * @property {string} [workflow] Name of the workflow that the span belongs to.
 * @property {number | undefined} parent Position of the parent among the spans of the trace; undefined for a root.
 * @property {boolean} scored False where the parent is not in the file: no answer could be right.
 * @property {number} start Microseconds; NaN where unknown.
 * @property {number} end Microseconds; NaN where unknown.
 */

/**
 * @typedef {KnownSpan[]} KnownTrace In the order of the rows.
 */

/**
 * @typedef {object} KnownFile What one import would read, and would therefore infer together.
 * @property {string} name
 * @property {string} source What wrote it: an exporter, or a generator.
 * @property {Group} group
 * @property {KnownTrace[]} traces
 */

/** @typedef {'agents' | 'others' | 'generated' | 'alone' | 'folder'} Group */

/** Titles of the groups, in the order in which they are shown. */
export const groups = /** @type {const} */ ({
  agents: 'LLM and agent traces',
  others: 'other files',
  folder: 'further folder',
  generated: 'generated',
  alone: 'generated, each trace alone',
});

/**
 * @typedef {object} Answer The parent that was inferred for a span.
 * @property {number | undefined} parent Position among the spans of the trace; undefined for a root.
 * @property {boolean} confident The edge is told as certain enough to be used without a look.
 * @property {boolean} ambiguous The edge is told as one of several candidates.
 * @property {number} confidence From 0 to 1.
 */

/**
 * Answers for the spans of the traces, by position.
 *
 * @typedef {(traces: readonly KnownTrace[]) => Answer[][]} Inference
 */
