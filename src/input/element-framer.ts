import type { ByteWindow, FramingOptions } from './byte-window.js';
import { ElementGuess } from './element-guess.js';
import type { ElementScanner } from './element-scanner.js';
import { isSpace } from './json-bytes.js';
import { parseJsonRows, parsedParts } from './json-row.js';
import { nestedTooDeep, rowTooLarge, truncatedRow } from './row-problems.js';
import { RowPool } from './row-pool.js';
import type { Problem, Row, RowBatch } from './row.js';

/** Takes the elements that the scanner finds, and those that are guessed between them, as rows; block by block. */
export class ElementFramer {
  private readonly window: ByteWindow;
  private readonly scanner: ElementScanner;
  private readonly options: FramingOptions;
  private readonly guess = new ElementGuess();
  private readonly pool = new RowPool();
  /** Where the element began whose bytes are being dropped because they are too many. */
  private oversized: number | undefined;

  constructor(window: ByteWindow, scanner: ElementScanner, options: FramingOptions) {
    this.window = window;
    this.scanner = scanner;
    this.options = options;
  }

  /** The elements that end in the block. */
  *frame(more: boolean): Generator<RowBatch> {
    const window = this.window;
    const scanner = this.scanner;
    const { maxDepth, digester } = this.options;
    this.guess.forget();
    for (let scanned = true; scanned;) {
      yield* this.takeGuesses();
      this.pool.clear();
      scanned = this.scan();
      if (!scanned) this.endBlock(more);
      const lastIsOpen = !scanned && !more && scanner.openScalar;
      yield* parsedParts(window.block, this.pool, window.offset, { maxDepth, lastIsOpen, digester });
    }
    const warnings = scanner.takeWarnings();
    if (warnings.length > 0) yield { block: window.block, rows: [], consumed: window.offset, warnings };
  }

  /** Elements that are guessed rightly, up to one that is not. */
  private *takeGuesses(): Generator<RowBatch> {
    const { block, base } = this.window;
    const { maxDepth, maxRowBytes, digester } = this.options;
    const scanner = this.scanner;
    const pool = this.pool;
    const bytes = this.window.filled();
    for (;;) {
      pool.clear();
      this.guess.find(pool, bytes, base, scanner, maxRowBytes);
      if (pool.length === 0) return;
      const rows = pool.rows.slice(0, pool.length);
      const batch: RowBatch = { block, rows, consumed: 0, warnings: [] };
      parseJsonRows(batch, { maxDepth, lastIsOpen: false, digester });
      const wrong = rows.find(({ problem }) => problem !== undefined);
      if (wrong !== undefined) cutBefore(batch, wrong);
      const end = batch.rows.at(-1)?.end ?? scanner.at;
      scanner.resume(this.guess.judge(bytes, scanner.position, end));
      this.window.start = end;
      batch.consumed = this.window.offset;
      if (batch.rows.length > 0) yield batch;
      for (const row of rows) row.value = row.digest = undefined;
      if (wrong !== undefined) return;
    }
  }

  /** Scans elements up to one behind which others can be guessed. False: the bytes are used up first. */
  private scan(): boolean {
    const bytes = this.window.filled();
    const scanner = this.scanner;
    let previousEnd: number | undefined;
    while (scanner.next(bytes)) {
      this.pushElement();
      this.oversized = undefined;
      this.window.start = scanner.at;
      if (previousEnd !== undefined) this.guess.learn(bytes, previousEnd, scanner.start);
      previousEnd = scanner.at;
      if (this.guess.follows(bytes, scanner.at)) return true;
    }
    return false;
  }

  /** Leaves the bytes of an open element in the window, but for one that is too large. */
  private endBlock(more: boolean): void {
    const window = this.window;
    const scanner = this.scanner;
    if (!more) {
      this.finish();
    } else if (!scanner.open) {
      window.start = scanner.at;
    } else if (this.oversized !== undefined || scanner.at - scanner.start > this.options.maxRowBytes) {
      this.oversized ??= window.base + scanner.start;
      window.start = Math.min(scanner.at, window.end);
    } else {
      window.start = scanner.start;
    }
  }

  /** What the input ends in: an element that is cut off, an array that never closes, or damage. */
  private finish(): void {
    const window = this.window;
    const scanner = this.scanner;
    const { damage } = window.reader;
    const cut = scanner.open && !scanner.openScalar;
    if (scanner.open) {
      const { broken } = scanner;
      scanner.end = window.end;
      const row = this.pushElement();
      if (damage !== undefined) row.problem = damage;
      else if (cut && !broken) row.problem ??= truncatedRow(row.offset);
    }
    window.start = window.end;
    const problem = cut
      ? undefined
      : (damage ?? (scanner.inArray ? unclosedArray(window.offset) : undefined));
    if (problem === undefined) return;
    this.pool.add(scanner.position.line, window.offset, window.end, window.end, problem);
  }

  private pushElement(): Row {
    const { block, base, start: windowStart } = this.window;
    const { maxRowBytes, maxDepth } = this.options;
    const scanner = this.scanner;
    const start = this.oversized === undefined ? scanner.start : windowStart;
    const offset = this.oversized ?? base + start;
    const size = base + scanner.end - offset;
    let { end } = scanner;
    while (end > start && isSpace(block[end - 1])) end--;
    let problem: Problem | undefined;
    if (size > maxRowBytes) problem = rowTooLarge(size, maxRowBytes);
    else if (scanner.tooDeep) problem = nestedTooDeep(maxDepth);
    return this.pool.add(scanner.line, offset, start, end, problem);
  }
}

/** Leaves the rows before the given one, and the warnings about them. */
function cutBefore(batch: RowBatch, row: Row): void {
  batch.rows = batch.rows.slice(0, batch.rows.indexOf(row));
  batch.warnings = batch.warnings.filter(({ offset = 0 }) => offset < row.offset);
}

function unclosedArray(offset: number): Problem {
  return {
    ...truncatedRow(offset),
    message: `the input ends at byte ${offset} inside a list that is never closed: rows may be missing`,
  };
}
