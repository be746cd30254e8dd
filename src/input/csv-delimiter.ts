import { usageError } from '../errors.js';
import { byteOrderMarkLength } from './byte-window.js';
import { CsvRecordScanner, type CsvDialect } from './csv-record-scanner.js';

const candidates = [',', ';', '\t', '|'];
const sampledRecords = 30;
/** A name that a machine would give a column; prose with commas has other ones. */
const columnName = /^[\w$@#][\w .\-:/()[\]$@#%]{0,79}$|^$/;

/** Reads `--csv-delimiter`: one ASCII character, or the word `tab`. Undefined for `auto`. */
export function parseDelimiter(flag: string): string | undefined {
  if (flag === 'auto') return undefined;
  const delimiter = flag === 'tab' || flag === String.raw`\t` ? '\t' : flag;
  if (/^[\t\x20-\x7e]$/.test(delimiter) && delimiter !== '"') return delimiter;
  throw usageError(
    'bad_csv_delimiter',
    '--csv-delimiter takes one ASCII character other than the double quote',
    'e.g. --csv-delimiter ";" or --csv-delimiter tab',
  );
}

/** LF, but for files whose only line end is CR. */
export function sniffLineEnd(head: Buffer): CsvDialect['lineEnd'] {
  return !head.includes(0x0a) && head.includes(0x0d) ? 0x0d : 0x0a;
}

/** What Excel reads, and its exporters write, before the header: `sep=;`. */
const separatorLine = /^"?sep=(.)"?\s*$/i;

/** The delimiter that a line before the header names. */
export function namedDelimiter(line: string): string | undefined {
  const delimiter = separatorLine.exec(line)?.[1];
  return delimiter === undefined || !/^[\t\x20-\x7e]$/.test(delimiter) ? undefined : delimiter;
}

/**
 * The delimiter of the first records, counted outside of quotes. Undefined where none makes a table of two columns or
 * more: at least half of the records must have as many cells as the header, or the header must look like column names.
 */
export function sniffDelimiter(head: Buffer, whole: boolean): string | undefined {
  const named = namedDelimiter(firstLine(head));
  if (named !== undefined) return named;
  let best: { delimiter: string; score: number } | undefined;
  for (const delimiter of candidates) {
    const counts = countCells(head, whole, { delimiter, lineEnd: sniffLineEnd(head) });
    const [columns = 0, ...rows] = counts;
    if (columns < 2) continue;
    const agreeing = rows.filter((cells) => cells === columns).length;
    const agreement = rows.length === 0 ? 0 : agreeing / rows.length;
    if (agreement < 0.5 && !hasColumnNames(head, delimiter)) continue;
    const score = agreement * 1e6 + columns;
    if (best === undefined || score > best.score) best = { delimiter, score };
  }
  return best?.delimiter;
}

function countCells(head: Buffer, whole: boolean, dialect: CsvDialect): number[] {
  const scanner = new CsvRecordScanner(dialect);
  const counts: number[] = [];
  let start = byteOrderMarkLength(head);
  while (start < head.length && counts.length < sampledRecords) {
    scanner.begin();
    // An incomplete record still tells something where it is all there is.
    if (!scanner.scan(head, start, whole)) {
      if (counts.length === 0) counts.push(scanner.cells);
      break;
    }
    if (scanner.contentLength > 0) counts.push(scanner.cells);
    start += scanner.length;
  }
  return counts;
}

function firstLine(head: Buffer): string {
  const [line = ''] = head
    .toString('utf8', byteOrderMarkLength(head))
    .trimStart()
    .split(/\r\n|\n|\r/, 1);
  return line;
}

function hasColumnNames(head: Buffer, delimiter: string): boolean {
  const names = firstLine(head)
    .split(delimiter)
    .map((name) => name.replace(/^"(.*)"$/, '$1'));
  return names.filter((name) => name !== '').length >= 2 && names.every((name) => columnName.test(name));
}
