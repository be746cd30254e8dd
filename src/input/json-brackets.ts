import { closeBrace, colon, comma, openBrace, openBracket } from './json-bytes.js';

/** The brackets that are open within one element. */
export class JsonBrackets {
  /** Levels that are open; below 0 where more were closed than opened. */
  depth = 0;
  /** The element was nested deeper than the limit. */
  tooDeep = false;
  /** Some bracket, of this element or of one before it, was closed by one of the other kind. */
  wereCrossed = false;
  /** The opening bracket of each level up to the limit. */
  private readonly openers: Uint8Array;
  private readonly maxDepth: number;

  constructor(maxDepth: number) {
    this.maxDepth = maxDepth;
    this.openers = new Uint8Array(maxDepth + 1);
  }

  /** Begins another element. */
  begin(): void {
    this.depth = 0;
    this.tooDeep = false;
  }

  /** A bracket inside an object follows a colon, inside an array a comma; else a closing one is missing before it. */
  mayOpen(previous: number): boolean {
    if (this.depth === 0 || this.depth > this.maxDepth) return true;
    return this.openers[this.depth - 1] === openBrace
      ? previous === colon
      : previous === comma || previous === openBracket;
  }

  open(opener: number): void {
    if (this.depth < this.maxDepth) this.openers[this.depth] = opener;
    else this.tooDeep = true;
    this.depth++;
  }

  /** Closes the innermost level that the bracket fits. True at the end of the element; below 0, past its end. */
  close(closer: number): boolean {
    const opener = closer === closeBrace ? openBrace : openBracket;
    this.depth--;
    while (this.depth >= 0 && this.depth < this.maxDepth && this.openers[this.depth] !== opener) {
      this.wereCrossed = true;
      this.depth--;
    }
    return this.depth <= 0;
  }
}
