const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface CsvDialect {
  /** One ASCII character. */
  delimiter: string;
  /** LF stands for LF and CRLF; CR for files that know no other line end. */
  lineEnd: typeof lineFeed | typeof carriageReturn;
}

/**
 * Finds where a CSV record ends, by the rules of csv-parse with `relax_quotes`: a quote opens a cell only as the
 * cell's first byte; inside, `""` is a quote; a quote before anything but a delimiter or line end makes the rest of
 * the cell plain text. A record may be scanned in several pieces, each going on where the last one stopped.
 */
export class CsvRecordScanner {
  /** Cells so far. */
  cells = 1;
  /** Length of the record's content, once it is complete. */
  contentLength = 0;
  /** Length with its line end, once it is complete. */
  length = 0;
  /** A quoted cell went over a line end and then closed where none may close: likely, its quote was a stray one. */
  doubtful = false;

  #position = 0;
  #state: 'cell start' | 'plain' | 'quoted' = 'cell start';
  #openedAt = 0;
  readonly #delimiter: number;
  readonly #lineEnd: number;

  constructor({ delimiter, lineEnd }: CsvDialect) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#lineEnd = lineEnd;
  }

  get inQuotes(): boolean {
    return this.#state === 'quoted';
  }

  /** Bytes of the record that were looked at. */
  get scanned(): number {
    return this.#position;
  }

  begin(): void {
    this.cells = 1;
    this.doubtful = false;
    this.#position = 0;
    this.#state = 'cell start';
  }

  /** Scans the record that begins at `start`. False: its end is not in these bytes. */
  scan(bytes: Buffer, start: number, ended: boolean): boolean {
    let at = start + this.#position;
    while (at < bytes.length) {
      if (this.#state === 'quoted') {
        const found = this.#findClosingQuote(bytes, at, start, ended);
        at = found.at;
        if (!found.closed) break;
        this.#state = 'plain';
        continue;
      }
      const byte = bytes[at];
      if (byte === this.#lineEnd) {
        const afterReturn = byte === lineFeed && at > start && bytes[at - 1] === carriageReturn;
        this.contentLength = at - start - (afterReturn ? 1 : 0);
        this.length = at + 1 - start;
        this.#position = this.length;
        return true;
      }
      if (byte === this.#delimiter) {
        this.cells++;
        this.#state = 'cell start';
      } else if (byte === quote && this.#state === 'cell start') {
        this.#state = 'quoted';
        this.#openedAt = at - start;
      } else {
        this.#state = 'plain';
      }
      at++;
    }
    this.#position = at - start;
    if (!ended || this.inQuotes) return false;
    this.contentLength = this.length = bytes.length - start;
    return true;
  }

  #findClosingQuote(
    bytes: Buffer,
    from: number,
    start: number,
    ended: boolean,
  ): { at: number; closed: boolean } {
    let at = from;
    for (;;) {
      const found = findQuote(bytes, at);
      if (found === -1) return { at: bytes.length, closed: false };
      // A closing quote is known by the next two bytes at most: CR LF.
      if (found + 2 >= bytes.length && !ended) return { at: found, closed: false };
      if (bytes[found + 1] === quote) {
        at = found + 2;
        continue;
      }
      if (!this.#endsCell(bytes, found + 1)) {
        this.doubtful ||= bytes.subarray(start + this.#openedAt, found).includes(this.#lineEnd);
      }
      return { at: found + 1, closed: true };
    }
  }

  #endsCell(bytes: Buffer, at: number): boolean {
    const byte = bytes[at];
    if (byte === undefined || byte === 0 || byte === this.#delimiter || byte === this.#lineEnd) return true;
    return this.#lineEnd === lineFeed && byte === carriageReturn && bytes[at + 1] === lineFeed;
  }
}

/** JSON in a cell has a quote every few bytes: only beyond these does a native search pay for its call. */
const walkedBytes = 32;

function findQuote(bytes: Buffer, from: number): number {
  const walked = Math.min(from + walkedBytes, bytes.length);
  for (let at = from; at < walked; at++) if (bytes[at] === quote) return at;
  return walked === bytes.length ? -1 : bytes.indexOf(quote, walked);
}
