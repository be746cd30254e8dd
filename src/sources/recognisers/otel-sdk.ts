import { isObject } from '../../span/text.js';
import { isFlatSpan, isGoSpan, isGuardrailsTrace, isJsSpan, isPythonSpan } from '../otel/sdk-shapes.js';
import type { Evidence, Recogniser } from '../source.js';

export function isLogRecord(row: Record<string, unknown>): boolean {
  return Array.isArray(row['hrTime']) && ('_body' in row || 'body' in row);
}

export function isMetrics(row: Record<string, unknown>): boolean {
  return 'resource' in row && 'scopeMetrics' in row;
}

export function isSpan(row: Record<string, unknown>): boolean {
  return isGoSpan(row) || isJsSpan(row) || isPythonSpan(row) || isFlatSpan(row);
}

/** A line of an event log: `{event: "start" | "end", timestamp, span}`. */
export function eventSpan(row: Record<string, unknown>): Record<string, unknown> | undefined {
  const { event, span } = row;
  const isEvent = (event === 'start' || event === 'end') && isObject(span);
  return isEvent && 'span_id' in span && 'trace_id' in span ? span : undefined;
}

export function listedSpans(row: Record<string, unknown>): Record<string, unknown>[] | undefined {
  const { spans } = row;
  if (!Array.isArray(spans) || spans.length === 0) return undefined;
  const objects = spans.filter(isObject);
  return objects.length === spans.length && objects.every(isSpan) ? objects : undefined;
}

function isOtelSdk(row: unknown): boolean {
  if (!isObject(row)) return false;
  if (isLogRecord(row) || isMetrics(row) || isSpan(row)) return true;
  return isGuardrailsTrace(row) || eventSpan(row) !== undefined || listedSpans(row) !== undefined;
}

function isEmpty(row: unknown): boolean {
  return isObject(row) && Object.keys(row).length === 0;
}

function detect(sample: readonly unknown[]): Evidence {
  const spans = sample.filter(isOtelSdk).length;
  const because = 'spans in the shape of an OpenTelemetry SDK (`context`, `SpanContext`, `[s, ns]` times)';
  // Empty objects say nothing by themselves; some exporters write them between spans.
  return { agreeing: spans === 0 ? 0 : spans + sample.filter(isEmpty).length, because };
}

export const recogniser: Recogniser = {
  name: 'otel-sdk',
  title: 'OpenTelemetry SDK span dumps',
  checked: 'verified',
  recognisedBy:
    '`context.trace_id`, `SpanContext`, `[s, ns]` times, or `trace_id` and `span_id` beside `attributes`',
  detect,
};
