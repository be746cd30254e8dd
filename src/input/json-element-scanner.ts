import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  endsScalar,
  lineFeed,
  openBrace,
  openBracket,
  quote,
} from './json-bytes.js';
import type { ElementScanner, ScannerPosition } from './element-scanner.js';
import { JsonBrackets } from './json-brackets.js';
import { JsonStringScanner } from './json-string-scanner.js';
import type { Warning } from './row.js';
import { ScannedLines } from './scanned-lines.js';

type Inside = 'nothing' | 'container' | 'string' | 'scalar' | 'broken';

/**
 * Finds the elements of JSON arrays and of concatenated JSON values by their brackets and strings alone, wherever the
 * bytes are cut into blocks. Separators are taken leniently: arrays may follow one another, commas may be missing.
 *
 * An element whose brackets cannot match is given up at the next line that begins, no deeper indented than the element
 * did, with a bracket or a comma; so is one with a line break inside a string. Everything else that is wrong inside of
 * an element is left for the parser to find, and does not touch its neighbours.
 */
export class JsonElementScanner implements ElementScanner {
  /** Next byte to look at. After the block moved, `shift` it. */
  at: number;
  /** Block positions of the element that `next` has found. */
  start = 0;
  end = 0;
  /** 1-based line on which that element begins. */
  line = 1;
  /** A closing bracket that nothing opened. */
  stray = false;
  /** Set behind the end of the only array that is scanned. */
  closed = false;

  /** True between the brackets of an array that holds the elements. */
  inArray = false;

  private inside: Inside = 'nothing';
  /** What contains the string that is being scanned. */
  private around: Inside = 'nothing';
  private readonly brackets: JsonBrackets;
  private readonly maxRowBytes: number;
  /** The last byte in a container that is no white space. */
  private previous = 0;
  private wasBroken = false;
  private readonly lines = new ScannedLines();
  /** Column at which the element begins, in bytes from 0. */
  private indent = 0;
  private readonly string = new JsonStringScanner();
  private readonly onlyArray: boolean;

  /** @param array the line of an array that begins at `at`: only that array is scanned, up to its end */
  constructor(
    limits: { maxDepth: number; maxRowBytes: number },
    at = 0,
    array?: { line: number; lineStart: number },
  ) {
    this.maxRowBytes = limits.maxRowBytes;
    this.brackets = new JsonBrackets(limits.maxDepth);
    this.at = at;
    this.onlyArray = array !== undefined;
    if (array !== undefined) this.lines.resume(array);
  }

  get tooDeep(): boolean {
    return this.brackets.tooDeep;
  }

  /** True while an element has begun and not ended. */
  get open(): boolean {
    return this.inside !== 'nothing';
  }

  /** True while the open element is a bare word or number, which the end of the input completes. */
  get openScalar(): boolean {
    return this.inside === 'scalar';
  }

  /** True while the open element is known to be broken. */
  get broken(): boolean {
    return this.inside === 'broken';
  }

  get isBetween(): boolean {
    return !this.open && (this.inArray || !this.onlyArray);
  }

  get position(): ScannerPosition {
    return { at: this.at, line: this.lines.line, lineStart: this.lines.lineStart };
  }

  resume(position: ScannerPosition): void {
    this.at = position.at;
    this.lines.resume(position);
  }

  takeWarnings(): Warning[] {
    return [];
  }

  /** Follows a block whose bytes moved down. */
  shift(bytes: number): void {
    this.at -= bytes;
    this.start -= bytes;
    this.lines.shift(bytes);
    this.string.forget();
  }

  /** Goes on to the end of an element. False: the bytes are used up first, and more of them may continue it. */
  next(bytes: Buffer): boolean {
    this.stray = false;
    for (;;) {
      switch (this.inside) {
        case 'nothing':
          if (!this.begin(bytes)) return false;
          if (this.stray) return true;
          break;
        case 'scalar':
          if (!this.scanScalar(bytes)) return false;
          return this.complete(this.at);
        case 'string':
          if (!this.scanString(bytes)) return false;
          if (!this.open) return this.complete(this.at);
          break;
        case 'container':
          if (!this.scanContainer(bytes)) return false;
          if (!this.open) return this.complete(this.at);
          break;
        case 'broken':
          if (!this.seekLine(bytes)) return false;
          return this.complete(this.at);
      }
    }
  }

