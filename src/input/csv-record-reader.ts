import { isAscii, isUtf8 } from 'node:buffer';
import { cellParser } from './csv-cells.js';
import { readEscaped } from './csv-quotes.js';
import type { CsvDialect, CsvRecordScanner } from './csv-record-scanner.js';
import { invalidUtf8 } from './row-problems.js';
import type { Row, RowBatch } from './row.js';

type Cells = Record<string, string>;

/** Records that are further apart may have a line of white space between them, which is no row. */
const longestLineEnd = 2;

/**
 * Reads the cells of framed records. Where every quote is where it may be, the scanner has seen all that is to know
 * about them; the others are read by csv-parse, whose rules these are.
 */
export class CsvRecordReader {
  private readonly names: readonly string[];
  private readonly dialect: CsvDialect;
  /** Has every name; a copy of it is made much faster than an object of as many names. */
  private readonly blank: Cells;

  constructor(names: readonly string[], dialect: CsvDialect) {
    this.names = names;
    this.dialect = dialect;
    // Makes own properties of every name, `__proto__` too.
    this.blank = Object.fromEntries(names.map((name) => [name, '']));
  }

  /** Reads the row that the scanner has just seen the end of; a relaxed one is left to `readRelaxed`. */
  read(batch: RowBatch, row: Row, scanner: CsvRecordScanner): void {
    const { block } = batch;
    const record = block.subarray(row.start, row.end);
    // Bytes that are known to be ASCII are decoded faster.
    const ascii = isAscii(record);
    if (!ascii && !isUtf8(record)) row.problem = invalidUtf8();
    else if (!scanner.relaxed) this.readBounds(batch, row, record, scanner, ascii ? 'latin1' : 'utf8');
  }

  private readBounds(
    batch: RowBatch,
    row: Row,
    record: Buffer,
    scanner: CsvRecordScanner,
    encoding: 'latin1' | 'utf8',
  ): void {
    if (!this.judge(batch, row, scanner.cells, scanner.hasSurplus)) return;
    const names = this.names;
    const cells = { ...this.blank };
    const present = Math.min(names.length, scanner.cells);
    for (let index = 0; index < present; index++) {
      const { start, end, isEscaped } = scanner.bounds[index]!;
      if (start === end) continue;
      cells[names[index]!] = isEscaped
        ? readEscaped(record.subarray(start, end), encoding)
        : record.toString(encoding, start, end);
    }
    for (let index = present; index < names.length; index++) delete cells[names[index]!];
    row.value = cells;
  }

  /** Reads what `read` has left: rows without a value or a problem. */
  readRelaxed(batch: RowBatch): void {
    let run: Row[] = [];
    for (const row of batch.rows) {
      if (row.value !== undefined || row.problem !== undefined) continue;
      const before = run.at(-1);
      if (before !== undefined && row.start - before.end > longestLineEnd) {
        this.parse(batch, run);
        run = [];
      }
      run.push(row);
    }
    this.parse(batch, run);
  }

  /** Parses records that lie together. */
  private parse(batch: RowBatch, run: readonly Row[]): void {
    const first = run[0];
    if (first === undefined) return;
    const records = cellParser()(batch.block.subarray(first.start, run.at(-1)?.end), this.dialect);
    if (records.length !== run.length) {
      throw new Error(
        `csv-parse sees ${records.length} records where ${run.length} were framed at byte ${first.offset}`,
      );
    }
    for (const [index, row] of run.entries()) {
      const cells = records[index] ?? [];
      const hasSurplus = cells.slice(this.names.length).some((cell) => cell !== '');
      if (this.judge(batch, row, cells.length, hasSurplus)) row.value = cellsByName(this.names, cells);
    }
  }

  /** False, and a problem, for a record with more cells than names; one with fewer is worth a warning. */
  private judge(batch: RowBatch, row: Row, cells: number, hasSurplus: boolean): boolean {
    const columns = this.names.length;
    if (hasSurplus) {
      row.problem = {
        code: 'csv_surplus_cells',
        message: `the row has ${cells} cells and the header ${columns}`,
        hint: 'quote the cells that hold the delimiter, or check --csv-delimiter',
      };
      return false;
    }
    if (cells < columns) {
      batch.warnings.push({
        code: 'csv_short_row',
        message: `the row has ${cells} cells and the header ${columns}`,
        line: row.line,
        offset: row.offset,
      });
    }
    return true;
  }
}

/** The value of one framed record. */
export function parseRecord(record: Buffer, dialect: CsvDialect, names: readonly string[]): unknown {
  return cellsByName(names, cellParser()(record, dialect)[0] ?? []);
}

function cellsByName(names: readonly string[], cells: readonly string[]): Cells {
  const present = Math.min(names.length, cells.length);
  return Object.fromEntries(
    Array.from({ length: present }, (_, index) => [names[index] ?? '', cells[index] ?? '']),
  );
}
