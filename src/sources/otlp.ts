import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { missingField, notAnObject } from './not-an-object.js';
import { draftOf, RowKeys } from './otel/span-parts.js';
import type { Evidence, Mapped, Source } from './source.js';
import { wrongType } from './unmappable.js';

const expected = 'a request {"resourceSpans": […]} or a span of OTLP/JSON';
const resourceLists = ['resourceSpans', 'resource_spans', 'batches'];
const scopeLists = [
  'scopeSpans',
  'scope_spans',
  'instrumentationLibrarySpans',
  'instrumentation_library_spans',
];
const scopeNames = ['scope', 'instrumentationLibrary', 'instrumentation_library'];
const metrics = ['resourceMetrics', 'resource_metrics', 'scopeMetrics', 'scope_metrics'];
const logs = ['resourceLogs', 'resource_logs', 'scopeLogs', 'scope_logs'];

function keyIn(row: Record<string, unknown>, names: readonly string[]): string | undefined {
  return names.find((name) => Object.hasOwn(row, name));
}

function hasKeyValues(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => isObject(item) && typeof item['key'] === 'string' && 'value' in item)
  );
}

function isSpan(row: Record<string, unknown>): boolean {
  const hasList = hasKeyValues(row['attributes']);
  const isTimed =
    'startTimeUnixNano' in row || ('start_time_unix_nano' in row && !isObject(row['attributes']));
  const hasIds = ('traceId' in row && 'spanId' in row) || ('trace_id' in row && 'span_id' in row);
  return (hasIds && isTimed) || (hasList && 'name' in row && ('kind' in row || 'status' in row || isTimed));
}

/** What a span inherits: its resource and scope, and what stands beside them. */
interface Surroundings {
  resource?: unknown;
  scope?: unknown;
  rest: [string, unknown][];
}

function spanDraft(span: Record<string, unknown>, around: Surroundings): SpanDraft {
  const keys = new RowKeys(span);
  return draftOf({
    traceId: keys.take('traceId', 'trace_id'),
    spanId: keys.take('spanId', 'span_id'),
    parentId: keys.take('parentSpanId', 'parent_span_id'),
    start: keys.take('startTimeUnixNano', 'start_time_unix_nano'),
    end: keys.take('endTimeUnixNano', 'end_time_unix_nano'),
    name: keys.take('name').value,
    kind: keys.take('kind').value,
    attributes: keys.take('attributes').value,
    status: keys.take('status').value,
    events: keys.take('events').value,
    links: keys.take('links').value,
    resource: around.resource,
    scope: around.scope,
    rest: [...keys.rest(), ...around.rest],
  });
}

/** A list in the document is not of the type that the protocol gives it. */
class WrongType extends Error {
  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly wanted: string,
  ) {
    super(field);
  }
}

function itemsOf(owner: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const list = owner[name];
  if (isAbsent(list)) return [];
  if (!Array.isArray(list)) throw new WrongType(name, list, 'a list');
  return list.map((item: unknown, index) => {
    if (!isObject(item)) throw new WrongType(`${name}[${index}]`, item, 'an object');
    return item;
  });
}

function entriesExcept(
  object: Record<string, unknown>,
  names: readonly (string | undefined)[],
  prefix = '',
): [string, unknown][] {
  return Object.entries(object)
    .filter(([name]) => !names.includes(name))
    .map(([name, value]) => [prefix + name, value]);
}

function ofScope(element: Record<string, unknown>, around: Surroundings): SpanDraft[] {
  const scopeName = keyIn(element, scopeNames);
  const scope = scopeName === undefined ? undefined : element[scopeName];
  const rest = [...around.rest, ...entriesExcept(element, [scopeName, 'spans'], 'scope.')];
  return itemsOf(element, 'spans').map((span) => spanDraft(span, { ...around, scope, rest }));
}

function ofResource(element: Record<string, unknown>, outer: [string, unknown][]): SpanDraft[] {
  const { resource } = element;
  const list = keyIn(element, scopeLists);
  if (list === undefined) return [];
  const rest = [...outer, ...entriesExcept(element, ['resource', list], 'resource.')];
  return itemsOf(element, list).flatMap((scope) => ofScope(scope, { resource, rest }));
}

/** The spans of a document; undefined where it is none of OTLP's. */
function spansOf(row: Record<string, unknown>): SpanDraft[] | undefined {
  const list = keyIn(row, resourceLists);
  if (list !== undefined) {
    const rest = entriesExcept(row, [list, ...metrics, ...logs]);
    return itemsOf(row, list).flatMap((element) => ofResource(element, rest));
  }
  if (keyIn(row, scopeLists) !== undefined) return ofResource(row, []);
  if (Array.isArray(row['spans']) && keyIn(row, scopeNames) !== undefined) return ofScope(row, { rest: [] });
  const { trace } = row;
  if (isObject(trace) && keyIn(trace, resourceLists) !== undefined) {
    const outer = entriesExcept(row, ['trace']);
    return spansOf({ ...trace, ...Object.fromEntries(outer) });
  }
  return isSpan(row) ? [spanDraft(row, { rest: [] })] : undefined;
}

/** Lines of other signals, which collectors write into the same file. */
function otherSignal(row: Record<string, unknown>): string | undefined {
  if (keyIn(row, logs) !== undefined) return 'otlp_logs';
  return keyIn(row, metrics) === undefined ? undefined : 'otlp_metrics';
}

function mapDocument(row: Record<string, unknown>): Mapped {
  const drafts = spansOf(row);
  if (drafts === undefined || drafts.length === 0) {
    const signal = otherSignal(row);
    if (signal !== undefined) return { kind: 'skip', reason: signal };
    return drafts === undefined
      ? missingField('resourceSpans', expected)
      : { kind: 'skip', reason: 'no_spans' };
  }
  return { kind: 'drafts', drafts };
}

function map(row: unknown): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  try {
    return mapDocument(row);
  } catch (error) {
    if (error instanceof WrongType) return wrongType(error.field, error.value, error.wanted);
    throw error;
  }
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

/**
 * OTLP/JSON: requests as collectors' file exporters write them, one a line, their parts (elements of `resourceSpans`
 * and `scopeSpans`, spans alone), and the answers of Grafana Tempo. From `examples/trace.json` of opentelemetry-proto;
 * keys in camel or snake case, ids in hex or base64. Times are nanoseconds since the epoch, of which microseconds are
 * kept; a time of 0 is none.
 *
 * The resource's attributes are metadata `resource.…` of each of its spans (`service.name` names the workflow where
 * nothing else does), the scope's `scope.…`. Left out: requests with logs and metrics (skipped as `otlp_logs` and
 * `otlp_metrics`), empty lists and objects, the status code UNSET, and attributes that repeat a field word for word.
 */
export const otlp: Source = {
  name: 'otlp',
  title: 'OpenTelemetry OTLP/JSON',
  checked: 'verified',
  recognisedBy: '`resourceSpans`, or `traceId` and `spanId` beside `startTimeUnixNano`',
  detect,
  map,
};
