import type { ExitCode } from '../../errors.js';
import { formatMicros } from '../../span/calendar.js';
import type { DrawnSpan, DrawnTrace } from '../../tree/drawn-trace.js';
import { safeJson } from '../json.js';
import type { TreeTotals } from './tree-report.js';

/** A span of a `TraceDocument`. */
export interface SpanDocument {
  span_unique_id: string;
  /** As the trace holds it, inferred ones too; of an orphan the id that is missing. Null for a root. */
  span_parent_id: string | null;
  span_name: string | null;
  /** 0 for a root; children of a missing parent have 1. */
  depth: number;
  log_type: string | null;
  model: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  /** RFC 3339. */
  start_time: string | null;
  end_time: string | null;
  seconds: number | null;
  /** How the span came to its parent: null for a root. */
  edge: { origin: string; candidates: number; confidence: number } | null;
  /** Codes of what is wrong with it. */
  findings: readonly string[];
  error: { status_code: number | null; message: string | null } | null;
  file: string;
  /** 1-based. */
  line: number;
}

/** A trace as `tree --json` prints it. */
export interface TraceDocument {
  trace_unique_id: string;
  source: string | null;
  /** In the trace, whatever part of them is listed. */
  span_count: number;
  roots: number;
  orphans: number;
  start_time: string | null;
  end_time: string | null;
  seconds: number | null;
  /** Parents before children, siblings by start. */
  spans: SpanDocument[];
}

/** The document of `tree --json`. */
export interface TreeDocument {
  /** Version of this document's shape. */
  version: 1;
  traces: TraceDocument[];
  /** Of the input, listed or not. */
  traces_in_input: number;
  spans_in_input: number;
  rows_rejected: number;
  exit_code: ExitCode;
}

/** The document in pieces, so that a trace of any size is written as it is read; a span takes one line. */
export function* treeJson(traces: Iterable<DrawnTrace>, totals: TreeTotals): Generator<string> {
  yield '{\n  "version": 1,\n  "traces": [';
  let isFirst = true;
  for (const trace of traces) {
    yield isFirst ? '\n    {\n' : ',\n    {\n';
    isFirst = false;
    yield* traceJson(trace);
    yield '    }';
  }
  yield isFirst ? ']' : '\n  ]';
  const closing: Omit<TreeDocument, 'version' | 'traces'> = {
    traces_in_input: totals.traces,
    spans_in_input: totals.spans,
    rows_rejected: totals.rowsRejected,
    exit_code: totals.exitCode,
  };
  for (const [name, value] of Object.entries(closing)) yield `,\n  ${safeJson(name)}: ${value}`;
  yield '\n}\n';
}

function* traceJson(trace: DrawnTrace): Generator<string> {
  for (const [name, value] of Object.entries(headOf(trace)))
    yield `      ${safeJson(name)}: ${safeJson(value)},\n`;
  yield '      "spans": [';
  let separator = '\n';
  for (const span of spansOf(trace)) {
    yield `${separator}        ${safeJson(span)}`;
    separator = ',\n';
  }
  yield '\n      ]\n';
}

function headOf({
  traceId,
  source,
  spans,
  roots,
  orphans,
  window,
}: DrawnTrace): Omit<TraceDocument, 'spans'> {
  return {
    trace_unique_id: traceId,
    source: source ?? null,
    span_count: spans,
    roots,
    orphans,
    start_time: timeOf(window?.start),
    end_time: timeOf(window?.end),
    seconds: secondsOf(window?.start, window?.end),
  };
}

function* spansOf(trace: DrawnTrace): Generator<SpanDocument> {
  /** Ids by depth, of the way down to the last row. */
  const path: string[] = [];
  for (const row of trace.rows) {
    if (row.kind === 'missing') path[row.depth] = row.spanId;
    if (row.kind !== 'span') continue;
    path[row.depth] = row.facts.spanId;
    yield spanDocument(row, path[row.depth - 1] ?? null);
  }
}

function spanDocument(row: DrawnSpan, parent: string | null): SpanDocument {
  const { facts, start, end, edge, findings, input, line } = row;
  return {
    span_unique_id: facts.spanId,
    span_parent_id: parent,
    span_name: facts.name ?? null,
    depth: row.depth,
    log_type: facts.logType ?? null,
    model: facts.model ?? null,
    prompt_tokens: facts.promptTokens ?? null,
    completion_tokens: facts.completionTokens ?? null,
    start_time: timeOf(start),
    end_time: timeOf(end),
    seconds: secondsOf(start, end),
    edge: edge ?? null,
    findings,
    error:
      facts.error === undefined
        ? null
        : { status_code: facts.error.statusCode ?? null, message: facts.error.message ?? null },
    file: input,
    line,
  };
}

function timeOf(micros: number | undefined): string | null {
  return micros === undefined || Number.isNaN(micros) ? null : formatMicros(micros);
}

function secondsOf(start = Number.NaN, end = Number.NaN): number | null {
  return Number.isNaN(end - start) ? null : (end - start) / 1_000_000;
}
