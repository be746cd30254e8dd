import type { DrawnRow, DrawnTrace } from '../../tree/drawn-trace.js';
import { cellsOf } from '../cells.js';
import { formatCount, formatDuration } from '../figures.js';
import { sanitise } from '../terminal.js';
import { besideFolded, type TreeColumns } from './columns.js';
import type { Glyphs } from './glyphs.js';
import { nameOf } from './names.js';

/** The texts of a row before they are fitted into columns, fit for a terminal. */
export interface RowText {
  row: DrawnRow;
  /** The lines that lead to the name. */
  prefix: string;
  name: string;
  /** What stands behind the name. */
  marks: string;
  kind: string;
  model: string;
  tokens: string;
  duration: string;
}

const longestValue = 255;

export function rowText(row: DrawnRow, prefix: string, marks: string, glyphs: Glyphs): RowText {
  const text = { row, prefix, name: nameOf(row, glyphs), marks };
  const none = { kind: '', model: '', tokens: '', duration: '' };
  if (row.kind === 'folded') {
    return { ...text, ...none, duration: row.duration > 0 ? durationText(row.duration, glyphs) : '' };
  }
  if (row.kind !== 'span') return { ...text, ...none };
  const { logType = '', model = '', promptTokens, completionTokens } = row.facts;
  const tokens = [promptTokens, completionTokens];
  const duration = row.end - row.start;
  return {
    ...text,
    kind: sanitise(logType, longestValue),
    model: sanitise(model, longestValue),
    tokens: tokens.every((count) => count === undefined)
      ? ''
      : tokens.map((count) => (count === undefined ? '' : formatCount(count))).join(glyphs.arrow),
    duration: Number.isNaN(duration) ? '' : durationText(duration, glyphs),
  };
}

export function durationText(micros: number, { micro }: Pick<Glyphs, 'micro'>): string {
  return formatDuration(micros).replace('µ', micro);
}

/** What each column would take to show all of these rows whole. */
export function naturalColumns(rows: readonly RowText[], { window }: DrawnTrace): TreeColumns {
  const columns: TreeColumns = { name: 1, kind: 0, model: 0, tokens: 0, duration: 0, bar: 0 };
  let foldedName = 0;
  for (const { row, prefix, name, marks, ...texts } of rows) {
    const nameCells = cellsOf(prefix) + cellsOf(name) + (marks === '' ? 0 : cellsOf(marks) + 1);
    if (row.kind === 'span') columns.name = Math.max(columns.name, nameCells);
    if (row.kind === 'folded') foldedName = Math.max(foldedName, nameCells);
    for (const column of ['kind', 'model', 'tokens', 'duration'] as const)
      columns[column] = Math.max(columns[column], cellsOf(texts[column]));
  }
  columns.name = Math.max(columns.name, foldedName - besideFolded(columns));
  return { ...columns, bar: window === undefined ? 0 : 1 };
}
