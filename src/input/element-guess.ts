import type { ElementScanner, ScannerPosition } from './element-scanner.js';
import { closeBrace, comma, isSpace, lineFeed, openBrace, quote } from './json-bytes.js';
import type { RowPool } from './row-pool.js';

/** Longer separators are not searched for. */
const separatorBytes = 256;
/** Bytes of elements that are guessed at once. */
const guessedBytes = 32 * 1024;
/** Bytes that may be parsed in vain, and one more for each of these that were elements. */
const vainBytes = 4 * guessedBytes;
const usefulPerVain = 16;

/**
 * Finds elements by what stands between them. In an export all elements begin with the same key, so `},{"id"`, with
 * the white space that is in it, is where one ends and the next begins, and to search for these bytes is ten times as
 * fast as to follow brackets and strings. The same may stand between objects within an element, and anywhere in what is
 * no JSON. So a guess has to be parsed: one complete JSON value is the element that the scanner would have found, and
 * everything else is left for the scanner to find.
 */
export class ElementGuess {
  /** Where the last element ends that `find` has added. */
  private end: ScannerPosition = { at: 0, line: 1, lineStart: 0 };
  /** From the closing brace of an element to the first key of the next one. */
  private separator: Buffer | undefined;
  /** Place of the opening brace in it. */
  private brace = 0;
  private useful = 0;
  private vain = 0;
  private lines: LineCounter | undefined;

  /** To be called when the block's bytes have moved or changed. */
  forget(): void {
    this.lines = undefined;
  }

  /** Learns from two elements that the scanner found: one that ended at `end`, and one that begins at `start`. */
  learn(bytes: Buffer, end: number, start: number): void {
    this.separator = undefined;
    if (this.isInVain) return;
    if (bytes[end - 1] !== closeBrace || bytes[start] !== openBrace) return;
    for (let at = end; at < start; at++) if (bytes[at] !== comma && !isSpace(bytes[at])) return;
    let key = start + 1;
    while (isSpace(bytes[key])) key++;
    if (bytes[key] !== quote) return;
    const keyEnd = bytes.indexOf(quote, key + 1);
    if (keyEnd === -1 || keyEnd - end >= separatorBytes) return;
    this.separator = Buffer.from(bytes.subarray(end - 1, keyEnd + 1));
    this.brace = start - end + 1;
  }

  /** Whether what it has learnt stands behind the element that ends at `end`. */
  follows(bytes: Buffer, end: number): boolean {
    const separator = this.separator;
    return (
      separator !== undefined &&
      end > 0 &&
      separator.equals(bytes.subarray(end - 1, end - 1 + separator.length))
    );
  }

  /** Adds the elements that seem to follow the one that the scanner has just passed. `base`: offset of the block. */
  find(pool: RowPool, bytes: Buffer, base: number, scanner: ElementScanner, maxRowBytes: number): void {
    const separator = this.separator;
    if (separator === undefined || !scanner.isBetween || !this.follows(bytes, scanner.at)) return;
    const lines = (this.lines ??= new LineCounter(bytes, scanner.position));
    const first = scanner.at;
    let end = first;
    while (end - first < guessedBytes) {
      const start = end - 1 + this.brace;
      const next = bytes.indexOf(separator, start);
      if (next === -1 || next + 1 - start > maxRowBytes) break;
      end = next + 1;
      pool.add(lines.goTo(start).line, base + start, start, end, undefined);
    }
    const { line, lineStart } = lines.goTo(end);
    this.end = { at: end, line, lineStart };
  }

  /**
   * Takes note of where the elements end that were right, of those that `find` has added behind `from`, and gives the
   * place to go on from.
   */
  judge(bytes: Buffer, from: ScannerPosition, end: number): ScannerPosition {
    this.useful += end - from.at;
    this.vain += this.end.at - end;
    if (this.isInVain) this.separator = undefined;
    if (end === this.end.at) return this.end;
    this.forget();
    const { line, lineStart } = new LineCounter(bytes, from).goTo(end);
    return { at: end, line, lineStart };
  }

  private get isInVain(): boolean {
    return this.vain > vainBytes + this.useful / usefulPerVain;
  }
}

/** Follows the lines to positions in ascending order. */
class LineCounter {
  line: number;
  lineStart: number;
  private readonly bytes: Buffer;
  private lineEnd: number;

  constructor(bytes: Buffer, from: ScannerPosition) {
    this.bytes = bytes;
    this.line = from.line;
    this.lineStart = from.lineStart;
    this.lineEnd = bytes.indexOf(lineFeed, from.at);
  }

  goTo(position: number): this {
    while (this.lineEnd !== -1 && this.lineEnd < position) {
      this.line++;
      this.lineStart = this.lineEnd + 1;
      this.lineEnd = this.bytes.indexOf(lineFeed, this.lineStart);
    }
    return this;
  }
}
