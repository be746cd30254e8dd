import type { DrawnTrace } from '../../tree/drawn-trace.js';
import { formatCount, formatThings } from '../figures.js';
import { TreeText, type TreeTextOptions } from './tree-text.js';

/**
 * Lines of the traces that a dry run draws, and how to see what they leave out.
 *
 * @param all traces of the plan
 */
export function drawExcerpts(traces: readonly DrawnTrace[], all: number, options: TreeTextOptions): string[] {
  if (traces.length === 0) return [];
  const text = new TreeText(options);
  const lines = traces.flatMap((trace, position) => [...(position === 0 ? [] : ['']), ...text.trace(trace)]);
  const legend = text.legend();
  const isWhole = traces.length === all && !traces.some(leavesOut);
  return [
    ...lines,
    ...(legend.length === 0 && isWhole ? [] : ['']),
    ...legend,
    ...(isWhole ? [] : [moreIn(traces.length, all)]),
  ];
}

function moreIn(drawn: number, all: number): string {
  return drawn === all
    ? 'respan-import tree draws the whole of it'
    : `${formatCount(drawn)} of ${formatThings(all, 'trace')}; respan-import tree draws the others`;
}

function leavesOut({ rows }: DrawnTrace): boolean {
  return [...rows].some(({ kind, hidden }) => hidden > 0 || kind === 'folded' || kind === 'above');
}
