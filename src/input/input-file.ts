import type { Compression } from './compression.js';
import type { RowBatch, RowDigester, RowFormat } from './row.js';

/** An input that was opened, sniffed and found readable, before any row of it is read. */
export interface InputFile {
  /** Position among the inputs of the run. */
  index: number;
  /** The name as the user gave it; `-` for stdin. */
  name: string;
  /** Absent for stdin. */
  path: string | undefined;
  compression: Compression;
  /** Size on disk in bytes, where the system knows one that offsets can be held against; for progress and cost only. */
  bytes: number | undefined;
  format: RowFormat;
  /** The raw header line of a CSV or TSV file with its line end, so that rejects can carry it. */
  header: Buffer | undefined;
  /** True where a row can be read again at its offset: a plain, uncompressed, regular file in UTF-8. */
  rereadable: boolean;
  /** True where nothing was found between the first and the last byte. */
  empty: boolean;
  /**
   * Frames the rows; from the first one again only where the input is rereadable. A closed iterator closes the file.
   *
   * @param digester looks at rows of JSON in UTF-8 before they are parsed
   */
  rows(digester?: RowDigester): AsyncIterable<RowBatch>;
  /** The value of a row that was framed before, from its bytes. */
  parse(row: Buffer): unknown;
}

export interface InputOptions {
  /** `auto` lets the content decide. */
  format: RowFormat | 'auto';
  /** `auto` sniffs `,` `;` tab and `|`. */
  csvDelimiter: string;
  /** Rows longer than this are rejected with `row_too_large`. Bytes. */
  maxRowBytes: number;
  /** Rows nested deeper are rejected with `nested_too_deep`. */
  maxDepth: number;
  /** A compressed input that grows beyond this ratio (after its first 64 MiB of output) is refused as a bomb. */
  maxCompressionRatio: number;
}

export const defaultInputOptions: InputOptions = {
  format: 'auto',
  csvDelimiter: 'auto',
  maxRowBytes: 32 * 1024 * 1024,
  maxDepth: 1000,
  maxCompressionRatio: 250,
};
