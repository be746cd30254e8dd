import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

export const attributePrefix = 'attributes.';

export function hasContext(row: Record<string, unknown>): boolean {
  const { context } = row;
  return 'context.span_id' in row || (isObject(context) && 'span_id' in context);
}

function isSpan(row: unknown): boolean {
  if (!isObject(row) || !hasContext(row)) return false;
  // Python's own span.to_json() has a context too, but writes `kind: "SpanKind.INTERNAL"`.
  if (typeof row['kind'] === 'string' && row['kind'].startsWith('SpanKind.')) return false;
  return 'span_kind' in row || 'context.trace_id' in row || Object.keys(row).some(isAttribute);
}

export function isAttribute(name: string): boolean {
  return name.startsWith(attributePrefix);
}

/** A row is a span, or a list or page of spans. */
export function rowsOf(row: unknown): readonly unknown[] {
  if (Array.isArray(row)) return row;
  return isObject(row) && Array.isArray(row['data']) && !hasContext(row) ? row['data'] : [row];
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => {
    const rows = rowsOf(row);
    return rows.length > 0 && rows.every(isSpan);
  }).length;
  return { agreeing, because: 'context.span_id beside span_kind or attributes.*' };
}

export const recogniser: Recogniser = {
  name: 'phoenix',
  title: 'Phoenix (OpenInference)',
  checked: 'verified',
  recognisedBy: '`context.span_id` beside `span_kind` or `attributes.*`',
  detect,
};
