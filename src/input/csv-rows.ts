import { isUtf8 } from 'node:buffer';
import type { ByteReader } from './byte-reader.js';
import { ByteWindow, type FramingOptions } from './byte-window.js';
import { cellParser } from './csv-cells.js';
import { CsvFramer } from './csv-framer.js';
import type { CsvHeader } from './csv-header.js';
import type { CsvDialect } from './csv-record-scanner.js';
import { invalidUtf8 } from './row-problems.js';
import type { Row, RowBatch } from './row.js';

/** Frames the records after the header and reads their cells. */
export async function* csvRows(
  reader: ByteReader,
  dialect: CsvDialect,
  header: CsvHeader,
  options: FramingOptions,
): AsyncGenerator<RowBatch> {
  const window = new ByteWindow(reader, options.blockBytes);
  await window.skip(header.bytes);
  const framer = new CsvFramer(window, dialect, header, options);
  let { warnings } = header;
  do {
    await framer.fill();
    while (framer.canFrame) {
      const batch: RowBatch = { block: window.block, rows: [], consumed: 0, warnings: [...warnings] };
      warnings = [];
      framer.frame(batch);
      batch.consumed = window.offset;
      readCells(batch, dialect, header);
      if (batch.rows.length > 0 || batch.warnings.length > 0) yield batch;
    }
  } while (!window.ended);
}

/** Parses each run of records that lie together without a problem between them. */
function readCells(batch: RowBatch, dialect: CsvDialect, header: CsvHeader): void {
  const { block, rows } = batch;
  const kept: Row[] = [];
  const utf8 = isUtf8(block.subarray(rows[0]?.start ?? 0, rows.at(-1)?.end ?? 0));
  let run: Row[] = [];
  for (const row of rows) {
    if (!utf8 && row.problem === undefined && !isUtf8(block.subarray(row.start, row.end)))
      row.problem = invalidUtf8();
    if (row.problem === undefined) {
      run.push(row);
      continue;
    }
    readRun(batch, run, kept, dialect, header);
    run = [];
    kept.push(row);
  }
  readRun(batch, run, kept, dialect, header);
  batch.rows = kept;
}

function readRun(
  batch: RowBatch,
  run: readonly Row[],
  kept: Row[],
  dialect: CsvDialect,
  header: CsvHeader,
): void {
  const first = run[0];
  if (first === undefined) return;
  const records = cellParser()(batch.block.subarray(first.start, run.at(-1)?.end), dialect);
  if (records.length !== run.length) {
    throw new Error(
      `csv-parse sees ${records.length} records where ${run.length} were framed at byte ${first.offset}`,
    );
  }
  for (const [index, row] of run.entries()) {
    const cells = records[index] ?? [];
    // A line of nothing but spaces.
    if (cells.length === 1 && header.names.length > 1 && cells[0]?.trim() === '') continue;
    kept.push(row);
    assign(batch, row, cells, header.names);
  }
}

function assign(batch: RowBatch, row: Row, cells: readonly string[], names: readonly string[]): void {
  if (cells.slice(names.length).some((cell) => cell !== '')) {
    row.problem = {
      code: 'csv_surplus_cells',
      message: `the row has ${cells.length} cells and the header ${names.length}`,
      hint: 'quote the cells that hold the delimiter, or check --csv-delimiter',
    };
    return;
  }
  if (cells.length < names.length) {
    batch.warnings.push({
      code: 'csv_short_row',
      message: `the row has ${cells.length} cells and the header ${names.length}`,
      line: row.line,
      offset: row.offset,
    });
  }
  row.value = toObject(names, cells);
}

/** The value of one framed record. */
export function parseRecord(record: Buffer, dialect: CsvDialect, header: CsvHeader): unknown {
  return toObject(header.names, cellParser()(record, dialect)[0] ?? []);
}

function toObject(names: readonly string[], cells: readonly string[]): Record<string, string> {
  const present = Math.min(names.length, cells.length);
  // Makes own properties of every name, `__proto__` too.
  return Object.fromEntries(
    Array.from({ length: present }, (_, index) => [names[index] ?? '', cells[index] ?? '']),
  );
}
