import type { ScannerPosition } from './element-scanner.js';
import { beginsElement, lineFeed } from './json-bytes.js';

/** The line that a scanner is on. Positions are those in the block. */
export class ScannedLines {
  /** 1-based. */
  line = 1;
  lineStart = 0;

  /** Goes on to the line behind the line feed at `at`. */
  break(at: number): void {
    this.line++;
    this.lineStart = at + 1;
  }

  /** Follows a block whose bytes moved down. */
  shift(bytes: number): void {
    this.lineStart -= bytes;
  }

  resume({ line, lineStart }: Omit<ScannerPosition, 'at'>): void {
    this.line = line;
    this.lineStart = lineStart;
  }

  /**
   * Looks from `from` on for a line on which an element can begin again, behind `indent` bytes of white space at most.
   * Where none is found, `at` is where to look on when there are more bytes.
   */
  seekElement(bytes: Buffer, from: number, indent: number): { found: boolean; at: number } {
    let at = from;
    for (;;) {
      if (at === this.lineStart) {
        let first = at;
        const deepest = at + indent;
        while (first < bytes.length && first <= deepest && (bytes[first] === 0x20 || bytes[first] === 0x09))
          first++;
        if (first >= bytes.length) return { found: false, at };
        if (first <= deepest && beginsElement(bytes[first])) return { found: true, at };
      }
      const end = bytes.indexOf(lineFeed, at);
      if (end === -1) return { found: false, at: Math.max(at, bytes.length) };
      this.break(end);
      at = end + 1;
    }
  }
}
