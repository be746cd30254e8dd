import type { ExitCode } from '../../errors.js';
import type { DrawnTrace } from '../../tree/drawn-trace.js';
import { formatCount, formatThings } from '../figures.js';
import { toAscii } from '../terminal.js';
import { TreeText, type TreeTextOptions } from './tree-text.js';

/** What the input holds, drawn or not. */
export interface TreeTotals {
  traces: number;
  spans: number;
  rowsRead: number;
  rowsRejected: number;
  exitCode: ExitCode;
}

/**
 * Drawn traces for people, line by line.
 *
 * @param isSelection the traces are those that were asked for, not the first ones of all
 */
export function* renderTrees(
  traces: Iterable<DrawnTrace>,
  totals: TreeTotals,
  isSelection: boolean,
  options: TreeTextOptions,
): Generator<string> {
  const text = new TreeText(options);
  let drawn = 0;
  for (const trace of traces) {
    if (drawn > 0) yield '\n';
    drawn += 1;
    for (const line of text.trace(trace)) yield `${line}\n`;
  }
  const legend = text.legend('--all draws each');
  if (legend.length > 0) yield '\n';
  for (const line of legend) yield `${line}\n`;
  const closing = closingLines(totals, isSelection ? totals.traces : drawn, options);
  if (drawn > 0 && closing.length > 0) yield '\n';
  for (const line of closing) yield `${options.ascii ? toAscii(line) : line}\n`;
}

function closingLines(
  { traces, rowsRead, rowsRejected, exitCode }: TreeTotals,
  drawn: number,
  { paint }: TreeTextOptions,
): string[] {
  const lines: string[] = [];
  if (traces === 0) lines.push(`no trace: ${formatThings(rowsRead, 'row')} read, none of them became a span`);
  if (drawn < traces) {
    lines.push(
      `${formatCount(drawn)} of ${formatThings(traces, 'trace')}; --limit-traces N draws more, --trace ID one of them`,
    );
  }
  if (rowsRejected > 0) {
    const are = rowsRejected === 1 ? 'was rejected and is' : 'were rejected and are';
    lines.push(
      `${paint.bad(`${formatThings(rowsRejected, 'row')} ${are} in no trace`)} (exit code ${exitCode})`,
    );
  }
  return lines;
}
