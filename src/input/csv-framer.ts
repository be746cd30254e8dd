import type { ByteWindow, FramingOptions } from './byte-window.js';
import { countByte, type CsvHeader } from './csv-header.js';
import type { CsvRecordReader } from './csv-record-reader.js';
import { CsvRecordScanner, type CsvDialect } from './csv-record-scanner.js';
import { rowTooLarge } from './row-problems.js';
import type { Problem, Row, RowBatch } from './row.js';

/** Bytes that stray quotes may make the framer scan again, for each byte that it has read. */
const rescansPerByte = 8;
/** A closing quote and a CRLF after the last byte that a record may have. */
const closingBytes = 3;
/** Bytes of rows whose values are alive at once: those of a whole block would live long enough to be moved. */
const partBytes = 32 * 1024;

/**
 * Finds the records after the header, and what is wrong with their framing. A quote that never closes, or that a line
 * end and a quote in the wrong place show to be a stray one, costs the line that it is on, and reading goes on at the
 * next line. Where a file is made to need that again and again, the lines that are given up at once double, which keeps
 * the work within a fixed multiple of the file's size plus a logarithm of its lines times `maxRowBytes`.
 */
export class CsvFramer {
  canFrame = false;
  private line: number;
  private rescanned = 0;
  private linesGivenUp = 1;
  private damageTold = false;
  /** Where the line began whose bytes are being dropped because they are too many. */
  private oversized: number | undefined;
  private readonly scanner: CsvRecordScanner;
  private readonly window: ByteWindow;
  private readonly dialect: CsvDialect;
  private readonly lineEnd: number;
  private readonly columns: number;
  private readonly options: FramingOptions;
  private readonly records: CsvRecordReader;

  constructor(
    window: ByteWindow,
    dialect: CsvDialect,
    header: CsvHeader,
    options: FramingOptions,
    records: CsvRecordReader,
  ) {
    this.window = window;
    this.dialect = dialect;
    this.lineEnd = dialect.lineEnd;
    this.columns = header.names.length;
    this.line = header.nextLine;
    this.options = options;
    this.records = records;
    this.scanner = new CsvRecordScanner(dialect, this.columns);
    this.scanner.begin();
  }

  async fill(): Promise<void> {
    await this.window.fill();
    this.canFrame = true;
  }

  /** Frames and reads some records; clears `canFrame` once it needs more bytes. */
  frame(batch: RowBatch): void {
    const window = this.window;
    const bytes = window.filled();
    const enough = window.start + partBytes;
    while (window.start < enough) {
      if (this.oversized !== undefined) {
        if (!this.dropLine(batch, bytes)) return;
      } else if (window.start === window.end) {
        this.finish(batch);
        return;
      } else if (!this.frameRecord(batch, bytes)) {
        this.canFrame = false;
        return;
      }
    }
  }

  /** False where the record's end is not in the block. */
  private frameRecord(batch: RowBatch, bytes: Buffer): boolean {
    const window = this.window;
    const { maxRowBytes } = this.options;
    // Judged at the limit and not at a block's end, so that the blocks' size does not show in the rows.
    const overLimit = window.end - window.start > maxRowBytes + closingBytes;
    const seen = overLimit ? bytes.subarray(0, window.start + maxRowBytes + closingBytes) : bytes;
    const ended = window.ended && !overLimit;
    if (this.scanner.scan(seen, window.start, ended)) {
      this.endRecord(batch, bytes);
    } else if (ended) {
      this.giveUpLines(batch, bytes);
    } else if (!overLimit) {
      return false;
    } else if (this.scanner.inQuotes && seen.includes(this.lineEnd, window.start)) {
      this.giveUpLines(batch, bytes);
    } else {
      this.oversized = window.offset;
    }
    return true;
  }

  private endRecord(batch: RowBatch, bytes: Buffer): void {
    const { contentLength, length, doubtful, cells } = this.scanner;
    const window = this.window;
    const { damage } = window.reader;
    if (doubtful && (cells !== this.columns || this.secondLineIsRecord(bytes))) {
      this.giveUpLines(batch, bytes);
      return;
    }
    // Without a line end before the damage, nothing tells whether the record goes on.
    const cut = damage !== undefined && contentLength === length;
    if (contentLength > this.options.maxRowBytes) {
      this.push(batch, contentLength, rowTooLarge(contentLength, this.options.maxRowBytes));
    } else if (cut) {
      this.push(batch, contentLength, damage);
    } else if (!this.isBlank(bytes)) {
      this.records.read(batch, this.push(batch, contentLength, undefined), this.scanner);
    }
    this.consume(bytes, length);
    this.damageTold ||= cut;
  }

