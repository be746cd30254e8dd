import { isUtf8 } from 'node:buffer';

import type { FramingOptions } from '../input/byte-window.js';
import { framedLines, type FramedBlock } from '../input/json-lines.js';
import { LineStarts, openLineRange, type LineRange } from '../input/line-range.js';
import type { Problem, Row } from '../input/row.js';
import { NativeRowReader } from './native-row-reader.js';
import { RowDigests, type PackedDigests } from './row-digests.js';

export interface DigestOptions extends FramingOptions {
  /** Microseconds since the epoch. */
  now: number;
}

/** A row that has to go the long way: some rule may act on it, or it is no row at all. */
export interface LeftRow {
  /** Digested rows of the range before it. */
  before: number;
  /** Lines between the first one of the range and the row's. */
  line: number;
  /** Of its line and of the row in it: byte offsets in the file. */
  lineOffset: number;
  offset: number;
  length: number;
  /** The row ends with the file. */
  isOpen: boolean;
  problem: Problem | undefined;
}

/** What became of the lines of a range. */
export interface RangeDigest {
  /** Byte offset in the file up to which it was read. */
  end: number;
  /** Undefined where so many rows have to go the long way that the whole range should. */
  digested: { lines: number; rows: PackedDigests; left: LeftRow[] } | undefined;
}

const lineFeed = 0x0a;
/** Rows after which a range is judged, and the share of left ones that is too many. */
const judgedFrom = 64;
const mostLeft = 0.5;
/** More than the first rows of a range let expect: the others may be shorter. */
const spareRoom = 1.1;

/** Reads, checks and digests the native rows of ranges of files. */
export class RangeDigester {
  private readonly reader = new NativeRowReader();
  private readonly starts = new LineStarts();

  constructor(private readonly options: DigestOptions) {}

  async digest(range: LineRange): Promise<RangeDigest> {
    const file = openLineRange(range, this.starts);
    const { start } = file;
    const digests = new RowDigests();
    const left: LeftRow[] = [];
    let lines = 0;
    let end = start;
    try {
      for await (const framed of framedLines(file, this.options, { offset: start, line: 0 })) {
        this.digestBlock(framed, digests, left);
        const rows = digests.count + left.length;
        if (rows >= judgedFrom && left.length > rows * mostLeft) return { end, digested: undefined };
        if (lines === 0) digests.reserve(expectedRows(digests.count, framed.consumed - start, range));
        lines = framed.line;
        end = framed.consumed;
      }
    } finally {
      await file.close();
    }
    return { end, digested: { lines, rows: digests.pack(), left } };
  }

  private digestBlock({ block, rows, isLast }: FramedBlock, digests: RowDigests, left: LeftRow[]): void {
    if (rows.length === 0) return;
    const { reader } = this;
    const { digest } = reader;
    const { maxDepth, now } = this.options;
    const areValid = isUtf8(block.subarray(rows.rows[0]!.start, rows.rows[rows.length - 1]!.end));
    reader.open(block);
    for (let position = 0; position < rows.length; position++) {
      const row = rows.rows[position]!;
      const { start, end } = row;
      const mayPass = row.problem === undefined && (areValid || isUtf8(block.subarray(start, end)));
      if (mayPass && reader.read(start, end, maxDepth, now)) {
        digest.offset = row.offset;
        digest.line = row.line;
        digests.add(digest);
      } else {
        left.push(leftRow(block, row, digests.count, isLast));
      }
    }
  }
}

/** Judged by the first rows of a range; 0 where nothing can be told. */
function expectedRows(rows: number, bytes: number, { from, to }: LineRange): number {
  return bytes === 0 || to === Infinity ? 0 : Math.ceil((rows / bytes) * (to - from) * spareRoom);
}

function leftRow(block: Buffer, row: Row, before: number, isOpen: boolean): LeftRow {
  const { line, offset, start, end, problem } = row;
  // The first bytes of a row that is too large are gone, and so is its line's beginning.
  const isWhole = problem === undefined;
  const indent = isWhole && start > 0 ? start - (block.lastIndexOf(lineFeed, start - 1) + 1) : 0;
  return {
    before,
    line,
    lineOffset: offset - indent,
    offset,
    length: isWhole ? end - start : 0,
    isOpen,
    problem,
  };
}
