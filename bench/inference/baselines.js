/** @typedef {import('./known-trace.js').KnownSpan} KnownSpan */
/** @typedef {import('./known-trace.js').KnownTrace} KnownTrace */

/** @param {KnownSpan} span */
const endOf = ({ start, end }) => (Number.isNaN(end) ? start : end);

/** @param {KnownSpan} span */
const durationOf = (span) => endOf(span) - span.start;

/**
 * Rows by their start, the longer first where two start together, in the order of the rows where they are equal.
 *
 * @param {KnownTrace} trace
 */
function outerFirst(trace) {
  return trace
    .map((span, row) => ({ span, row }))
    .sort((one, other) => one.span.start - other.span.start || durationOf(other.span) - durationOf(one.span));
}

/**
 * Everything under the span that starts first.
 *
 * @param {KnownTrace} trace
 * @returns {(number | undefined)[]} Parents by row.
 */
export function underRoot(trace) {
  const root = outerFirst(trace)[0]?.row;
  return trace.map((_, row) => (row === root ? undefined : root));
}

/**
 * The shortest span that encloses this one; of two equal spans the first row encloses the other.
 *
 * @param {KnownTrace} trace
 * @returns {(number | undefined)[]} Parents by row.
 */
export function tightest(trace) {
  return trace.map((span, row) => {
    /** @type {number | undefined} */
    let best;
    trace.forEach((other, candidate) => {
      if (other.start > span.start || endOf(other) < endOf(span)) return;
      if (durationOf(other) === durationOf(span) && candidate >= row) return;
      const shortest = best === undefined ? Infinity : durationOf(trace[best] ?? other);
      if (durationOf(other) <= shortest) best = candidate;
    });
    return best;
  });
}

/**
 * One walk over the spans by start, the longer first: what ends before a span ends is left for good, and the parent is
 * what was met last of the rest.
 *
 * @param {KnownTrace} trace
 * @returns {(number | undefined)[]} Parents by row.
 */
export function stack(trace) {
  /** @type {(number | undefined)[]} */
  const parents = trace.map(() => undefined);
  /** @type {{ span: KnownSpan, row: number }[]} */
  const open = [];
  for (const each of outerFirst(trace)) {
    while (endOf(open.at(-1)?.span ?? each.span) < endOf(each.span)) open.pop();
    parents[each.row] = open.at(-1)?.row;
    open.push(each);
  }
  return parents;
}

/** Titles, and who finds the parents. */
export const baselines = /** @type {const} */ ([
  ['under root', underRoot],
  ['tightest', tightest],
  ['stack', stack],
]);