  private complete(end: number): true {
    this.end = end;
    this.inside = 'nothing';
    return true;
  }

  /** Looks for the first byte of an element between elements. */
  private begin(bytes: Buffer): boolean {
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      if (byte === lineFeed) this.lines.break(this.at);
      else if (byte === openBracket && !this.inArray) this.inArray = true;
      else if (byte === closeBracket && this.inArray) {
        this.inArray = false;
        if (this.onlyArray) {
          this.closed = true;
          this.at++;
          return false;
        }
      } else if (byte === closeBracket || byte === closeBrace) {
        // After a broken element the brackets are known to be off; that was told once.
        if (!this.wasBroken && !this.brackets.wereCrossed) return this.beginStray();
      } else if (byte !== comma && byte !== 0x20 && byte !== 0x0d && byte !== 0x09) {
        this.beginElement(byte);
        return true;
      }
      this.at++;
    }
    return false;
  }

  private beginStray(): true {
    this.beginElement(undefined);
    this.inside = 'nothing';
    this.wasBroken = true;
    this.stray = true;
    this.at++;
    this.end = this.at;
    return true;
  }

  private beginElement(byte: number | undefined): void {
    this.start = this.at;
    this.line = this.lines.line;
    this.indent = this.at - this.lines.lineStart;
    this.brackets.begin();
    this.around = 'nothing';
    if (byte === quote) {
      this.inside = 'string';
      this.at++;
    } else {
      this.inside = byte === openBrace || byte === openBracket ? 'container' : 'scalar';
      this.previous = colon;
    }
  }

  private scanScalar(bytes: Buffer): boolean {
    while (this.at < bytes.length && !endsScalar(bytes[this.at])) this.at++;
    return this.at < bytes.length;
  }

  /** Scans a container up to its end, to a string that does not close in these bytes, or to what cannot be. */
  private scanContainer(bytes: Buffer): boolean {
    const end = bytes.length;
    let at = this.at;
    let previous = this.previous;
    const brackets = this.brackets;
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0;
      switch (byte) {
        case 0x20:
        case 0x09:
        case 0x0d:
          break;
        case lineFeed:
          this.lines.break(at);
          break;
        case quote:
          previous = quote;
          if (this.string.scan(bytes, at + 1) !== 'closed') {
            // Left to the state for strings, which knows how to go on and how to give up.
            this.previous = previous;
            this.around = 'container';
            this.inside = 'string';
            this.at = at + 1;
            return true;
          }
          at = this.string.at - 1;
          break;
        case openBrace:
        case openBracket:
          if (!brackets.mayOpen(previous)) return this.giveUp(at);
          brackets.open(byte);
          previous = byte;
          break;
        case closeBrace:
        case closeBracket:
          if (brackets.close(byte)) {
            // The enclosing array's own bracket is not part of the element that failed to close before it.
            this.at = byte === closeBracket && this.inArray && brackets.depth < 0 ? at : at + 1;
            this.inside = 'nothing';
            return true;
          }
          previous = byte;
          break;
        default:
          previous = byte;
      }
    }
    this.at = at;
    this.previous = previous;
    return false;
  }

  private scanString(bytes: Buffer): boolean {
    const outcome = this.string.scan(bytes, this.at);
    this.at = this.string.at;
    if (outcome === 'broken') return this.giveUp(this.at);
    if (outcome === 'open') return false;
    this.inside = this.around;
    return true;
  }

  /**
   * The element is broken at `at`. The line that it is on may already be the next element's; of an element over the
   * limit that line may be gone.
   */
  private giveUp(at: number): true {
    this.inside = 'broken';
    this.wasBroken = true;
    const mayReturn = this.lines.lineStart > this.start && at - this.start <= this.maxRowBytes;
    this.at = mayReturn ? this.lines.lineStart : at;
    return true;
  }

  private seekLine(bytes: Buffer): boolean {
    const { found, at } = this.lines.seekElement(bytes, this.at, this.indent);
    this.at = at;
    return found;
  }
}
