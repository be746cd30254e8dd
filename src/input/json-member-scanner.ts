import type { ScannerPosition } from './element-scanner.js';
import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  endsScalar,
  isSpace,
  lineFeed,
  openBrace,
  openBracket,
  quote,
} from './json-bytes.js';
import { ScannedLines } from './scanned-lines.js';

/** Members of objects are told down to this level; what lies deeper is passed over. */
const toldLevels = 2;
/** Longer keys are cut: no key that means anything here is as long. */
const keyBytes = 64;

/**
 * - `document`: a value at the top begins at `at`.
 * - `member`: the value of the member at `path` begins at `at`.
 * - `element`: the first element of the array at `path` begins at `at`.
 * - `end`: the array or object at the top ended before `at`.
 */
export type MemberEvent = 'document' | 'member' | 'element' | 'end';

/**
 * Walks the outermost members of JSON documents, wherever the bytes are cut into blocks. It believes what it sees: of
 * values that are no JSON it only follows the brackets and strings.
 */
export class JsonMemberScanner {
  /** Next byte to look at. After the block moved, `shift` it. */
  at: number;
  /** Keys from the top to the member at hand. */
  path: string[] = [];

  private readonly lines = new ScannedLines();
  private depth = 0;
  /** The opening bracket of each level from which something is told. */
  private readonly openers: number[] = [];
  private expected: MemberEvent | undefined = 'document';
  private inString = false;
  private inScalar = false;
  private escaped = false;
  private expectsKey = false;
  /** The key that is being read. */
  private key: number[] | undefined;

  constructor(at = 0) {
    this.at = at;
  }

  /** True between the brackets of a document. */
  get inDocument(): boolean {
    return this.depth > 0;
  }

  /** Of the next byte to look at. */
  get position(): ScannerPosition {
    return { at: this.at, line: this.lines.line, lineStart: this.lines.lineStart };
  }

  /** Follows a block whose bytes moved down. */
  shift(bytes: number): void {
    this.at -= bytes;
    this.lines.shift(bytes);
  }

  /** Goes on behind a value that somebody else has read. */
  resume(position: ScannerPosition): void {
    this.at = position.at;
    this.lines.resume(position);
  }

  /** Goes on to the next event. Undefined: the bytes are used up first. */
  next(bytes: Buffer): MemberEvent | undefined {
    while (this.at < bytes.length) {
      if (this.inScalar && !this.passScalar(bytes)) return undefined;
      const byte = bytes[this.at] ?? 0;
      if (this.inString) {
        this.readString(byte);
      } else if (isSpace(byte)) {
        if (byte === lineFeed) this.lines.break(this.at);
      } else {
        const event = this.expect(byte);
        if (event !== undefined) return event;
        if (this.readStructure(byte)) return 'end';
        continue;
      }
      this.at++;
    }
    return undefined;
  }

  /** The event for a value that begins with this byte; told once. */
  private expect(byte: number): MemberEvent | undefined {
    const expected = this.expected;
    if (expected === undefined || (expected === 'document' && byte === comma)) return undefined;
    this.expected = undefined;
    return expected === 'element' && byte === closeBracket ? undefined : expected;
  }

  /** True where the byte ends a document. */
  private readStructure(byte: number): boolean {
    this.at++;
    switch (byte) {
      case quote:
        this.inString = true;
        this.key = this.expectsKey ? [] : undefined;
        this.expectsKey = false;
        return false;
      case openBrace:
      case openBracket:
        this.open(byte);
        return false;
      case closeBrace:
      case closeBracket:
        return this.close();
      case colon:
        if (this.inToldObject()) this.expected = 'member';
        return false;
      case comma:
        this.expectsKey = this.inToldObject();
        return false;
      default:
        this.inScalar = true;
        return false;
    }
  }

  /** Goes on to the end of a number or a bare word. False: it is not in these bytes. */
  private passScalar(bytes: Buffer): boolean {
    while (this.at < bytes.length && !endsScalar(bytes[this.at])) this.at++;
    if (this.at === bytes.length) return false;
    this.inScalar = false;
    if (this.depth === 0) this.expected = 'document';
    return true;
  }

  private open(byte: number): void {
    const isTold = this.depth === 0 || this.inToldObject();
    if (isTold) this.openers.length = this.depth;
    this.depth++;
    if (!isTold) return;
    this.openers.push(byte);
    if (byte === openBracket) this.expected = 'element';
    else this.expectsKey = this.inToldObject();
  }

  private close(): boolean {
    this.expectsKey = false;
    if (this.depth === 0) {
      this.expected = 'document';
      return false;
    }
    this.depth--;
    if (this.openers.length > this.depth) this.openers.length = this.depth;
    if (this.depth > 0) return false;
    this.expected = 'document';
    this.path = [];
    return true;
  }

  private inToldObject(): boolean {
    return (
      this.depth > 0 &&
      this.depth <= toldLevels &&
      this.openers.length === this.depth &&
      this.openers[this.depth - 1] === openBrace
    );
  }

  private readString(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === backslash) this.escaped = true;
    else if (byte === quote) {
      this.endString();
      return;
    }
    // No valid string holds one, but the lines after it should be counted right.
    if (byte === lineFeed) this.lines.break(this.at);
    if (this.key !== undefined && this.key.length < keyBytes) this.key.push(byte);
  }

  private endString(): void {
    this.inString = false;
    if (this.depth === 0) this.expected = 'document';
    if (this.key === undefined) return;
    this.path = [...this.path.slice(0, this.depth - 1), Buffer.from(this.key).toString()];
    this.key = undefined;
  }
}
