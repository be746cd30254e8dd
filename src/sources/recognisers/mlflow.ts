import { isObject } from '../../span/text.js';
import { readContainer } from '../python-repr.js';
import type { Evidence, Recogniser } from '../source.js';

/** Columns and fields that only a trace of MLflow has. */
export const telling = [
  'request_preview',
  'response_preview',
  'execution_duration_ms',
  'execution_duration',
  'execution_time_ms',
  'trace_metadata',
  'request_metadata',
  'trace_location',
];

function isSpan(row: unknown): boolean {
  if (!isObject(row)) return false;
  const attributes = readContainer(row['attributes']);
  return isObject(attributes) && Object.keys(attributes).some((name) => name.startsWith('mlflow.'));
}

function isMlflow(row: unknown): boolean {
  if (!isObject(row)) return false;
  if (isSpan(row)) return true;
  const { spans: listed, info, data, trace } = row;
  const spans = readContainer(listed);
  if (Array.isArray(spans) && spans.length > 0 && spans.every(isSpan)) return true;
  if ('trace_id' in row || 'request_id' in row)
    return telling.some((name) => name in row) && !('span_id' in row);
  const whole = readContainer(trace);
  if (isObject(whole)) return isMlflow(whole);
  const inner = readContainer(info);
  return isObject(inner) && isObject(readContainer(data)) && isMlflow(inner);
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => {
    const items: readonly unknown[] = Array.isArray(row) ? row : [row];
    return items.length > 0 && items.every(isMlflow);
  }).length;
  return { agreeing, because: 'request_preview, trace_metadata or mlflow.* attributes in traces with spans' };
}

export const recogniser: Recogniser = {
  name: 'mlflow',
  title: 'MLflow traces',
  checked: 'schema',
  recognisedBy: '`request_preview` or `trace_metadata` beside `spans`, or `mlflow.*` attributes',
  detect,
};
