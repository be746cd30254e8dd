import { formatMicros } from '../../span/calendar.js';
import type { DrawnRow, DrawnTrace } from '../../tree/drawn-trace.js';
import { cellsOf, cutToCells, padStartToCells, padToCells } from '../cells.js';
import { formatCount, formatThings } from '../figures.js';
import { sanitise, type Paint } from '../terminal.js';
import { besideFolded, columnGap, fitColumns, type TreeColumns } from './columns.js';
import { glyphsFor } from './glyphs.js';
import { legendOf, marksOf, type Mark } from './names.js';
import { paintBar, paintKind, paintName } from './paints.js';
import { TreeRails } from './rails.js';
import { durationText, naturalColumns, rowText, type RowText } from './row-text.js';
import { timeBar } from './time-bar.js';

export interface TreeTextOptions {
  paint: Paint;
  ascii: boolean;
  /** Columns that no line exceeds. */
  width: number;
  /** Tells of each trace which input it begins in. */
  namesInputs: boolean;
}

/** Rows that are looked at before the columns are fixed: a tree of any size is written as it is read. */
const measuredRows = 1000;
const longestId = 255;

/** Draws traces one after another, and then explains the marks that occurred in them. */
export class TreeText {
  private readonly glyphs;
  private readonly seen = new Set<Mark>();

  constructor(private readonly options: TreeTextOptions) {
    this.glyphs = glyphsFor(options);
  }

  /** Lines without their ends. */
  *trace(trace: DrawnTrace): Generator<string> {
    const { paint } = this.options;
    const { separator } = this.glyphs;
    const id = `trace ${sanitise(trace.traceId, longestId)}`;
    const facts = this.factsOf(trace);
    const whole = `${id}${columnSpace}${facts.join(separator)}`;
    if (cellsOf(whole) <= this.options.width) {
      yield paint.strong(id) + whole.slice(id.length);
    } else {
      yield paint.strong(this.cut(id, this.options.width));
      yield* this.wrap(facts);
    }
    yield* this.rows(trace);
  }

  /**
   * Empty where no mark occurred.
   *
   * @param unfold how to see the siblings that share a row
   */
  legend(unfold?: string): string[] {
    const parts = legendOf(this.seen, this.glyphs, unfold);
    return parts.length === 0 ? [] : [...this.wrap(parts)].map((line) => this.options.paint.faint(line));
  }

  private factsOf({ spans, roots, orphans, window, source, input, findings }: DrawnTrace): string[] {
    return [
      formatThings(spans, 'span'),
      ...(roots === 1 ? [] : [formatThings(roots, 'root')]),
      ...(orphans === 0 ? [] : [formatThings(orphans, 'orphan')]),
      ...(window === undefined
        ? ['no times']
        : [durationText(window.end - window.start, this.glyphs), `${formatStart(window.start)} UTC`]),
      ...(source === undefined ? [] : [source]),
      ...(this.options.namesInputs ? [sanitise(input)] : []),
      ...Object.entries(findings)
        .filter(([code]) => code !== 'orphan_parent')
        .map(([code, count]) => `${sanitise(code)} ${formatCount(count)}`),
    ];
  }

  /** Parts in as few lines as hold them; one that is wider than a line is cut. */
  private *wrap(parts: readonly string[]): Generator<string> {
    const { separator } = this.glyphs;
    let line = '';
    for (const part of parts) {
      const longer = line === '' ? part : line + separator + part;
      if (line !== '' && cellsOf(longer) > this.options.width) {
        yield line;
        line = part;
      } else line = longer;
      line = this.cut(line, this.options.width);
    }
    if (line !== '') yield line;
  }

  private *rows(trace: DrawnTrace): Generator<string> {
    const rows = trace.rows[Symbol.iterator]();
    const rails = new TreeRails(this.glyphs, this.options.width);
    const first: RowText[] = [];
    while (first.length < measuredRows) {
      const next = rows.next();
      if (next.done === true) break;
      first.push(this.textOf(next.value, rails));
    }
    const columns = fitColumns(naturalColumns(first, trace), this.options.width);
    if (first.length > 1) yield* this.axis(trace, columns);
    for (const row of first) yield this.line(row, trace, columns);
    for (let next = rows.next(); next.done !== true; next = rows.next())
      yield this.line(this.textOf(next.value, rails), trace, columns);
  }

  /** Where the bars begin and end in time. */
  private *axis({ window }: DrawnTrace, columns: TreeColumns): Generator<string> {
    if (columns.bar === 0 || window === undefined || window.end === window.start) return;
    const indent = ' '.repeat(this.options.width - columns.bar);
    const [from, to] = ['0 s', durationText(window.end - window.start, this.glyphs)];
    if (from.length + to.length >= columns.bar) return;
    yield indent + this.options.paint.faint(from + padStartToCells(to, columns.bar - from.length));
  }

  private textOf(row: DrawnRow, rails: TreeRails): RowText {
    const marks = marksOf(row, this.glyphs);
    for (const kind of marks.kinds) this.seen.add(kind);
    return rowText(row, rails.before(row), marks.text, this.glyphs);
  }

  private line(text: RowText, trace: DrawnTrace, columns: TreeColumns): string {
    const { paint } = this.options;
    const { row } = text;
    if (row.kind === 'missing' || row.kind === 'above')
      return this.nameCell(text, this.options.width).trimEnd();
    const isSpan = row.kind === 'span';
    const cells = [this.nameCell(text, columns.name + (isSpan ? 0 : besideFolded(columns)))];
    const add = (width: number, cell: string): void => {
      if (width > 0) cells.push(cell);
    };
    const { kind, model, tokens, duration, bar } = isSpan
      ? columns
      : { ...columns, kind: 0, model: 0, tokens: 0 };
    add(kind, paintKind(row, padToCells(this.cut(text.kind, kind), kind), paint));
    add(model, padToCells(this.cut(text.model, model), model));
    add(tokens, paint.faint(padStartToCells(this.cut(text.tokens, tokens), tokens)));
    add(duration, padStartToCells(this.cut(text.duration, duration), duration));
    add(bar, paintBar(row, this.bar(row, trace, bar), paint));
    return cells.join(columnSpace).trimEnd();
  }

  /** The name gives way to the marks behind it. */
  private nameCell({ row, prefix, name, marks }: RowText, width: number): string {
    const { paint } = this.options;
    const room = width - cellsOf(prefix) - (marks === '' ? 0 : cellsOf(marks) + 1);
    if (room < 1) return padToCells(this.cut(`${prefix}${name}`, width), width);
    const shown = this.cut(name, room);
    const behind = marks === '' ? '' : ` ${paint.caution(marks)}`;
    const filled = ' '.repeat(room - cellsOf(shown));
    return `${paint.faint(prefix)}${paintName(row, shown, paint)}${behind}${filled}`;
  }

  private bar(row: DrawnRow, { window }: DrawnTrace, columns: number): string {
    if (window === undefined || columns === 0) return '';
    if (row.kind === 'span') return timeBar(window, row.start, row.end, columns, this.glyphs);
    if (row.kind !== 'folded' || row.window === undefined) return '';
    const { foldedBar: bar, event } = this.glyphs;
    const glyphs = { bar, barStart: bar, barEnd: bar, event };
    return timeBar(window, row.window.start, row.window.end, columns, glyphs);
  }

  private cut(text: string, cells: number): string {
    return cutToCells(text, cells, this.glyphs.cut);
  }
}

const columnSpace = ' '.repeat(columnGap);

function formatStart(micros: number): string {
  return formatMicros(micros, 0).replace('T', ' ').replace('Z', '');
}
