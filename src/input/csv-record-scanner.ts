import { findQuote, quote } from './csv-quotes.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface CsvDialect {
  /** One ASCII character. */
  delimiter: string;
  /** LF stands for LF and CRLF; CR for files that know no other line end. */
  lineEnd: typeof lineFeed | typeof carriageReturn;
}

/** Where the text of a cell is, in bytes from the record's first one and without its quotes. */
export interface CellBounds {
  start: number;
  end: number;
  /** Some of its quotes are written twice. */
  isEscaped: boolean;
}

/**
 * Finds where a CSV record and its cells end, by the rules of csv-parse with `relax_quotes`: a quote opens a cell only
 * as the cell's first byte; inside, `""` is a quote; a quote before anything but a delimiter or line end makes the rest
 * of the cell plain text. A record may be scanned in several pieces, each going on where the last one stopped.
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
  /** Behind a quoted cell something other than a delimiter or line end: its bounds do not tell its text. */
  relaxed = false;
  /** One of the cells behind those whose bounds are kept holds something. */
  hasSurplus = false;
  /** The first cells of a complete record; used again for the next one. */
  readonly bounds: CellBounds[];

  private position = 0;
  private state: 'cell start' | 'plain' | 'quoted' | 'closed' = 'cell start';
  private cellStart = 0;
  /** The end of a quoted cell's text, once its quote is closed. */
  private closedAt = 0;
  private isEscaped = false;
  private readonly delimiter: number;
  private readonly lineEnd: number;

  /** @param columns the number of cells whose bounds are kept */
  constructor({ delimiter, lineEnd }: CsvDialect, columns = 0) {
    this.delimiter = delimiter.charCodeAt(0);
    this.lineEnd = lineEnd;
    this.bounds = Array.from({ length: columns }, () => ({ start: 0, end: 0, isEscaped: false }));
  }

  get inQuotes(): boolean {
    return this.state === 'quoted';
  }

  /** Bytes of the record that were looked at. */
  get scanned(): number {
    return this.position;
  }

  begin(): void {
    this.cells = 1;
    this.doubtful = false;
    this.relaxed = false;
    this.hasSurplus = false;
    this.position = 0;
    this.beginCell(0);
  }

  /** Scans the record that begins at `start`. False: its end is not in these bytes. */
  scan(bytes: Buffer, start: number, ended: boolean): boolean {
    let at = start + this.position;
    while (at < bytes.length) {
      if (this.state === 'cell start') {
        this.state = bytes[at] === quote ? 'quoted' : 'plain';
        if (this.state === 'quoted') at++;
      }
      if (this.state === 'quoted') {
        at = this.findClosingQuote(bytes, at, start, ended);
        if (this.inQuotes) break;
      }
      at = this.findCellEnd(bytes, at);
      if (at === bytes.length) break;
      if (bytes[at] === this.lineEnd) {
        const afterReturn = this.lineEnd === lineFeed && at > start && bytes[at - 1] === carriageReturn;
        this.complete(at - start - (afterReturn ? 1 : 0), at + 1 - start);
        return true;
      }
      this.endCell(at - start);
      this.cells++;
      at++;
      this.beginCell(at - start);
    }
    this.position = at - start;
    if (!ended || this.inQuotes) return false;
    this.complete(bytes.length - start, bytes.length - start);
    return true;
  }

  private findCellEnd(bytes: Buffer, from: number): number {
    const delimiter = this.delimiter;
    const lineEnd = this.lineEnd;
    const { length } = bytes;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at];
      if (byte === delimiter || byte === lineEnd) break;
    }
    return at;
  }

  private complete(contentLength: number, length: number): void {
    this.contentLength = contentLength;
    this.length = length;
    this.position = length;
    this.endCell(contentLength);
  }

  private beginCell(start: number): void {
    this.state = 'cell start';
    this.cellStart = start;
    this.isEscaped = false;
  }

  private endCell(end: number): void {
    const isQuoted = this.state === 'closed';
    const start = isQuoted ? this.cellStart + 1 : this.cellStart;
    const textEnd = isQuoted ? this.closedAt : end;
    const bounds = this.bounds[this.cells - 1];
    if (bounds === undefined) {
      this.hasSurplus ||= textEnd > start;
      return;
    }
    bounds.start = start;
    bounds.end = textEnd;
    bounds.isEscaped = this.isEscaped;
  }

  /** Goes on behind the quote that closes the cell, or to where the search must go on with more bytes. */
  private findClosingQuote(bytes: Buffer, from: number, start: number, ended: boolean): number {
    let at = from;
    for (;;) {
      const found = findQuote(bytes, at);
      if (found === -1) return bytes.length;
      // A closing quote is known by the next two bytes at most: CR LF.
      if (found + 2 >= bytes.length && !ended) return found;
      if (bytes[found + 1] === quote) {
        this.isEscaped = true;
        at = found + 2;
        continue;
      }
      this.state = 'closed';
      this.closedAt = found - start;
      if (!this.endsCell(bytes, found + 1)) {
        this.relaxed = true;
        this.doubtful ||= bytes.subarray(start + this.cellStart, found).includes(this.lineEnd);
      } else if (bytes[found + 1] === 0) {
        this.relaxed = true;
      }
      return found + 1;
    }
  }

  private endsCell(bytes: Buffer, at: number): boolean {
    const byte = bytes[at];
    if (byte === undefined || byte === 0 || byte === this.delimiter || byte === this.lineEnd) return true;
    return this.lineEnd === lineFeed && byte === carriageReturn && bytes[at + 1] === lineFeed;
  }
}
