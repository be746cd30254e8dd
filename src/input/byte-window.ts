import type { ByteReader } from './byte-reader.js';
import type { RowDigester } from './row.js';

/** How a framer reads. Sizes are in bytes. */
export interface FramingOptions {
  maxRowBytes: number;
  maxDepth: number;
  /** Size of one read, and of the block while rows are shorter than it. */
  blockBytes: number;
  /** Looks at rows before they are parsed. */
  digester?: RowDigester | undefined;
}

export const defaultBlockBytes = 256 * 1024;

/**
 * A window that slides over an input. What is not consumed is carried to the front of one reused block, which grows
 * while a row is longer than it and shrinks again. Bytes outside of `start..end` have no meaning.
 */
export class ByteWindow {
  block: Buffer;
  /** First byte that is not consumed. Framers advance it. */
  start = 0;
  end = 0;
  /** Offset in the input of `block[0]`. */
  base: number;
  ended = false;
  readonly reader: ByteReader;
  private readonly blockBytes: number;

  /** `base`: offset in the input of the first byte that the reader gives. */
  constructor(reader: ByteReader, blockBytes: number, base = 0) {
    this.reader = reader;
    this.base = base;
    this.blockBytes = blockBytes;
    this.block = Buffer.allocUnsafeSlow(blockBytes);
  }

  /** The block without the stale bytes after `end`, so that `indexOf` does not find them. */
  filled(): Buffer {
    return this.block.subarray(0, this.end);
  }

  /** Offset in the input of the first byte that is not consumed. */
  get offset(): number {
    return this.base + this.start;
  }

  /** Carries the rest to the front and reads more. Positions in the block move down by the old `start`. */
  async fill(): Promise<boolean> {
    const carried = this.end - this.start;
    this.makeRoom(carried);
    const room = Math.min(this.blockBytes, this.block.length - carried);
    const count = await this.reader.read(this.block, this.end, room);
    this.end += count;
    this.ended = count === 0;
    return !this.ended;
  }

  private makeRoom(carried: number): void {
    let size = this.blockBytes;
    while (size - carried < this.blockBytes / 2) size *= 2;
    // Shrinking late keeps rows of about the block's size from allocating a block each time.
    if (size > this.block.length || size * 4 <= this.block.length) {
      const block = Buffer.allocUnsafeSlow(size);
      this.block.copy(block, 0, this.start, this.end);
      this.block = block;
    } else if (this.start > 0) {
      this.block.copyWithin(0, this.start, this.end);
    }
    this.base += this.start;
    this.start = 0;
    this.end = carried;
  }

  /** Consumes a fixed number of bytes at the beginning, e.g. a byte order mark. */
  async skip(bytes: number): Promise<void> {
    let left = bytes;
    while (left > 0) {
      if (this.start === this.end && !(await this.fill())) return;
      const step = Math.min(left, this.end - this.start);
      this.start += step;
      left -= step;
    }
  }
}

/** Length of a UTF-8 byte order mark at `at`: 3 or 0. */
export function byteOrderMarkLength(bytes: Buffer, at = 0): number {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? 3 : 0;
}
