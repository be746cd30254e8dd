import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';
import { rowsOfTable } from '../table-document.js';

/** Which product's table of spans a row is from. */
export type TableKind =
  'clickhouse' | 'logfire' | 'application-insights' | 'log-analytics' | 'honeycomb' | 'new-relic';

type Row = Record<string, unknown>;

/** The portal of Azure writes the zone behind the names of its times. */
export const plainColumn = (name: string): string => name.replace(/ \[UTC\]$/, '');

function has(row: Row, ...names: readonly string[]): boolean {
  return names.every((name) => Object.hasOwn(row, name));
}

export function tableKind(row: unknown): TableKind | undefined {
  if (!isObject(row)) return undefined;
  if (has(row, 'TraceId', 'SpanId', 'SpanName') && (has(row, 'SpanAttributes') || has(row, 'Duration'))) {
    return 'clickhouse';
  }
  if (has(row, 'trace_id', 'span_id', 'span_name', 'start_timestamp')) return 'logfire';
  if (has(row, 'trace.trace_id', 'trace.span_id')) return 'honeycomb';
  if (has(row, 'trace.id', 'guid', 'timestamp')) return 'new-relic';
  const ofInsights = ['operation_ParentId', 'customDimensions', 'itemType', 'duration'];
  if (has(row, 'operation_Id') && ofInsights.some((name) => has(row, name))) return 'application-insights';
  const isAzure = has(row, 'OperationId') && (has(row, 'ParentId') || has(row, 'AppRoleName'));
  return isAzure && has(row, 'TimeGenerated') ? 'log-analytics' : undefined;
}

function isSpans(row: unknown): boolean {
  const rows = isObject(row) ? (rowsOfTable(row) ?? [row]) : [];
  return rows.length > 0 && rows.every((each) => tableKind(each) !== undefined);
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter(isSpans).length,
    because: 'the columns of a table of spans in the rows',
  };
}

export const recogniser: Recogniser = {
  name: 'otel-table',
  title: 'Tables of OpenTelemetry spans (ClickHouse, Logfire, Application Insights, Honeycomb, New Relic)',
  checked: 'schema',
  recognisedBy:
    '`SpanName` beside `SpanAttributes`, `span_name` beside `start_timestamp`, `operation_Id` beside `operation_ParentId`, `trace.trace_id`, or `trace.id` beside `guid`',
  detect,
};
