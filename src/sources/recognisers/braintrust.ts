import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

function isSpan(row: unknown): boolean {
  if (!isObject(row)) return false;
  if (isPage(row)) return row['events'].every(isSpan);
  const names = ['span_parents', '_xact_id', 'span_attributes', 'is_root'];
  return 'root_span_id' in row && 'span_id' in row && names.some((name) => name in row);
}

/** Answers of the fetch endpoints: `{events: […], cursor}`. */
export function isPage(row: Record<string, unknown>): row is { events: unknown[] } {
  return Array.isArray(row['events']) && row['events'].length > 0 && !('id' in row);
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isSpanOrPatch).length;
  return { agreeing, because: 'root_span_id and span_id beside span_parents, _xact_id or span_attributes' };
}

function isSpanOrPatch(row: unknown): boolean {
  const isPatch = isObject(row) && '_is_merge' in row && 'root_span_id' in row && 'span_id' in row;
  return isPatch || isSpan(row);
}

export const recogniser: Recogniser = {
  name: 'braintrust',
  title: 'Braintrust logs and experiments',
  checked: 'schema',
  recognisedBy: '`root_span_id` and `span_id` beside `span_parents` or `_xact_id`',
  detect,
};
