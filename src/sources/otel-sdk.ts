import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject, parseJsonContainer } from '../span/text.js';
import { parseTime } from '../span/time.js';
import { missingField, notAnObject } from './not-an-object.js';
import { addTo } from './otel/attributes.js';
import { goSpanDraft } from './otel/go-span.js';
import { jsSpanDraft } from './otel/js-span.js';
import { pythonSpanDraft } from './otel/python-span.js';
import { isGoSpan, isGuardrailsTrace, isJsSpan } from './otel/sdk-shapes.js';
import { addAround, guardrailsDrafts } from './otel/span-list.js';
import {
  isLogRecord,
  isMetrics,
  isSpan,
  eventSpan,
  listedSpans,
  recogniser,
} from './recognisers/otel-sdk.js';
import type { MapContext, Mapped, Source } from './source.js';

const expected = "a span as an OpenTelemetry SDK's own exporter writes it";

/** Rows that SDKs write beside spans into the same file. */
function noise(row: Record<string, unknown>): string | undefined {
  if (Object.keys(row).length === 0) return 'empty_object';
  if (isLogRecord(row)) return 'otel_log';
  return isMetrics(row) ? 'otlp_metrics' : undefined;
}

function spanDraft(row: Record<string, unknown>, text: () => string): SpanDraft {
  if (isGoSpan(row)) return goSpanDraft(row);
  return isJsSpan(row) ? jsSpanDraft(row) : pythonSpanDraft(row, text);
}

const utc = { timezone: 'UTC', dateOrder: undefined };

function isSameTime(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const [one, other] = [parseTime(left, utc), parseTime(right, utc)];
  return 'micros' in one && 'micros' in other && one.micros === other.micros;
}

/** One half of a span. A span that has only begun has no status yet, whatever the line says. */
function halfDraft(row: Record<string, unknown>, span: Record<string, unknown>): SpanDraft {
  const { event, timestamp, span: _span, ...around } = row;
  const isStart = event === 'start';
  const { status: _preliminary, ...begun } = span;
  const draft = pythonSpanDraft(isStart ? begun : span, () => '');
  draft.partial = true;
  addAround([draft], around);
  const end = isStart ? 'start' : 'end';
  if (isAbsent(draft[end])) {
    draft[end] = timestamp;
    draft.sourceNames[end] = 'timestamp';
  } else if (!isSameTime(timestamp, draft[end])) {
    addTo(draft.metadata, `${end}_event.timestamp`, timestamp);
  }
  return draft;
}

function spansOf(row: Record<string, unknown>, text: () => string): SpanDraft[] | undefined {
  if (isGuardrailsTrace(row)) return guardrailsDrafts(row);
  const half = eventSpan(row);
  if (half !== undefined) return [halfDraft(row, half)];
  const list = listedSpans(row);
  if (list === undefined) return isSpan(row) || hasIds(row) ? [spanDraft(row, text)] : undefined;
  const drafts = list.map((span) => spanDraft(span, () => ''));
  const { spans: _spans, ...around } = row;
  addAround(drafts, around);
  return drafts;
}

/** Rows that are no sure sign of the format but hold a span, once the user says that they are in it. */
function hasIds(row: Record<string, unknown>): boolean {
  return 'span_id' in row || 'spanId' in row;
}

/** A CSV record with its JSON cells read; cells of text stay as they are. */
function readCells(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [
      name,
      typeof cell === 'string' ? (parseJsonContainer(cell) ?? cell) : cell,
    ]),
  );
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  const skipped = noise(row);
  if (skipped !== undefined) return { kind: 'skip', reason: skipped };
  const drafts = spansOf(context.isRecord ? readCells(row) : row, context.text);
  if (drafts === undefined) return missingField('span_id', expected);
  return { kind: 'drafts', drafts };
}

/**
 * Spans as the exporters of OpenTelemetry's SDKs write them into files: Python's `to_json`, the same flattened by hand
 * (`trace_id`, `span_id` and `attributes` at the top), Go's `stdouttrace`, JavaScript's `ReadableSpan` and console
 * exporter, logs of start and end events, and traces of NeMo Guardrails. Shapes from real exports of each kind; times
 * as ISO text, nanoseconds since the epoch, or `[s, ns]`.
 *
 * Left out: empty lists and objects, Python's empty trace state, the status code UNSET, the status in a start event
 * (which nobody knows yet), the word `start` or `end` of an event and its time where the span has the same, durations
 * that differ from end minus start by less than a millisecond, attributes that repeat a field word for word, and what
 * `go-span.ts` names. Log records and metrics are skipped (`otel_log`, `otlp_metrics`).
 */
export const otelSdk: Source = {
  ...recogniser,
  map,
};
