import type { BodyStore } from '../bodies/body-store.js';
import type { LeftRow, RangeDigest } from '../digest/range-digester.js';
import { emptyDigest, RowDigests } from '../digest/row-digests.js';
import type { FramingOptions } from '../input/byte-window.js';
import type { InputFile } from '../input/input-file.js';
import { framedLines } from '../input/json-lines.js';
import { parsedParts, parseJsonRows } from '../input/json-row.js';
import { LineStarts, openLineRange, type LineRange } from '../input/line-range.js';
import type { Row, RowBatch } from '../input/row.js';
import type { Planner } from './planner.js';

/** Where a range was read to. */
export interface RangeEnd {
  /** Byte offset in the file. */
  end: number;
  /** 1-based. */
  nextLine: number;
}

/** Rows that go the long way together. Bytes. */
const mostAtOnce = 256 * 1024;

/**
 * Takes the rows of a range of a running input into the plan, in their order: digested ones as they are, the others
 * as any row is taken. The plan is the same as if all of them had gone the long way.
 */
export class RangePlacer {
  private readonly digest = emptyDigest();
  private readonly starts = new LineStarts();

  constructor(
    private readonly planner: Planner,
    private readonly bodies: BodyStore,
    private readonly framing: FramingOptions,
  ) {}

  /** `firstLine`: of the range, 1-based. */
  async place(input: InputFile, range: LineRange, digest: RangeDigest, firstLine: number): Promise<RangeEnd> {
    const { digested, end } = digest;
    if (digested === undefined) return this.placeUndigested(input, range, firstLine);
    this.bodies.extents.reach(end);
    const rows = new RowDigests(digested.rows);
    let position = 0;
    for (const run of runsOf(digested.left)) {
      position = this.placeDigested(input, rows, position, run[0]!.before, firstLine);
      this.placeLeft(input, run, firstLine);
    }
    this.placeDigested(input, rows, position, rows.count, firstLine);
    return { end, nextLine: firstLine + digested.lines };
  }

  private placeDigested(
    input: InputFile,
    rows: RowDigests,
    from: number,
    to: number,
    firstLine: number,
  ): number {
    const { digest } = this;
    for (let position = from; position < to; position++) {
      rows.read(position, digest);
      const line = firstLine + digest.line;
      if (this.planner.addDigest(input, digest, line)) continue;
      const { offset, length } = digest;
      const row = { before: position, line: digest.line, lineOffset: offset, offset, length };
      this.placeLeft(input, [{ ...row, isOpen: false, problem: undefined }], firstLine);
    }
    return to;
  }

  private placeLeft(input: InputFile, left: readonly LeftRow[], firstLine: number): void {
    const first = left[0]!;
    const last = left.at(-1)!;
    // The line feed before tells that the line begins there, should a column have to be named.
    const base = Math.max(0, first.lineOffset - 1);
    const consumed = last.offset + last.length;
    const block = Buffer.allocUnsafe(consumed - base);
    this.bodies.readRange('input', block, 0, block.length, this.bodies.extents.global(base));
    const rows: Row[] = left.map(({ line, offset, length, problem }) => ({
      line: firstLine + line,
      offset,
      start: offset - base,
      end: offset - base + length,
      value: undefined,
      problem,
    }));
    const batch: RowBatch = { block, rows, consumed, warnings: [] };
    parseJsonRows(batch, { maxDepth: this.framing.maxDepth, lastIsOpen: last.isOpen });
    this.planner.add(input, batch, 0);
  }

  private async placeUndigested(input: InputFile, range: LineRange, firstLine: number): Promise<RangeEnd> {
    const { planner, framing } = this;
    const reader = openLineRange(range, this.starts);
    let end = reader.start;
    let nextLine = firstLine;
    try {
      const origin = { offset: reader.start, line: firstLine };
      for await (const framed of framedLines(reader, framing, origin)) {
        const { block, rows, consumed, isLast } = framed;
        this.bodies.extents.reach(consumed);
        const options = { maxDepth: framing.maxDepth, lastIsOpen: isLast };
        for (const batch of parsedParts(block, rows, consumed, options)) planner.add(input, batch, 0);
        end = consumed;
        nextLine = framed.line;
      }
    } finally {
      await reader.close();
    }
    return { end, nextLine };
  }
}

/** Rows with no digested one between them, and not too many bytes. */
function* runsOf(left: readonly LeftRow[]): Generator<LeftRow[]> {
  let run: LeftRow[] = [];
  for (const row of left) {
    const first = run[0];
    const joins =
      first !== undefined &&
      first.before === row.before &&
      row.offset + row.length - first.offset <= mostAtOnce;
    if (!joins && first !== undefined) {
      yield run;
      run = [];
    }
    run.push(row);
  }
  if (run.length > 0) yield run;
}
