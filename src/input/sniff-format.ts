import { usageError } from '../errors.js';
import { byteOrderMarkLength } from './byte-window.js';
import { parseDelimiter, sniffDelimiter } from './csv-delimiter.js';
import { excerpt } from './excerpt.js';
import type { InputOptions } from './input-file.js';
import { JsonElementScanner } from './json-element-scanner.js';
import { nullNonFinite } from './non-finite.js';
import type { RowFormat } from './row.js';

export interface SniffedFormat {
  format: RowFormat;
  /** For `csv` and `tsv`. */
  delimiter: string;
  /** Nothing but white space, from the first byte to the last. */
  empty: boolean;
}

/** Lines of the sample that are parsed to see whether they are JSON Lines. */
const sampledLines = 40;

/**
 * Tells the format by the content, never by the name. `head` is the input's beginning, `whole` that it is all of it.
 */
export function sniffFormat(
  name: string,
  head: Buffer,
  whole: boolean,
  options: Pick<InputOptions, 'format' | 'csvDelimiter'>,
): SniffedFormat {
  const given = parseDelimiter(options.csvDelimiter);
  const text = head.toString('utf8', byteOrderMarkLength(head));
  const empty = whole && text.trim() === '';
  const format = options.format === 'auto' ? detectFormat(text, whole, head, given) : options.format;
  if (format === undefined) {
    throw usageError(
      'unknown_format',
      `${excerpt(name, 200)} looks like none of JSONL, JSON, CSV and TSV; it begins with: ${excerpt(text.trimStart())}`,
      unknownHint(text),
    );
  }
  const isTable = format === 'csv' || format === 'tsv';
  const sniffed = isTable && given === undefined && !empty ? sniffDelimiter(head, whole) : given;
  const delimiter = options.format === 'tsv' ? (given ?? '\t') : (sniffed ?? ',');
  return { format: format === 'csv' && delimiter === '\t' ? 'tsv' : format, delimiter, empty };
}

/** Objects of a log of some program, which has written other text before them or on lines of their own. */
function unknownHint(text: string): string {
  const lines = text.split('\n', sampledLines).map((line) => line.trim());
  if (!lines.some((line) => holdsObject(line) || (line.startsWith('{') && isJson(line)))) {
    return 'if it is one of them, say so: --format jsonl, json, csv or tsv';
  }
  return "there is JSON in its lines, beside other text: grep -o '{.*}' FILE | respan-import -";
}

/** Whether a line ends with an object behind other text. */
function holdsObject(line: string): boolean {
  const at = line.indexOf('{');
  return at > 0 && line.endsWith('}') && isJson(line.slice(at));
}

function detectFormat(
  text: string,
  whole: boolean,
  head: Buffer,
  delimiter: string | undefined,
): RowFormat | undefined {
  const first = text.trimStart()[0];
  if (first === undefined) return 'jsonl';
  const lines = text.split('\n');
  // The last line of a sample may go on behind it.
  const complete = (whole ? lines : lines.slice(0, -1))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (first === '{') return detectObjects(complete, text);
  if (first === '[') return isLineOfArrays(complete) ? 'jsonl' : 'json';
  if (mostlyObjects(complete)) return 'jsonl';
  // A log line with a time or a level before the object would else be a header of its pieces.
  if (holdsObject(complete[0] ?? '')) return undefined;
  if (delimiter !== undefined || sniffDelimiter(head, whole) !== undefined) return 'csv';
  return undefined;
}

function detectObjects(complete: readonly string[], text: string): RowFormat {
  const [line] = complete;
  // A first line longer than the sample: two values on it make it JSON, one value leaves it open.
  if (line === undefined) return holdsSeveralValues(text) ? 'json' : 'jsonl';
  return isJson(line) || mostlyObjects(complete) ? 'jsonl' : 'json';
}

/** An array on each line, as against an array that goes over lines. */
function isLineOfArrays([line, next]: readonly string[]): boolean {
  return line !== undefined && next !== undefined && /^[[{]/.test(next) && isJson(line) && isJson(next);
}

function mostlyObjects(complete: readonly string[]): boolean {
  const sample = complete.slice(0, sampledLines);
  return sample.filter((line) => line.startsWith('{') && isJson(line)).length > sample.length / 2;
}

function holdsSeveralValues(text: string): boolean {
  const scanner = new JsonElementScanner({ maxDepth: 1000, maxRowBytes: text.length });
  const bytes = Buffer.from(text);
  return scanner.next(bytes) && /^[\s,]*[{[]/.test(bytes.toString('utf8', scanner.end));
}

function isJson(line: string): boolean {
  try {
    JSON.parse(nullNonFinite(line) ?? line);
    return true;
  } catch {
    return false;
  }
}
