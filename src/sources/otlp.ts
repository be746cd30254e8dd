import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { missingField, notAnObject } from './not-an-object.js';
import { draftOf, RowKeys } from './otel/span-parts.js';
import { isSpan, keyIn, logs, metrics, otherSignal, recogniser, scopeLists } from './recognisers/otlp.js';
import type { Mapped, Source } from './source.js';
import { wrongType } from './unmappable.js';

const expected = 'a request {"resourceSpans": […]} or a span of OTLP/JSON';

const resourceLists = ['resourceSpans', 'resource_spans', 'batches'];

const scopeNames = ['scope', 'instrumentationLibrary', 'instrumentation_library'];

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

/** A span of its own may bring resource and scope with it, as those of CloudWatch's `aws/spans` do. */
function spanAlone(row: Record<string, unknown>): SpanDraft {
  const { resource, scope, ...span } = row;
  return spanDraft(span, { resource, scope, rest: [] });
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
  return isSpan(row) ? [spanAlone(row)] : undefined;
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
  ...recogniser,
  map,
};
