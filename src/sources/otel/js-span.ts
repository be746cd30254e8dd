import type { SpanDraft } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import { draftOf, RowKeys, type Named } from './span-parts.js';

/** Nanoseconds of a `[seconds, nanoseconds]` pair. */
function nanos(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return Number(value[0]) * 1e9 + Number(value[1]);
}

function takeContext(keys: RowKeys): { traceId: Named; spanId: Named; rest: [string, unknown][] } {
  const { name, value } = keys.take('spanContext', '_spanContext');
  if (!isObject(value)) {
    return { traceId: keys.take('traceId'), spanId: keys.take('spanId', 'id'), rest: [] };
  }
  const { traceId, spanId, ...others } = value;
  return {
    traceId: { name: `${name}.traceId`, value: traceId },
    spanId: { name: `${name}.spanId`, value: spanId },
    rest: Object.entries(others).map(([key, item]) => [`${name}.${key}`, item]),
  };
}

function takeParent(keys: RowKeys, ownTraceId: unknown): { parentId: Named; rest: [string, unknown][] } {
  const { name, value } = keys.take('parentSpanContext');
  const written = keys.take('parentSpanId', 'parentId');
  if (!isObject(value)) return { parentId: written, rest: [] };
  const { spanId, ...about } = value;
  const { traceId, ...others } = about;
  const rest = Object.entries(traceId === ownTraceId ? others : about).map(
    ([key, item]): [string, unknown] => [`${name}.${key}`, item],
  );
  return { parentId: { name: `${name}.spanId`, value: spanId }, rest };
}

/**
 * A span of OpenTelemetry JS: times and durations as `[seconds, nanoseconds]`; as the console exporter prints it,
 * microseconds.
 */
export function jsSpanDraft(row: Record<string, unknown>): SpanDraft {
  const keys = new RowKeys(row);
  const own = takeContext(keys);
  const parent = takeParent(keys, own.traceId.value);
  const duration = keys.take('duration', '_duration');
  const isPair = Array.isArray(duration.value);
  return draftOf({
    traceId: own.traceId,
    spanId: own.spanId,
    parentId: parent.parentId,
    start: keys.take('startTime', 'timestamp'),
    end: keys.take('endTime'),
    latency: { ...duration, value: nanos(duration.value), unit: isPair ? 'ns' : 'us' },
    name: keys.take('name').value,
    kind: keys.take('kind').value,
    attributes: keys.take('attributes').value,
    status: keys.take('status').value,
    events: keys.take('events').value,
    links: keys.take('links').value,
    resource: keys.take('resource').value,
    scope: keys.take('instrumentationScope', 'instrumentationLibrary').value,
    rest: [...own.rest, ...parent.rest, ...keys.rest()],
  });
}