  /** Whether the record is nothing but white space. In a file of one column that is a value. */
  private isBlank(bytes: Buffer): boolean {
    const { contentLength, cells, bounds } = this.scanner;
    if (contentLength === 0) return true;
    if (cells > 1 || this.columns === 1) return false;
    const { start } = this.window;
    const { start: from, end: to } = bounds[0]!;
    return bytes.toString('utf8', start + from, start + to).trim() === '';
  }

  /** Within a record over several lines: whether its second line alone has the header's number of cells. */
  private secondLineIsRecord(bytes: Buffer): boolean {
    const { start } = this.window;
    const record = bytes.subarray(start, start + this.scanner.length);
    const scanner = new CsvRecordScanner(this.dialect);
    return scanner.scan(record, record.indexOf(this.lineEnd) + 1, true) && scanner.cells === this.columns;
  }

  /** Gives up the first line, or more of them where that was needed too often, of a record with a stray quote. */
  private giveUpLines(batch: RowBatch, bytes: Buffer): void {
    const window = this.window;
    const damage = window.ended ? window.reader.damage : undefined;
    const scanned = Math.min(this.scanner.scanned, window.end - window.start);
    let end = window.start;
    for (let lines = 0; lines < this.linesGivenUp && end < window.end; lines++) {
      const lineEnd = bytes.indexOf(this.lineEnd, end);
      end = lineEnd === -1 ? window.end : lineEnd + 1;
    }
    this.rescanned += scanned - (end - window.start);
    this.linesGivenUp =
      this.rescanned > rescansPerByte * window.offset + this.options.maxRowBytes ? this.linesGivenUp * 2 : 1;
    const length = end - window.start;
    const onLastLine = end === window.end && damage !== undefined;
    this.push(
      batch,
      length - trailingLineEnd(bytes, end, window.start),
      onLastLine ? damage : unclosedQuote(),
    );
    this.consume(bytes, length);
    this.damageTold ||= onLastLine;
  }

  /** Drops bytes up to the end of the line. False where it is not in the block. */
  private dropLine(batch: RowBatch, bytes: Buffer): boolean {
    const window = this.window;
    const offset = this.oversized ?? window.offset;
    const found = bytes.indexOf(this.lineEnd, window.start);
    if (found === -1 && !window.ended) {
      window.start = window.end;
      this.canFrame = false;
      return false;
    }
    const end = found === -1 ? window.end : found;
    const size = window.base + end - offset;
    this.push(batch, end - window.start, rowTooLarge(size, this.options.maxRowBytes), offset);
    this.oversized = undefined;
    this.consume(bytes, Math.min(end + 1, window.end) - window.start);
    return true;
  }

  private finish(batch: RowBatch): void {
    this.canFrame = false;
    const { damage } = this.window.reader;
    if (this.window.ended && damage !== undefined && !this.damageTold) this.push(batch, 0, damage);
  }

  private push(
    batch: RowBatch,
    length: number,
    problem: Problem | undefined,
    offset = this.window.offset,
  ): Row {
    const { start } = this.window;
    const row = { line: this.line, offset, start, end: start + length, value: undefined, problem };
    batch.rows.push(row);
    return row;
  }

  private consume(bytes: Buffer, length: number): void {
    const window = this.window;
    this.line += countByte(bytes.subarray(window.start, window.start + length), this.lineEnd);
    window.start += length;
    this.scanner.begin();
  }
}

function trailingLineEnd(bytes: Buffer, end: number, start: number): number {
  const last = bytes[end - 1];
  if (end <= start || (last !== 0x0a && last !== 0x0d)) return 0;
  return last === 0x0a && end - 1 > start && bytes[end - 2] === 0x0d ? 2 : 1;
}

function unclosedQuote(): Problem {
  return {
    code: 'csv_unclosed_quote',
    message: 'a cell opens a quote that is not closed',
    hint: 'double the quote, and quote the whole cell: """like this"" and so on"',
  };
}
