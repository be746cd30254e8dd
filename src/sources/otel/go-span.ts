import type { SpanDraft } from '../../span/span.js';
import { isAbsent, isObject } from '../../span/text.js';
import { keyValues } from './any-value.js';
import { draftOf, RowKeys, type Named } from './span-parts.js';

interface SpanContext {
  traceId: Named;
  spanId: Named;
  rest: [string, unknown][];
}

function contextOf(name: string, value: unknown): SpanContext {
  const { TraceID: traceId, SpanID: spanId, ...others } = isObject(value) ? value : {};
  return {
    traceId: { name: `${name}.TraceID`, value: traceId },
    spanId: { name: `${name}.SpanID`, value: spanId },
    rest: Object.entries(others).map(([key, item]) => [`${name}.${key}`, item]),
  };
}

function isZeros(id: unknown): boolean {
  return typeof id === 'string' && /^0*$/.test(id);
}

/**
 * A span of the Go SDK. A parent of zeros is none, and then nothing of it is kept; of a parent, what is kept beside its
 * id are its flags. `InstrumentationLibrary` is dropped where it is the copy of `InstrumentationScope` that it is by
 * default.
 */
export function goSpanDraft(row: Record<string, unknown>): SpanDraft {
  const keys = new RowKeys(row);
  const own = contextOf('SpanContext', keys.take('SpanContext').value);
  const parent = contextOf('Parent', keys.take('Parent').value);
  const scope = keys.take('InstrumentationScope').value;
  const library = keys.take('InstrumentationLibrary');
  const isCopy = JSON.stringify(library.value) === JSON.stringify(scope);
  const foreign = parent.traceId.value !== own.traceId.value && !isZeros(parent.traceId.value);
  const ofParent: [string, unknown][] = isZeros(parent.spanId.value) ? [] : parent.rest;
  const draft = draftOf({
    traceId: own.traceId,
    spanId: own.spanId,
    parentId: parent.spanId,
    start: keys.take('StartTime'),
    end: keys.take('EndTime'),
    name: keys.take('Name').value,
    attributes: keyValues(keys.take('Attributes').value),
    kind: keys.take('SpanKind').value,
    status: keys.take('Status').value,
    events: keys.take('Events').value,
    links: keys.take('Links').value,
    resource: keys.take('Resource').value,
    scope,
    rest: [
      ...own.rest,
      ...ofParent,
      ...(foreign ? [['Parent.TraceID', parent.traceId.value] as const] : []),
      ...(isCopy || isAbsent(library.value) ? [] : [['InstrumentationLibrary', library.value] as const]),
      ...keys.rest(),
    ],
  });
  draft.sourceNames['span_name'] = 'Name';
  return draft;
}
