import type { DurationUnit } from '../../span/span.js';
import type { TableKind } from '../recognisers/otel-table.js';

export type Names = readonly [string, ...string[]];

/** What a table calls the parts of a span. */
export interface TableColumns {
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
  /** Left out where each attribute has a column of its own. */
  attributes?: Names;
  resource?: Names;
  status?: Names;
  statusMessage?: Names;
}

const azure = { unit: 'ms', isUtc: true } as const;

/** What each of the tables calls the parts of a span. */
export const tables: Readonly<Record<TableKind, TableColumns>> = {
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
  honeycomb: {
    traceId: ['trace.trace_id'],
    spanId: ['trace.span_id'],
    parentId: ['trace.parent_id'],
    start: ['Timestamp', 'timestamp', 'time'],
    duration: ['duration_ms'],
    unit: 'ms',
    isUtc: true,
    name: ['name'],
    kind: ['span.kind'],
    service: ['service.name'],
    status: ['status_code'],
    statusMessage: ['status_message', 'exception.message', 'error.message'],
  },
  'new-relic': {
    traceId: ['trace.id'],
    spanId: ['guid'],
    parentId: ['parent.id', 'parentId'],
    start: ['timestamp'],
    duration: ['duration.ms', 'duration'],
    unit: 'ms',
    isUtc: true,
    name: ['name'],
    kind: ['span.kind'],
    service: ['service.name', 'entity.name'],
    status: ['otel.status_code'],
    statusMessage: ['error.message', 'otel.status_description'],
  },
};
