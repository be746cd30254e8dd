import { isObject } from '../../span/text.js';

/** What Go's `stdouttrace` exporter writes: `{Name, SpanContext: {TraceID, SpanID}, Parent, StartTime, …}`. */
export function isGoSpan(row: Record<string, unknown>): boolean {
  return isObject(row['SpanContext']) && 'Name' in row;
}

function isHrTime(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number');
}

/** A `ReadableSpan` of OpenTelemetry JS, or what its console exporter prints (`{traceId, id, timestamp, duration}`). */
export function isJsSpan(row: Record<string, unknown>): boolean {
  if (!('name' in row)) return false;
  if (isHrTime(row['startTime'])) return true;
  const isPrinted = typeof row['timestamp'] === 'number' && typeof row['duration'] === 'number';
  return isPrinted && 'traceId' in row && 'id' in row && isObject(row['attributes']);
}

/** `span.to_json()` of the Python SDK: `{name, context: {trace_id: "0x…", span_id: "0x…"}, …}`. */
export function isPythonSpan(row: Record<string, unknown>): boolean {
  const { context } = row;
  return isObject(context) && 'trace_id' in context && 'span_id' in context && !('span_kind' in row);
}

export const startTimes = [
  'start_time',
  'startTime',
  'start_time_unix_nano',
  'startTimeUnixNano',
  'started_at',
];

/** What hand-written exporters make of it: the ids beside the name. Spans of MLflow look alike but for their attributes. */
export function isFlatSpan(row: Record<string, unknown>): boolean {
  const { attributes } = row;
  const hasIds = 'trace_id' in row && 'span_id' in row;
  if (!hasIds || !isObject(attributes) || 'span_kind' in row || 'root_span_id' in row) return false;
  const isMlflow = Object.keys(attributes).some((name) => name.startsWith('mlflow.'));
  return 'name' in row && !isMlflow && startTimes.some((name) => name in row);
}

/** A trace of NeMo Guardrails' file exporter: its spans know only their offsets from its beginning. */
export function isGuardrailsTrace(row: Record<string, unknown>): boolean {
  const { spans } = row;
  return 'trace_id' in row && Array.isArray(spans) && spans.length > 0 && spans.every(isOffsetSpan);
}

/** Times in seconds below this count from the beginning of the trace, for ten years of running. */
const longestOffset = 3e8;

function isOffset(value: unknown): boolean {
  return typeof value === 'number' && value < longestOffset;
}

function isOffsetSpan(span: unknown): boolean {
  return isObject(span) && 'span_id' in span && 'name' in span && isOffset(span['start_time']);
}
