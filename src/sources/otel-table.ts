import type { DurationUnit, SpanDraft } from '../span/span.js';
import { isAbsent, isEmptyContainer, isObject } from '../span/text.js';
import { missingField, notAnObject } from './not-an-object.js';
import { addTo } from './otel/attributes.js';
import { draftOf, RowKeys, type Named } from './otel/span-parts.js';
import { readContainer } from './python-repr.js';
import { plainColumn, recogniser, tableKind, type TableKind } from './recognisers/otel-table.js';
import type { MapContext, Mapped, Source } from './source.js';
import { utcTime } from './utc-time.js';

type Names = readonly [string, ...string[]];

/** What a table calls the parts of a span. */
interface Columns {
  traceId: Names;
  spanId: Names;
  parentId: Names;
  start: Names;
  end?: Names;
  duration: Names;
  unit: DurationUnit;
  /** True where times without a zone are UTC because the product writes no others. */
  isUtc: boolean;
  name: Names;
  kind?: Names;
  service: Names;
  attributes: Names;
  resource?: Names;
  status?: Names;
  statusMessage?: Names;
}

const azure = { unit: 'ms', isUtc: true } as const;

const tables: Readonly<Record<TableKind, Columns>> = {
  clickhouse: {
    traceId: ['TraceId'],
    spanId: ['SpanId'],
    parentId: ['ParentSpanId'],
    start: ['Timestamp'],
    duration: ['Duration'],
    unit: 'ns',
    isUtc: false,
    name: ['SpanName'],
    kind: ['SpanKind'],
    service: ['ServiceName'],
    attributes: ['SpanAttributes'],
    resource: ['ResourceAttributes'],
    status: ['StatusCode'],
    statusMessage: ['StatusMessage'],
  },
  logfire: {
    traceId: ['trace_id'],
    spanId: ['span_id'],
    parentId: ['parent_span_id'],
    start: ['start_timestamp'],
    end: ['end_timestamp'],
    duration: ['duration'],
    unit: 's',
    isUtc: true,
    name: ['span_name'],
    service: ['service_name'],
    attributes: ['attributes'],
    resource: ['otel_resource_attributes'],
    status: ['otel_status_code'],
    statusMessage: ['otel_status_message', 'exception_message'],
  },
  'application-insights': {
    ...azure,
    traceId: ['operation_Id'],
    spanId: ['id'],
    parentId: ['operation_ParentId'],
    start: ['timestamp'],
    duration: ['duration'],
    name: ['name'],
    kind: ['type'],
    service: ['cloud_RoleName'],
    attributes: ['customDimensions'],
  },
  'log-analytics': {
    ...azure,
    traceId: ['OperationId'],
    spanId: ['Id'],
    parentId: ['ParentId'],
    start: ['TimeGenerated'],
    duration: ['DurationMs'],
    name: ['Name'],
    kind: ['DependencyType'],
    service: ['AppRoleName'],
    attributes: ['Properties'],
  },
};

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
  const [traces, spans] = [keys.take('Links.TraceId').value, keys.take('Links.SpanId').value].map(listOf);
  const states = listOf(keys.take('Links.TraceState').value);
  const attributes = listOf(keys.take('Links.Attributes').value);
  if (traces === undefined || traces.length === 0) return read(keys.take('otel_links', 'Links').value);
  return traces.map((traceId, at) => ({
    traceId,
    spanId: spans?.[at],
    ...(isAbsent(states[at]) ? {} : { traceState: states[at] }),
    attributes: attributes[at],
  }));
}

/** The resource's attributes; the column that repeats the name of the service stands in for a resource without one. */
function takeResource(keys: RowKeys, columns: Columns): unknown {
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

function takeException(keys: RowKeys): boolean {
  const { value } = keys.take('is_exception');
  return value === true || value === 'true' || value === 't';
}

function spanDraft(row: Record<string, unknown>, kind: TableKind): SpanDraft {
  const columns = tables[kind];
  const keys = new RowKeys(row);
  const name = keys.take(...columns.name);
  const duration = keys.take(...columns.duration);
  const start = timeOf(keys.take(...columns.start), columns.isUtc);
  const end = columns.end === undefined ? { name: 'end', value: undefined } : keys.take(...columns.end);
  const message = columns.statusMessage === undefined ? undefined : keys.take(...columns.statusMessage).value;
  const isException = takeException(keys);
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
    attributes: read(keys.take(...columns.attributes).value),
    status: isAbsent(status) && isException ? { code: 'error', message } : { code: status, message },
    events: takeEvents(keys),
    links: takeLinks(keys),
    resource: takeResource(keys, columns),
    rest: [],
  });
  draft.sourceNames['span_name'] = name.name;
  if (columns.unit === 'ms') addAzureStatus(draft, keys);
  const known = new Set<unknown>(['message', 'log_body'].filter((each) => row[each] === name.value));
  for (const [column, value] of keys.rest()) {
    if (!isAbsent(value) && !isEmptyContainer(read(value)) && !known.has(column)) {
      addTo(draft.metadata, column, value);
    }
  }
  return draft;
}

/** Rows of these tables that are no spans: what Logfire writes when a span begins, and Azure's log records. */
function noise(row: Record<string, unknown>, kind: TableKind): string | undefined {
  if (kind === 'logfire' && row['kind'] === 'pending_span') return 'pending_span';
  const isAzure = kind === 'application-insights' || kind === 'log-analytics';
  return isAzure && isAbsent(row[tables[kind].spanId[0]]) ? 'otel_log' : undefined;
}

function map(row: unknown, _context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, 'a row of a table of spans');
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const kind = tableKind(row);
  if (kind === undefined) return missingField('TraceId', 'a row of a table of spans');
  const named = Object.fromEntries(Object.entries(row).map(([name, value]) => [plainColumn(name), value]));
  const skipped = noise(named, kind);
  if (skipped !== undefined) return { kind: 'skip', reason: skipped };
  return { kind: 'drafts', drafts: [spanDraft(named, kind)] };
}

/**
 * Tables in which products keep spans of OpenTelemetry, exported as JSON lines or CSV:
 *
 * - `otel_traces` of the collector's ClickHouse exporter (also OpenLIT and HyperDX): `Duration` in nanoseconds,
 *   `Timestamp` in the zone of the server;
 * - `records` of Pydantic Logfire: `duration` in seconds; the rows that it writes when a span begins are skipped
 *   (`pending_span`);
 * - `requests` and `dependencies` of Azure's Application Insights, in its own columns or those of Log Analytics:
 *   durations in milliseconds, times in UTC; rows without an id are log records and skipped (`otel_log`).
 *
 * Attributes are read as everywhere in OpenTelemetry, also where a cell holds them as JSON or as ClickHouse's maps
 * (`{'key':'value'}`). Left out: a `message` that repeats the span's name, empty lists and objects, durations beside
 * both times, result code 0.
 */
export const otelTable: Source = {
  ...recogniser,
  map,
};
