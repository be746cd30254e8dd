import type { Warning } from './row.js';

/** A place in a block, to go on from. */
export interface ScannerPosition {
  at: number;
  /** 1-based line of that byte, and where the line begins. */
  line: number;
  lineStart: number;
}

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
  /** True where the next element may begin, with nothing but separators before it. */
  readonly isBetween: boolean;
  /** Of the next byte to look at. */
  readonly position: ScannerPosition;
  /** Goes on behind elements that somebody else has found, from a place between two of them. */
  resume(position: ScannerPosition): void;
  /** Follows a block whose bytes moved down. */
  shift(bytes: number): void;
  /** Goes on to the end of an element. False: the bytes are used up first, and more of them may continue it. */
  next(bytes: Buffer): boolean;
  /** The warnings since the last call. */
  takeWarnings(): Warning[];
}
