import { isAbsent, isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** Fields that Respan's logs have and other systems' do not, or hardly ever together. */
const telling = [
  'prompt_messages',
  'completion_message',
  'log_type',
  'log_method',
  'customer_identifier',
  'thread_identifier',
  'status_code',
  'total_request_tokens',
  'full_request',
  'full_response',
];

/** A log that names no span: the log is the span. Others are spans already. */
function isLog(row: unknown): boolean {
  if (!isObject(row) || !isAbsent(row['span_unique_id'])) return false;
  if (isAbsent(row['unique_id']) && isAbsent(row['id'])) return false;
  return telling.filter((name) => name in row).length >= 3 || 'trace_unique_id' in row;
}

export function resultsOf(row: Record<string, unknown>): Record<string, unknown>[] | undefined {
  return Array.isArray(row['results']) ? row['results'].filter(isObject) : undefined;
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => {
    if (!isObject(row)) return false;
    const results = resultsOf(row);
    return results === undefined ? isLog(row) : results.length > 0 && results.every(isLog);
  }).length;
  return { agreeing, because: 'logs of Respan that name no span' };
}

export const recogniser: Recogniser = {
  name: 'respan-logs',
  title: 'Respan logs',
  checked: 'schema',
  recognisedBy: '`id` or `unique_id` beside log fields such as `prompt_messages`, and no `span_unique_id`',
  detect,
};
