import { isAscii, isUtf8 } from 'node:buffer';
import { excerpt } from './excerpt.js';
import { findJsonError } from './json-error.js';
import { isDeeperThan, nestsDeeperThan } from './nesting.js';
import { nullNonFinite } from './non-finite.js';
import { invalidUtf8, nestedTooDeep, truncatedRow } from './row-problems.js';
import type { Problem, Row, RowBatch, RowDigester } from './row.js';
import type { RowPool } from './row-pool.js';

/** Rows from this size on are checked for nesting before they are parsed, so that no tower of objects is built. */
export const suspiciousBytes = 1024 * 1024;

/** Bytes of rows whose values are alive at once. */
const partBytes = 32 * 1024;

export interface JsonRowOptions {
  maxDepth: number;
  /** The bytes of the last row end with the input, so it may be cut short. */
  lastIsOpen: boolean;
  digester?: RowDigester | undefined;
}

/**
 * Parses the rows of a framed block and yields them in parts: the values of a whole block at once would live long enough
 * to be copied to the old generation, where they keep the heap large.
 */
export function* parsedParts(
  block: Buffer,
  { rows, length }: RowPool,
  consumed: number,
  options: JsonRowOptions,
): Generator<RowBatch> {
  for (let from = 0; from < length;) {
    const partStart = rows[from]!.start;
    let to = from + 1;
    while (to < length && rows[to]!.end - partStart <= partBytes) to += 1;
    const isLast = to === length;
    const part: RowBatch = {
      block,
      rows: rows.slice(from, to),
      consumed: isLast ? consumed : rows[to]!.offset,
      warnings: [],
    };
    parseJsonRows(part, { ...options, lastIsOpen: options.lastIsOpen && isLast });
    yield part;
    for (const row of part.rows) row.value = row.digest = undefined;
    from = to;
  }
}

/** Fills in the values, the digests or the problems of rows that were framed but not parsed. */
export function parseJsonRows(batch: RowBatch, options: JsonRowOptions): void {
  const { block, rows } = batch;
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return;
  const bytes = block.subarray(first.start, last.end);
  // Decoding is a third of the whole cost, and twice as fast for bytes that are known to be ASCII.
  const ascii = isAscii(bytes);
  const utf8 = ascii || isUtf8(bytes);
  const { digester, maxDepth } = options;
  digester?.begin(bytes);
  for (const row of rows) {
    if (row.problem !== undefined) continue;
    if (!utf8 && !isUtf8(block.subarray(row.start, row.end))) {
      row.problem = invalidUtf8();
      continue;
    }
    row.digest = digester?.digest(row.start - first.start, row.end - first.start, maxDepth);
    if (row.digest !== undefined) continue;
    const text = block.toString(ascii ? 'latin1' : 'utf8', row.start, row.end);
    parseRow(batch, row, text, options, options.lastIsOpen && row === last);
  }
}

function parseRow(batch: RowBatch, row: Row, text: string, options: JsonRowOptions, open: boolean): void {
  const { maxDepth } = options;
  if (text.length >= suspiciousBytes && nestsDeeperThan(batch.block.subarray(row.start, row.end), maxDepth)) {
    row.problem = nestedTooDeep(maxDepth);
    return;
  }
  try {
    row.value = JSON.parse(text);
  } catch {
    repairRow(batch, row, text, open);
  }
  // Each level takes two brackets: a shorter row cannot be too deep.
  if (text.length >= 2 * maxDepth && isDeeperThan(row.value, maxDepth)) {
    row.value = undefined;
    row.problem = nestedTooDeep(maxDepth);
  }
}

/** The value of one framed row that was read without a problem before. */
export function parseJson(row: Buffer): unknown {
  const text = row.toString();
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(nullNonFinite(text) ?? text);
  }
}

function repairRow(batch: RowBatch, row: Row, text: string, open: boolean): void {
  const finite = nullNonFinite(text);
  if (finite !== undefined) {
    try {
      row.value = JSON.parse(finite);
      batch.warnings.push({
        code: 'non_finite_number',
        message: 'NaN or Infinity is no JSON and was read as null',
        line: row.line,
        offset: row.offset,
      });
      return;
    } catch {
      // Broken elsewhere too: the problem is told on the text as it stands in the file.
    }
  }
  row.problem = jsonProblem(batch.block, row, text, open);
}

/** What `print` writes of a dictionary. */
function isPython(text: string): boolean {
  return /^\s*\{'[^']*':/.test(text);
}

const pythonHint =
  "Python wrote this, with quotes of its own: python3 -c 'import sys,ast,json; [print(json.dumps(ast.literal_eval(line))) for line in sys.stdin]' < FILE | respan-import -";

function jsonProblem(block: Buffer, row: Row, text: string, open: boolean): Problem {
  const error = findJsonError(text);
  if (error === undefined || (error.truncated && open)) return truncatedRow(row.offset);
  const before = text.slice(0, error.index);
  const line = row.line + before.split('\n').length - 1;
  const found =
    error.index >= text.length ? 'the row ends early' : `unexpected ${excerpt(text.slice(error.index), 12)}`;
  return {
    code: 'bad_json',
    message: `not JSON at line ${line}, column ${columnOf(block, row, Buffer.byteLength(before))}: ${found}`,
    hint: isPython(text) ? pythonHint : 'mend the row in the rejects file and import that',
  };
}

/** 1-based column in characters; counted from the row's start where the line's start is no longer in the block. */
function columnOf(block: Buffer, row: Row, bytesBefore: number): number {
  const position = row.start + bytesBefore;
  const lineFeed = position === 0 ? -1 : block.lastIndexOf(0x0a, position - 1);
  const lineStart = lineFeed === -1 && row.offset !== row.start ? row.start : lineFeed + 1;
  return block.toString('utf8', lineStart, position).length + 1;
}
