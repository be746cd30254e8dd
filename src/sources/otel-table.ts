import { readBoolean } from '../span/numbers.js';
import type { SpanDraft } from '../span/span.js';
import { isAbsent, isEmptyContainer, isObject } from '../span/text.js';
import { missingField, notAnObject } from './not-an-object.js';
import { addTo } from './otel/attributes.js';
import { draftOf, RowKeys, type Named } from './otel/span-parts.js';
import { tables, type Names, type TableColumns } from './otel/table-columns.js';
import { readContainer } from './python-repr.js';
import { plainColumn, recogniser, tableKind, type TableKind } from './recognisers/otel-table.js';
import type { Mapped, Source } from './source.js';
import { rowsOfTable } from './table-document.js';
import { together } from './unmappable.js';
import { utcTime } from './utc-time.js';

/** Whether the product says of a call that it failed, beside a status of OpenTelemetry or in its place. */
const failures: Names = ['is_exception', 'error'];

function read(value: unknown): unknown {
  return typeof value === 'string' ? (readContainer(value) ?? value) : value;
}

function listOf(value: unknown): unknown[] {
  const list = read(value);
  return Array.isArray(list) ? list : [];
}

/** ClickHouse keeps the parts of events in a column each, other tables whole events in one. */
function takeEvents(keys: RowKeys): unknown {
  const names = listOf(keys.take('Events.Name').value);
  const times = listOf(keys.take('Events.Timestamp').value);
  const attributes = listOf(keys.take('Events.Attributes').value);
  if (names.length > 0) {
    return names.map((name, at) => ({ name, timestamp: times[at], attributes: attributes[at] }));
  }
  const events = read(keys.take('otel_events', 'Events').value);
  if (!Array.isArray(events)) return events;
  return events.map((event: unknown) => {
    if (!isObject(event) || !('event_name' in event)) return event;
    const { event_name: name, event_timestamp: timestamp, ...rest } = event;
    return { name, timestamp, ...rest };
  });
}

function takeLinks(keys: RowKeys): unknown {
  const traces = listOf(keys.take('Links.TraceId').value);
  const spans = listOf(keys.take('Links.SpanId').value);
  const states = listOf(keys.take('Links.TraceState').value);
  const attributes = listOf(keys.take('Links.Attributes').value);
  if (traces.length === 0) return read(keys.take('otel_links', 'Links').value);
  return traces.map((traceId, at) => ({
    traceId,
    spanId: spans[at],
    ...(isAbsent(states[at]) ? {} : { traceState: states[at] }),
    attributes: attributes[at],
  }));
}

/** The resource's attributes; the column that repeats the name of the service stands in for a resource without one. */
function takeResource(keys: RowKeys, columns: TableColumns): unknown {
  const attributes = columns.resource === undefined ? undefined : read(keys.take(...columns.resource).value);
  const service = keys.take(...columns.service).value;
  if (isAbsent(service)) return { attributes };
  const known = isObject(attributes) ? attributes : {};
  return { attributes: isAbsent(known['service.name']) ? { ...known, 'service.name': service } : known };
}

/** Azure says whether a call succeeded, and the code of its answer, which is HTTP's or the protocol's own. */
function addAzureStatus(draft: SpanDraft, keys: RowKeys): void {
  const success = keys.take('success', 'Success');
  const result = keys.take('resultCode', 'ResultCode');
  const code = Number(result.value);
  const isHttp = Number.isInteger(code) && code >= 100 && code < 600;
  const hasFailed = /^(?:false|0)$/i.test(String(success.value));
  if (isHttp && code >= 400 === hasFailed) {
    draft.fields['status_code'] = code;
    draft.sourceNames['status_code'] = result.name;
    return;
  }
  if (!isAbsent(success.value)) {
    draft.fields['status_code'] = hasFailed ? 500 : 200;
    draft.sourceNames['status_code'] = success.name;
  }
  if (!isAbsent(result.value) && result.value !== 0 && result.value !== '0') {
    addTo(draft.metadata, result.name, result.value);
  }
}

/** Azure's portal writes times as Americans do, its tools in ISO; both leave the zone to the name of the column. */
function timeOf({ name, value }: Named, isUtc: boolean): Named {
  if (!isUtc) return { name, value };
  const isPortal = typeof value === 'string' && /^\d+\/\d+\/\d{4}, [\d:.]+ [AP]M$/.test(value);
  return { name, value: isPortal ? `${value} UTC` : utcTime(value) };
}

/** Whether it has failed; what says more than that stays in the row. */
function takeFailure(keys: RowKeys): boolean {
  const flags = failures.map((name) => {
    const { value } = keys.take(name);
    const isTrue = readBoolean(value);
    if (isTrue === undefined && !isAbsent(value)) keys.rest().set(name, value);
    return isTrue;
  });
  return flags.includes(true);
}

