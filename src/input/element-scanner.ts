import type { Warning } from './row.js';

/** Finds the elements that are rows in blocks of bytes. Positions are those in the block. */
export interface ElementScanner {
  /** Next byte to look at. */
  readonly at: number;
  /** The element that `next` has found, or that is open. */
  readonly start: number;
  end: number;
  /** 1-based line on which that element begins. */
  readonly line: number;
  readonly tooDeep: boolean;
  /** True while an element has begun and not ended. */
  readonly open: boolean;
  /** True while the open element is a bare word or number, which the end of the input completes. */
  readonly openScalar: boolean;
  /** True while the open element is known to be broken. */
  readonly broken: boolean;
  /** True within brackets around the elements. */
  readonly inArray: boolean;
  /** 1-based line of the next byte. */
  readonly currentLine: number;
  /** Follows a block whose bytes moved down. */
  shift(bytes: number): void;
  /** Goes on to the end of an element. False: the bytes are used up first, and more of them may continue it. */
  next(bytes: Buffer): boolean;
  /** The warnings since the last call. */
  takeWarnings(): Warning[];
}
