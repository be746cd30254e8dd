import { backslash, lineFeed, quote } from './json-bytes.js';

/** Short strings are walked; only beyond this many bytes does a native search pay for its call. */
const walkedBytes = 24;

/** Finds the end of a JSON string, which may lie in a later block than its beginning. */
export class JsonStringScanner {
  /** Where the scan stopped: behind the closing quote, at the line feed that breaks the string, or where to go on. */
  at = 0;
  /** First line feed at or after the last place that asked for it. */
  private lineFeedAhead = -1;

  /** To be called when the block's bytes have moved or changed. */
  forget(): void {
    this.lineFeedAhead = -1;
  }

  /** Scans from a place inside a string that is not behind a backslash. No valid string holds a line feed. */
  scan(bytes: Buffer, from: number): 'closed' | 'broken' | 'open' {
    const end = bytes.length;
    let at = from;
    for (;;) {
      const walked = Math.min(at + walkedBytes, end);
      while (at < walked) {
        const byte = bytes[at];
        if (byte === quote) return this.stop(at + 1, 'closed');
        if (byte === lineFeed) return this.stop(at, 'broken');
        if (byte === backslash) {
          if (at + 1 >= end) return this.stop(at, 'open');
          at++;
        }
        at++;
      }
      if (at >= end) return this.stop(at, 'open');

      const found = bytes.indexOf(quote, at);
      const stop = found === -1 ? end : found;
      const broken = this.findLineFeed(bytes, at);
      if (broken < stop) return this.stop(broken, 'broken');
      let backslashes = 0;
      while (stop - backslashes > at && bytes[stop - backslashes - 1] === backslash) backslashes++;
      const escaped = backslashes % 2 === 1;
      if (found === -1) return this.stop(escaped ? end - 1 : end, 'open');
      at = found + 1;
      if (!escaped) return this.stop(at, 'closed');
    }
  }

  private stop<Outcome>(at: number, outcome: Outcome): Outcome {
    this.at = at;
    return outcome;
  }

  private findLineFeed(bytes: Buffer, at: number): number {
    if (this.lineFeedAhead < at) {
      const found = bytes.indexOf(lineFeed, at);
      this.lineFeedAhead = found === -1 ? bytes.length : found;
    }
    return this.lineFeedAhead;
  }
}
