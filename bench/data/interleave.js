const tracesOpenAtOnce = 40;

/**
 * Spans of about forty traces in turn, as a busy application writes them, until it is enough; the traces that are open
 * then are still finished.
 *
 * @param {import('../random.js').Random} random
 * @param {import('./trace-outliner.js').TraceOutliner} outliner
 * @param {() => boolean} isEnough
 * @returns {Generator<import('./trace-outliner.js').Outline>}
 */
export function* interleave(random, outliner, isEnough) {
  const unfinished = Array.from({ length: tracesOpenAtOnce }, () => outliner.outline());
  while (unfinished.length > 0) {
    const position = random.integer(0, unfinished.length - 1);
    const spans = unfinished[position] ?? [];
    const span = spans.shift();
    if (spans.length === 0) {
      if (isEnough()) unfinished.splice(position, 1);
      else unfinished[position] = outliner.outline();
    }
    if (span !== undefined) yield span;
  }
}
