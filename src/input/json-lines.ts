import type { ByteReader } from './byte-reader.js';
import { ByteWindow, byteOrderMarkLength, type FramingOptions } from './byte-window.js';
import { parsedParts } from './json-row.js';
import { rowTooLarge } from './row-problems.js';
import type { Row, RowBatch } from './row.js';
import { RowPool } from './row-pool.js';

/** Where in an input the first byte that a reader gives lies; left out: at its beginning. */
export interface Origin {
  offset: number;
  /** 1-based. */
  line: number;
}

/** Rows that were found in a block and not parsed yet. Both are valid until the next block is pulled. */
export interface FramedBlock {
  block: Buffer;
  rows: RowPool;
  /** Offset in the input of the first byte that was not consumed. */
  consumed: number;
  /** The line that it lies in. */
  line: number;
  /** True for the last block: its last row ends with the input and not at a line feed. */
  isLast: boolean;
}

type Limits = Pick<FramingOptions, 'maxRowBytes'>;

const lineFeed = 0x0a;
/** White space around a row that is not counted against its limit. */
const uncountedBlanks = 64 * 1024;

/** Frames JSON Lines: a row on each line that is not blank, ended by LF or CRLF or by the end of the input. */
export async function* jsonLines(
  reader: ByteReader,
  options: FramingOptions,
  origin?: Origin,
): AsyncGenerator<RowBatch> {
  const { maxDepth, digester } = options;
  for await (const { block, rows, consumed, isLast } of framedLines(reader, options, origin)) {
    // Blank lines at the end are read too.
    if (rows.length === 0) yield { block, rows: [], consumed, warnings: [] };
    yield* parsedParts(block, rows, consumed, { maxDepth, lastIsOpen: isLast, digester });
  }
}

/** The same rows, block by block and not parsed. */
export async function* framedLines(
  reader: ByteReader,
  options: Pick<FramingOptions, 'blockBytes' | 'maxRowBytes'>,
  origin: Origin = { offset: 0, line: 1 },
): AsyncGenerator<FramedBlock> {
  const window = new ByteWindow(reader, options.blockBytes, origin.offset);
  const pool = new RowPool();
  let { line } = origin;
  /** Bytes of an incomplete line, from `window.start`, that hold no line feed. */
  let searched = 0;
  /** Where the line began whose bytes are being dropped because they are too many. */
  let oversized: number | undefined;

  for (;;) {
    const more = await window.fill();
    pool.clear();
    const bytes = window.filled();
    let newline = bytes.indexOf(lineFeed, window.start + searched);
    while (newline !== -1) {
      if (oversized === undefined) pushLine(pool, window, newline, line, options);
      else pushOversized(pool, window, newline, line, oversized, options);
      oversized = undefined;
      line++;
      window.start = newline + 1;
      newline = bytes.indexOf(lineFeed, window.start);
    }
    if (!more) {
      finish(pool, window, line, oversized, options);
    } else if (oversized !== undefined || isOversized(window.block, window.start, window.end, options)) {
      oversized ??= window.base + skipBlanks(window.block, window.start, window.end);
      window.start = window.end;
    }
    searched = window.end - window.start;
    yield { block: window.block, rows: pool, consumed: window.offset, line, isLast: !more };
    if (!more) return;
  }
}

/** The rest of the input after the last line feed, and what is wrong with the input's end. */
function finish(
  pool: RowPool,
  window: ByteWindow,
  line: number,
  oversized: number | undefined,
  options: Limits,
): void {
  const { damage } = window.reader;
  const before = pool.length;
  if (oversized !== undefined) pushOversized(pool, window, window.end, line, oversized, options);
  else pushLine(pool, window, window.end, line, options);
  const last = pool.length > before ? pool.rows[pool.length - 1] : undefined;
  window.start = window.end;
  if (damage === undefined) return;
  // A rest that is complete in itself was a row before the damage; else the damage explains it.
  if (last !== undefined && !isComplete(window.block, last)) last.problem = damage;
  else pool.add(line, window.offset, window.end, window.end, damage);
}

function isComplete(block: Buffer, row: Row): boolean {
  try {
    const value: unknown = JSON.parse(block.toString('utf8', row.start, row.end));
    return typeof value === 'object';
  } catch {
    return false;
  }
}

function pushLine(pool: RowPool, window: ByteWindow, newline: number, line: number, options: Limits): void {
  const { block } = window;
  let start = skipBlanks(block, window.start, newline);
  let end = newline;
  if (block[start] === 0xef && start + 3 <= end) start += byteOrderMarkLength(block, start);
  while (end > start && isBlank(block[end - 1])) end--;
  if (start >= end) return;
  const size = end - start;
  pool.add(
    line,
    window.base + start,
    start,
    end,
    isOversized(block, window.start, newline, options) ? rowTooLarge(size, options.maxRowBytes) : undefined,
  );
}

/** Judged alike for a whole line and for its beginning, so that the blocks' size does not show in the rows. */
function isOversized(block: Buffer, from: number, to: number, { maxRowBytes }: Limits): boolean {
  if (to - from <= maxRowBytes) return false;
  if (to - from > maxRowBytes + uncountedBlanks) return true;
  let end = to;
  while (end > from && isBlank(block[end - 1])) end--;
  return end - skipBlanks(block, from, end) > maxRowBytes;
}

function skipBlanks(block: Buffer, from: number, to: number): number {
  let start = from;
  while (start < to && isBlank(block[start])) start++;
  return start;
}

/** A row whose first bytes are gone: the last of them are at hand, and now its size is known. */
function pushOversized(
  pool: RowPool,
  window: ByteWindow,
  newline: number,
  line: number,
  offset: number,
  options: Limits,
): void {
  const size = window.base + newline - offset;
  const problem = rowTooLarge(size, options.maxRowBytes);
  pool.add(line, offset, window.start, newline, problem);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09 || byte === 0x0a;
}
