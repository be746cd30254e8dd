import type { Warning } from '../input/row.js';

/** A span in the destination-neutral shape of Respan's ingest contract. Values are already valid for it. */
export interface Span {
  trace_unique_id: string;
  span_unique_id: string;
  /** Absent or null for a root. */
  span_parent_id?: string | null;
  [field: string]: unknown;
}

/**
 * How a span came to its trace. `named`: its row names the trace. `grouped`: its row names a conversation or a value of
 * `--trace-by`, and all of these are one trace. `own`: its row names nothing of the kind, so it is a trace of its own.
 */
export type TraceOrigin = 'named' | 'grouped' | 'own';

/** What a source found in a row, under the target's field names but not yet checked or converted. */
export interface SpanDraft {
  traceId?: unknown;
  /** Left out where the row names the trace, or where there is no trace id. */
  traceOrigin?: Exclude<TraceOrigin, 'named'>;
  spanId?: unknown;
  parentId?: unknown;
  /** No field names the parent itself: if there is one, it follows from a path such as LangSmith's `dotted_order`. */
  parentByPath?: boolean;
  /** Any spelling of a point in time that `parseTime` knows. */
  start?: unknown;
  end?: unknown;
  /** A duration, from which a missing start or end follows. */
  latency?: { value: unknown; unit: DurationUnit } | undefined;
  /** Target field name → raw value. Ids and times do not belong here. */
  fields: Record<string, unknown>;
  /** Whatever has no place in the target, under the source's own names. */
  metadata: Record<string, unknown>;
  /** Target field (or `start`, `end`, `traceId`, …) → the source's own name, so that messages name the user's field. */
  sourceNames: Record<string, string>;
  /** The row has the target's own shape in another format (CSV): no log type and no latency is derived. */
  asWritten?: boolean;
  /** One of several rows of the span: what it leaves out, times and type too, another row may say. */
  partial?: boolean;
  /** A fuller version of what earlier rows said of the span: it takes their place and contradicts nothing. */
  grows?: boolean;
  /** What the source noticed while mapping the row. */
  warnings?: readonly Warning[];
}

export type DurationUnit = 's' | 'ms' | 'us' | 'ns';
