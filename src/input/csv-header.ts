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

/** Reads the first record that is not blank and names no delimiter (`sep=;`). Undefined where it goes on beyond these bytes. */
export async function readCsvHeader(
  name: string,
  head: Buffer,
  whole: boolean,
  dialect: CsvDialect,
): Promise<CsvHeader | undefined> {
  const scanner = new CsvRecordScanner(dialect);
  let start = byteOrderMarkLength(head);
  let nextLine = 1;
  do {
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
  } while (isBeforeHeader(scanner, head, start) && start + scanner.length < head.length);

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
  const parseCells = await loadCellParser();
  const cells = parseCells(raw, dialect)[0] ?? [];
  return { ...nameColumns(cells), raw, bytes: start + scanner.length, nextLine };
}

function isBeforeHeader(scanner: CsvRecordScanner, head: Buffer, start: number): boolean {
  if (scanner.contentLength === 0) return true;
  return (
    scanner.length < 16 && namedDelimiter(head.toString('utf8', start, start + scanner.length)) !== undefined
  );
}

function nameColumns(cells: readonly string[]): { names: string[]; warnings: Warning[] } {
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
        line: 1,
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