/** All that is left, where each attribute is a column. */
function takeRest(keys: RowKeys): Record<string, unknown> {
  const attributes = Object.fromEntries([...keys.rest()].filter(([, value]) => !isAbsent(value)));
  keys.rest().clear();
  return attributes;
}

function isAzure(kind: TableKind): boolean {
  return kind === 'application-insights' || kind === 'log-analytics';
}

function isUnset(status: unknown): boolean {
  return isAbsent(status) || status === 0 || status === '0';
}

function spanDraft(row: Record<string, unknown>, kind: TableKind): SpanDraft {
  const columns = tables[kind];
  const keys = new RowKeys(row);
  const name = keys.take(...columns.name);
  const duration = keys.take(...columns.duration);
  const start = timeOf(keys.take(...columns.start), columns.isUtc);
  const end = columns.end === undefined ? { name: 'end', value: undefined } : keys.take(...columns.end);
  const message = columns.statusMessage === undefined ? undefined : keys.take(...columns.statusMessage).value;
  const hasFailed = takeFailure(keys);
  const status = columns.status === undefined ? undefined : keys.take(...columns.status).value;
  const draft = draftOf({
    traceId: keys.take(...columns.traceId),
    spanId: keys.take(...columns.spanId),
    parentId: keys.take(...columns.parentId),
    start,
    end: timeOf(end, columns.isUtc),
    latency: isAbsent(end.value) ? { ...duration, unit: columns.unit } : undefined,
    name: name.value,
    kind: columns.kind === undefined ? undefined : keys.take(...columns.kind).value,
    status: { code: hasFailed && isUnset(status) ? 'error' : status, message },
    events: takeEvents(keys),
    links: takeLinks(keys),
    resource: takeResource(keys, columns),
    rest: [],
    // The last, since it may be all that nothing else has taken.
    attributes:
      columns.attributes === undefined ? takeRest(keys) : read(keys.take(...columns.attributes).value),
  });
  draft.sourceNames['span_name'] = name.name;
  if (isAzure(kind)) addAzureStatus(draft, keys);
  const known = new Set<unknown>(['message', 'log_body'].filter((each) => row[each] === name.value));
  for (const [column, value] of keys.rest()) {
    if (!isAbsent(value) && !isEmptyContainer(read(value)) && !known.has(column)) {
      addTo(draft.metadata, column, value);
    }
  }
  return draft;
}

/** Rows of these tables that are no spans: what Logfire writes when a span begins, log records, events of spans. */
function noise(row: Record<string, unknown>, kind: TableKind): string | undefined {
  if (kind === 'logfire' && row['kind'] === 'pending_span') return 'pending_span';
  if (!isAbsent(row[tables[kind].spanId[0]])) return undefined;
  if (kind === 'honeycomb') return 'span_event';
  return isAzure(kind) ? 'otel_log' : undefined;
}

function mapRow(row: Record<string, unknown>): Mapped {
  const kind = tableKind(row);
  if (kind === undefined) return missingField('TraceId', 'a row of a table of spans');
  const named = Object.fromEntries(Object.entries(row).map(([name, value]) => [plainColumn(name), value]));
  const skipped = noise(named, kind);
  if (skipped !== undefined) return { kind: 'skip', reason: skipped };
  return { kind: 'drafts', drafts: [spanDraft(named, kind)] };
}

function map(row: unknown): Mapped {
  if (!isObject(row)) return notAnObject(row, 'a row of a table of spans');
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const table = rowsOfTable(row);
  return table === undefined ? mapRow(row) : together(table.map(mapRow));
}

/**
 * Tables in which products keep spans of OpenTelemetry, exported as JSON lines, CSV, or one document with columns and
 * rows:
 *
 * - `otel_traces` of the collector's ClickHouse exporter (also OpenLIT and HyperDX): `Duration` in nanoseconds,
 *   `Timestamp` in the zone of the server;
 * - `records` of Pydantic Logfire: `duration` in seconds; the rows that it writes when a span begins are skipped
 *   (`pending_span`);
 * - `requests` and `dependencies` of Azure's Application Insights, in its own columns or those of Log Analytics:
 *   durations in milliseconds, times in UTC; rows without an id are log records and skipped (`otel_log`).
 * - queries of Honeycomb (`trace.trace_id`) and New Relic (`trace.id` beside `guid`), with a column for each attribute:
 *   durations in milliseconds, times are starts; Honeycomb's rows without a span id are skipped (`span_event`).
 *
 * Attributes are read as everywhere in OpenTelemetry, also where a cell holds them as JSON or as ClickHouse's maps
 * (`{'key':'value'}`). Left out: a `message` that repeats the span's name, empty lists and objects, durations beside
 * both times, result code 0.
 */
export const otelTable: Source = {
  ...recogniser,
  map,
};
