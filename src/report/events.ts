import type { InputFile } from '../input/input-file.js';
import type { Problem, Warning } from '../input/row.js';
import type { DrawnTrace } from '../tree/drawn-trace.js';
import type { Summary } from './summary.js';

/** A place in an input that a message can point to. */
export interface Place {
  input: InputFile;
  /** 1-based. */
  line: number;
  /** Bytes from the start of the (decompressed) input. */
  offset: number;
}

/** A span that was planned and is not known to be at the destination; another run offers it again. */
export type MissingSpan =
  /** Not attempted: a stop came first. */
  | { fate: 'held_back'; place: Place }
  /**
   * `failed`: attempts did not succeed. `uncounted`: the server counted fewer spans of its batch than it was sent, and did
   * not say which.
   */
  | {
      fate: 'failed' | 'uncounted';
      place: Place;
      /** As they were sent; undefined where the span cannot be read again. */
      traceId: string | undefined;
      spanId: string | undefined;
      /** True where an attempt may have succeeded without an answer coming back. */
      mayHaveArrived: boolean;
    };

/**
 * Everything that the engine tells while it runs. Handlers are called synchronously and in order; buffers are only
 * valid during the call.
 */
export type ImportEvent =
  | {
      kind: 'source-detected';
      input: InputFile;
      source: string;
      because: string;
      /** The other source that the most rows agree with; none where that is only the fallback. */
      runnerUp: { source: string; agreeing: number } | undefined;
      sampled: number;
      agreeing: number;
    }
  | { kind: 'rows-read'; rows: number; bytes: number; totalBytes: number | undefined }
  /** The rules of the destination have looked at so many of the spans that were read. */
  | { kind: 'spans-checked'; spans: number; totalSpans: number }
  /** `bytes` are the row's own; undefined where it cannot be read again, then `span-rejected` has told its spans. */
  | { kind: 'row-rejected'; place: Place; bytes: Buffer | undefined; problem: Problem }
  /** A span of such a row, in the target's shape. */
  | { kind: 'span-rejected'; place: Place; body: Buffer }
  | { kind: 'warning'; warning: Warning; place: Place | undefined }
  /** Something odd or asked for, that is nothing to worry about. */
  | { kind: 'note'; note: Warning; place: Place | undefined }
  | { kind: 'inputs-opened'; inputs: number }
  | { kind: 'planned'; summary: Summary }
  /** Of a dry run: excerpts of the worst traces, or of the first ones. */
  | { kind: 'traces-drawn'; traces: readonly DrawnTrace[] }
  | { kind: 'upload-started'; endpoint: string; spans: number }
  /** `concurrency`: requests that may be in flight now. */
  | { kind: 'batch-started'; spans: number; bytes: number; inFlight: number; concurrency: number }
  | {
      kind: 'batch-settled';
      spans: number;
      bytes: number;
      ingested: number;
      settledSpans: number;
      totalSpans: number;
    }
  /** A batch waits for its next try, the `attempt`th; `asked`: because the server asked for it, and all others wait too. */
  | { kind: 'waiting'; milliseconds: number; reason: string; asked: boolean; attempt: number }
  /** `body` is the span as it was sent. */
  | { kind: 'span-refused'; place: Place; body: Buffer; problem: Problem }
  /** Planned, and the destination may not hold it. */
  | { kind: 'span-missing'; span: MissingSpan }
  | { kind: 'server-error'; message: string }
  | { kind: 'interrupted'; drainSeconds: number };

export type OnEvent = (event: ImportEvent) => void;
