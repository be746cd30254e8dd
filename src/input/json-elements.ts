import type { ByteReader } from './byte-reader.js';
import { ByteWindow, byteOrderMarkLength, type FramingOptions } from './byte-window.js';
import { isSpace } from './json-bytes.js';
import type { ElementScanner } from './element-scanner.js';
import { JsonElementScanner } from './json-element-scanner.js';
import { parsedParts } from './json-row.js';
import type { WrapperPath } from './json-wrapper.js';
import { nestedTooDeep, rowTooLarge, truncatedRow } from './row-problems.js';
import type { Problem, Row, RowBatch } from './row.js';
import { RowPool } from './row-pool.js';
import { WrappedElementScanner } from './wrapped-element-scanner.js';

/**
 * Frames JSON values: the elements of one array or of several, or values one after another, compact or pretty-printed.
 * A value at the top that is no array is one row. With `wrapper`, the rows are the elements of the array at that path.
 */
export async function* jsonElements(
  reader: ByteReader,
  options: FramingOptions,
  wrapper?: WrapperPath,
): AsyncGenerator<RowBatch> {
  const window = new ByteWindow(reader, options.blockBytes);
  await skipByteOrderMark(window);
  const pool = new RowPool();
  const scanner: ElementScanner =
    wrapper === undefined
      ? new JsonElementScanner(options, window.start)
      : new WrappedElementScanner(wrapper, options, window.start);
  /** Where the element began whose bytes are being dropped because they are too many. */
  let oversized: number | undefined;

  for (;;) {
    const before = window.start;
    const more = await window.fill();
    scanner.shift(before);
    pool.clear();
    const bytes = window.filled();
    while (scanner.next(bytes)) {
      pushElement(pool, window, scanner, oversized, options);
      oversized = undefined;
      window.start = scanner.at;
    }
    if (!more) {
      finish(pool, window, scanner, oversized, options);
    } else if (!scanner.open) {
      window.start = scanner.at;
    } else if (oversized !== undefined || scanner.at - scanner.start > options.maxRowBytes) {
      oversized ??= window.base + scanner.start;
      window.start = Math.min(scanner.at, window.end);
    } else {
      window.start = scanner.start;
    }
    yield* parsedParts(window.block, pool, window.offset, {
      maxDepth: options.maxDepth,
      lastIsOpen: !more && scanner.openScalar,
    });
    const warnings = scanner.takeWarnings();
    if (warnings.length > 0) yield { block: window.block, rows: [], consumed: window.offset, warnings };
    if (!more) return;
  }
}

/** What the input ends in: an element that is cut off, an array that never closes, or damage. */
function finish(
  pool: RowPool,
  window: ByteWindow,
  scanner: ElementScanner,
  oversized: number | undefined,
  options: FramingOptions,
): void {
  const { damage } = window.reader;
  const cut = scanner.open && !scanner.openScalar;
  if (scanner.open) {
    const broken = scanner.broken;
    scanner.end = window.end;
    const row = pushElement(pool, window, scanner, oversized, options);
    if (damage !== undefined) row.problem = damage;
    else if (cut && !broken) row.problem ??= truncatedRow(row.offset);
  }
  window.start = window.end;
  const problem = cut ? undefined : (damage ?? (scanner.inArray ? unclosedArray(window.offset) : undefined));
  if (problem === undefined) return;
  pool.add(scanner.currentLine, window.offset, window.end, window.end, problem);
}

function pushElement(
  pool: RowPool,
  window: ByteWindow,
  scanner: ElementScanner,
  oversized: number | undefined,
  options: FramingOptions,
): Row {
  const start = oversized === undefined ? scanner.start : window.start;
  const offset = oversized ?? window.base + start;
  const size = window.base + scanner.end - offset;
  let { end } = scanner;
  while (end > start && isSpace(window.block[end - 1])) end--;
  let problem: Problem | undefined;
  if (size > options.maxRowBytes) problem = rowTooLarge(size, options.maxRowBytes);
  else if (scanner.tooDeep) problem = nestedTooDeep(options.maxDepth);
  return pool.add(scanner.line, offset, start, end, problem);
}

function unclosedArray(offset: number): Problem {
  return {
    ...truncatedRow(offset),
    message: `the input ends at byte ${offset} inside a list that is never closed: rows may be missing`,
  };
}

async function skipByteOrderMark(window: ByteWindow): Promise<void> {
  while (window.end < 3 && (await window.fill()));
  window.start += byteOrderMarkLength(window.filled());
}
