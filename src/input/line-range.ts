import { closeSync, openSync, readSync } from 'node:fs';
import { attempt, type ByteReader } from './byte-reader.js';

const lineFeed = 0x0a;
/** Most lines are shorter. */
const stepBytes = 8 * 1024;

/** A part of a file: the lines that begin in it. */
export interface LineRange {
  path: string;
  /** Any byte; the range begins with the first line that begins here or later. */
  from: number;
  /** As `from`, of the next range; infinite for the last one, so that a file that grows is read to its end. */
  to: number;
}

/** The bytes of a range, from the first byte of a line. */
export interface LineRangeReader extends ByteReader {
  /** Offset in the file of the first byte. */
  readonly start: number;
}

/** Cuts a file into ranges of about this size. */
export function* lineRanges(path: string, fileBytes: number, rangeBytes: number): Generator<LineRange> {
  for (let from = 0; from < fileBytes; from += rangeBytes) {
    const to = from + rangeBytes;
    yield { path, from, to: to < fileBytes ? to : Infinity };
  }
}

/** Reads in the calling thread: whoever cuts a file into ranges reads several at once, or wants no more than one core. */
export function openLineRange({ path, from, to }: LineRange, starts = new LineStarts()): LineRangeReader {
  const file = attempt(path, () => openSync(path, 'r'));
  const read = (into: Buffer, at: number, length: number, position: number): number =>
    attempt(path, () => readSync(file, into, at, length, position));
  const start = starts.next(path, from, read);
  const end = starts.next(path, to, read);
  let position = start;
  return {
    start,
    async read(into, at, length) {
      const count = read(into, at, Math.min(length, end - position), position);
      position += count;
      return count;
    },
    async close() {
      closeSync(file);
    },
  };
}

type Read = (into: Buffer, at: number, length: number, position: number) => number;

/**
 * Finds where lines begin, and remembers where it looked last: a line that goes over many ranges is not searched for its
 * end by each of them.
 */
export class LineStarts {
  private path: string | undefined;
  /** No line begins between the two but at the second. */
  private from = 0;
  private found = 0;

  /** Offset of the first line that begins at `position` or later, or of the end of the file. */
  next(path: string, position: number, read: Read): number {
    if (position === 0 || position === Infinity) return position;
    if (path === this.path && this.from <= position && position <= this.found) return this.found;
    this.path = path;
    this.from = position;
    this.found = search(position, read);
    return this.found;
  }
}

function search(position: number, read: Read): number {
  const step = Buffer.allocUnsafe(stepBytes);
  // The line feed may be the byte before.
  for (let at = position - 1; ;) {
    const count = read(step, 0, stepBytes, at);
    if (count === 0) return at;
    const found = step.subarray(0, count).indexOf(lineFeed);
    if (found !== -1) return at + found + 1;
    at += count;
  }
}
