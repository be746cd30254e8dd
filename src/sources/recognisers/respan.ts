import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

function isSpan(row: unknown): boolean {
  return isObject(row) && ('trace_unique_id' in row || 'span_unique_id' in row);
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isSpan).length;
  return { agreeing, because: 'trace_unique_id or span_unique_id in the rows' };
}

export const recogniser: Recogniser = {
  name: 'respan',
  title: 'Respan spans',
  checked: 'schema',
  recognisedBy: '`trace_unique_id` or `span_unique_id`',
  detect,
};
