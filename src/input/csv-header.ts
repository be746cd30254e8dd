import { isUtf8 } from 'node:buffer';
import { usageError } from '../errors.js';
import { byteOrderMarkLength } from './byte-window.js';
import { loadCellParser } from './csv-cells.js';
import { namedDelimiter } from './csv-delimiter.js';
import { CsvRecordScanner, type CsvDialect } from './csv-record-scanner.js';
import { excerpt } from './excerpt.js';
import type { Warning } from './row.js';

/** More columns than this come from a file that is no table, and would make every row an object of that size. */
const maxColumns = 10_000;

export interface CsvHeader {
  names: string[];
  /** The header's own bytes with their line end, without a byte order mark. */
  raw: Buffer;
  /** Length of everything up to the first record after the header. */
  bytes: number;
  /** 1-based line of that record. */
  nextLine: number;
  warnings: Warning[];
}

/** Reads the first record that is not blank, names no delimiter (`sep=;`) and is no title. Undefined where it goes on beyond these bytes. */
export async function readCsvHeader(
  name: string,
  head: Buffer,
  whole: boolean,
  dialect: CsvDialect,
): Promise<CsvHeader | undefined> {
  const scanner = new CsvRecordScanner(dialect);
  const parseCells = await loadCellParser();
  const titles: Warning[] = [];
  let start = byteOrderMarkLength(head);
  let nextLine = 1;
  let line = 1;
  const isBeforeHeader = (): boolean => {
    if (scanner.contentLength === 0) return true;
    const record = head.subarray(start, start + scanner.length);
    if (scanner.length < 16 && namedDelimiter(record.toString()) !== undefined) return true;
    const title = scanner.cells < titledColumns ? undefined : titleOf(parseCells(record, dialect)[0] ?? []);
    if (title !== undefined) titles.push(titleWarning(title, line));
    return title !== undefined;
  };
  do {
    line = nextLine;
    start += scanner.length;
    scanner.begin();
    if (!scanner.scan(head, start, whole)) {
      if (!whole) return undefined;
      throw usageError(
        'bad_csv_header',
        `${excerpt(name, 200)}: the header opens a quote that is never closed`,
        'mend the first line of the file',
      );
    }
    nextLine += countByte(head.subarray(start, start + scanner.length), dialect.lineEnd);
  } while (start + scanner.length < head.length && isBeforeHeader());

  if (scanner.cells > maxColumns) {
    throw usageError(
      'too_many_columns',
      `${excerpt(name, 200)} has ${scanner.cells} columns, more than the ${maxColumns} that are read`,
      'check --csv-delimiter, or cut the columns that are not needed',
    );
  }
  const raw = Buffer.from(head.subarray(start, start + scanner.length));
  if (!isUtf8(raw)) {
    throw usageError(
      'unsupported_encoding',
      `${excerpt(name, 200)}: the header is not valid UTF-8`,
      `convert it: iconv -f cp1252 -t utf-8 ${excerpt(name, 200)} | respan-import -`,
    );
  }
  const cells = parseCells(raw, dialect)[0] ?? [];
  const { names, warnings } = nameColumns(cells, line);
  return { names, warnings: [...titles, ...warnings], raw, bytes: start + scanner.length, nextLine };
}

/** A table of two columns may have a name for one alone: pandas gives its index none. */
const titledColumns = 3;

/** What a record says that has one cell at most: spreadsheets have titles and blank rows above the names of columns. */
function titleOf(cells: readonly string[]): string | undefined {
  const told = cells.filter((cell) => cell.trim() !== '');
  return told.length > 1 ? undefined : (told[0] ?? '');
}

function titleWarning(title: string, line: number): Warning {
  const what = title === '' ? 'a line without a word' : excerpt(title, 60);
  return { code: 'csv_title_line', message: `${what} stands above the header and was passed over`, line };
}

function nameColumns(cells: readonly string[], line: number): { names: string[]; warnings: Warning[] } {
  const taken = new Set(cells.map((cell) => cell.trim()));
  const seen = new Set<string>();
  const warnings: Warning[] = [];
  const names = cells.map((cell, index) => {
    const given = cell.trim();
    if (given !== '' && !seen.has(given)) {
      seen.add(given);
      return given;
    }
    const name = freeName(given === '' ? `column_${index + 1}` : given, given === '', taken);
    taken.add(name);
    seen.add(name);
    if (given !== '') {
      warnings.push({
        code: 'csv_duplicate_column',
        message: `column ${index + 1} repeats the name ${excerpt(given)} and is read as ${excerpt(name, 60)}`,
        line,
        field: name,
      });
    }
    return name;
  });
  return { names, warnings };
}

function freeName(base: string, asIs: boolean, taken: ReadonlySet<string>): string {
  if (asIs && !taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number++;
  return `${base}_${number}`;
}

export function countByte(bytes: Buffer, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}
