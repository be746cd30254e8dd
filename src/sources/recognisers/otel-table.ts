import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

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
  if (has(row, 'operation_Id') && (has(row, 'operation_ParentId') || has(row, 'customDimensions'))) {
    return 'application-insights';
  }
  const isAzure = has(row, 'OperationId') && (has(row, 'ParentId') || has(row, 'AppRoleName'));
  return isAzure && has(row, 'TimeGenerated') ? 'log-analytics' : undefined;
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter((row) => tableKind(row) !== undefined).length,
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
