import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

export const scopeLists = [
  'scopeSpans',
  'scope_spans',
  'instrumentationLibrarySpans',
  'instrumentation_library_spans',
];

export const metrics = ['resourceMetrics', 'resource_metrics', 'scopeMetrics', 'scope_metrics'];

export const logs = ['resourceLogs', 'resource_logs', 'scopeLogs', 'scope_logs'];

export function keyIn(row: Record<string, unknown>, names: readonly string[]): string | undefined {
  return names.find((name) => Object.hasOwn(row, name));
}

function hasKeyValues(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => isObject(item) && typeof item['key'] === 'string' && 'value' in item)
  );
}

export function isSpan(row: Record<string, unknown>): boolean {
  const hasList = hasKeyValues(row['attributes']);
  const isTimed =
    'startTimeUnixNano' in row || ('start_time_unix_nano' in row && !isObject(row['attributes']));
  const hasIds = ('traceId' in row && 'spanId' in row) || ('trace_id' in row && 'span_id' in row);
  return (hasIds && isTimed) || (hasList && 'name' in row && ('kind' in row || 'status' in row || isTimed));
}

/** Lines of other signals, which collectors write into the same file. */
export function otherSignal(row: Record<string, unknown>): string | undefined {
  if (keyIn(row, logs) !== undefined) return 'otlp_logs';
  return keyIn(row, metrics) === undefined ? undefined : 'otlp_metrics';
}

function isOtlp(row: unknown): boolean {
  if (!isObject(row)) return false;
  const { trace } = row;
  const isDocument = [row, trace].some(
    (each) => isObject(each) && ['resourceSpans', 'resource_spans'].some((name) => Array.isArray(each[name])),
  );
  const isElement = keyIn(row, scopeLists) !== undefined || isBatches(row['batches']);
  return isDocument || isElement || otherSignal(row) !== undefined || isSpan(row);
}

function isBatches(value: unknown): boolean {
  return (
    Array.isArray(value) && value.some((item) => isObject(item) && keyIn(item, scopeLists) !== undefined)
  );
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter(isOtlp).length,
    because: '`resourceSpans`, or `startTimeUnixNano` or lists of typed attributes in the spans',
  };
}

export const recogniser: Recogniser = {
  name: 'otlp',
  title: 'OpenTelemetry OTLP/JSON',
  checked: 'verified',
  recognisedBy: '`resourceSpans`, or `traceId` and `spanId` beside `startTimeUnixNano`',
  detect,
};
