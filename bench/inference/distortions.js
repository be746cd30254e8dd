/** @typedef {import('./sketch.js').SketchedSpan} SketchedSpan */
/** @typedef {import('../random.js').Random} Random */

/**
 * @param {SketchedSpan[]} spans
 * @param {(one: SketchedSpan, other: SketchedSpan) => number} compare
 * @returns {SketchedSpan[]} The same spans in another order of rows; of equal ones the order stays.
 */
function inOrder(spans, compare) {
  const order = spans.map((span, before) => ({ span, before })).sort((a, b) => compare(a.span, b.span));
  /** @type {Map<number | undefined, number>} */
  const rows = new Map(order.map(({ before }, row) => [before, row]));
  return order.map(({ span }) => ({ ...span, parent: rows.get(span.parent) }));
}

/**
 * As a log is written: a row when a span begins.
 *
 * @param {SketchedSpan[]} spans
 */
export function startedFirst(spans) {
  return inOrder(spans, (one, other) => one.start - other.start);
}

/**
 * As span processors export: a row when a span ends, children before their parents.
 *
 * @param {SketchedSpan[]} spans
 */
export function endedFirst(spans) {
  // Backwards, so that of two spans which end together the inner one comes first.
  const last = spans.length - 1;
  const backwards = spans
    .map((span) => ({ ...span, parent: span.parent === undefined ? undefined : last - span.parent }))
    .toReversed();
  return inOrder(backwards, (one, other) => one.end - other.end);
}

/**
 * Times cut to a multiple of so many microseconds.
 *
 * @param {SketchedSpan[]} spans
 * @param {number} micros
 */
export function atResolution(spans, micros) {
  const cut = (/** @type {number} */ time) => Math.floor(time / micros) * micros;
  return spans.map((span) => ({ ...span, start: cut(span.start), end: cut(span.end) }));
}

/** How far the clock of a service may be from another's, in microseconds. */
export const mostSkew = 5_000;

/**
 * The spans of a service, which is what their names begin with up to a colon, by a clock of its own.
 *
 * @param {SketchedSpan[]} spans
 * @param {Random} random
 */
export function skewed(spans, random) {
  /** @type {Map<string, number>} */
  const clocks = new Map();
  return spans.map((span) => {
    const [service = ''] = span.name.split(':');
    const skew = clocks.get(service) ?? random.integer(-mostSkew / 2, mostSkew / 2);
    clocks.set(service, skew);
    return { ...span, start: span.start + skew, end: span.end + skew };
  });
}

/**
 * Some spans without an end, as programs leave them behind that were stopped.
 *
 * @param {SketchedSpan[]} spans
 * @param {Random} random
 */
export function withoutSomeEnds(spans, random) {
  return spans.map((span) => (random.chance(0.15) ? { ...span, end: Number.NaN } : span));
}
