import type { RowDigest } from '../digest/row-digests.js';

/** How rows are framed in a file. Rejected rows are written back in the same format. */
export type RowFormat = 'jsonl' | 'json' | 'csv' | 'tsv';

/** Why a row or a span cannot be imported, in words that name the edit or the flag that would admit it. */
export interface Problem {
  /** Stable code, e.g. `bad_json`. */
  code: string;
  /** One line, without control characters of user data. */
  message: string;
  /** What to do now. */
  hint: string;
  /** The field or column at fault, by its name in the input. */
  field?: string;
}

export interface Row {
  /** 1-based line on which the row begins. */
  line: number;
  /** Byte offset of the row's first byte in the (decompressed) input. */
  offset: number;
  /** The row's bytes are `batch.block.subarray(start, end)`, without separators and line ends. */
  start: number;
  end: number;
  /** The parsed row: any JSON value, or for CSV an object of strings keyed by header. Undefined beside a problem. */
  value: unknown;
  problem: Problem | undefined;
  /** Set where the row was digested in place of being parsed: then it has no value. Valid as long as the batch. */
  digest?: RowDigest | undefined;
}

/** Takes rows as they stand: what a plan keeps of them is known without their values. */
export interface RowDigester {
  /** The next rows lie in these bytes, in their order. */
  begin(bytes: Buffer): void;
  /**
   * The row at these positions, which is valid UTF-8. Undefined where it has to be parsed. Place and line are for the
   * caller to tell.
   */
  digest(start: number, end: number, maxDepth: number): RowDigest | undefined;
}

/**
 * A run of rows and the block of bytes that they lie in. Both are only valid until the next batch is pulled:
 * the block is reused, so that reading allocates nothing per row.
 */
export interface RowBatch {
  block: Buffer;
  rows: Row[];
  /** Decompressed bytes of the input consumed so far, this batch included. */
  consumed: number;
  /** Things noticed while framing that reject nothing, e.g. `csv_short_row`. */
  warnings: Warning[];
}

/** Something worth telling that costs no row. Counted by code. */
export interface Warning {
  code: string;
  message: string;
  /** 1-based line in the input, where one is to blame. */
  line?: number;
  /** Of the row, where one is to blame: its `offset`. */
  offset?: number;
  field?: string;
  /** What would avoid it, beside mending the row. */
  hint?: string;
}
