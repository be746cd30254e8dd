import type { Problem } from '../input/row.js';
import type { SpanDraft } from '../span/span.js';

/** What a source makes of one row. */
export type Mapped =
  /** The row has the target's own shape: it passes byte for byte unless a rule of `span/native` must act. */
  | { kind: 'native'; row: Record<string, unknown> }
  | { kind: 'drafts'; drafts: SpanDraft[] }
  /** Recognised as something that is no span. `reason` is a stable code, e.g. `empty_object`. */
  | { kind: 'skip'; reason: string }
  | { kind: 'reject'; problem: Problem };

export interface MapContext {
  /** Field whose value groups rows without a trace id (`--trace-by`). */
  traceBy: string | undefined;
  /** The row's bytes as text, on demand: the only way to read integers beyond 2^53 as they were written. */
  text: () => string;
  /** True where the row is a CSV record: an object of texts. */
  isRecord: boolean;
  /** The input's name as the user gave it; formats that name no session take it from the file. */
  inputName: string;
  /** 1-based line of the row, for formats whose rows have no id of their own. */
  line: number;
  /** Lasts as long as the input. A source that uses it says so with `remembers`. */
  memory: Map<string, unknown>;
}

/** How sure a source is that a sample of rows is in its format. */
export interface Evidence {
  /** Rows of the sample that agree. */
  agreeing: number;
  /** Why, for people: "trace_unique_id and span_unique_id in every row". */
  because: string;
}

/** What is known of a vendor's format without mapping it. Every input is judged by all of them, so they load little. */
export interface Recogniser {
  /** The word for `--source`. */
  readonly name: string;
  readonly title: string;
  /** `verified`: run on a real export. `schema`: built from the vendor's documentation alone. */
  readonly checked: 'verified' | 'schema';
  /** What tells the format, in a line for people, e.g. "`dotted_order`, or `run_type` beside `trace_id`". */
  readonly recognisedBy: string;
  detect(sample: readonly unknown[]): Evidence;
}

/** One vendor's format. A new format is a file in this folder, one in `recognisers`, and a line in `registry.ts`. */
export interface Source extends Recogniser {
  /** True where rows have the target's own shape already: each is one span, whatever the rows before it. */
  readonly isNative?: boolean;
  /** True where a row's meaning depends on rows before it: such a row cannot be mapped again alone. */
  readonly remembers?: boolean;
  /** True where drafts hold texts of their row alone, and none is cut: what is well-formed in the row stays so. */
  readonly keepsTexts?: boolean;
  /** Leaves the row as it is: spans are written from its bytes where they hold its strings. */
  map(row: unknown, context: MapContext): Mapped;
}
