import type { Problem } from '../input/row.js';
import { fieldOrder } from './fields.js';
import type { Span } from './span.js';
import { isObject } from './text.js';

/** The ids of a span, as far as they are known. */
export interface SpanIds {
  traceId: string | undefined;
  spanId: string | undefined;
  parentId: string | undefined;
}

/** The server refuses larger spans. Encoded bytes. */
export const maxSpanBytes = 20 * 1024 * 1024;

/** The problem of a span whose encoding has this many bytes. */
export function checkSpanSize(bytes: number): Problem | undefined {
  if (bytes <= maxSpanBytes) return undefined;
  return {
    code: 'span_too_large',
    message: `the span is ${(bytes / 1024 / 1024).toFixed(1)} MiB; the destination takes 20 MiB`,
    hint: 'Leave out or shorten its largest field, often the input, the output or full_response.',
  };
}

function byPlace([left]: [string, unknown], [right]: [string, unknown]): number {
  return (fieldOrder.get(left) ?? Infinity) - (fieldOrder.get(right) ?? Infinity);
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}

/**
 * A span as JSON, in one form only: ids first, fields in the order of the contract, metadata sorted by name. So rows
 * that say the same in CSV and in JSONL give the same text, and generated ids hash it.
 */
export function spanText(fields: Record<string, unknown>, ids: SpanIds): string {
  const span: Record<string, unknown> = {};
  if (ids.traceId !== undefined) span['trace_unique_id'] = ids.traceId;
  if (ids.spanId !== undefined) span['span_unique_id'] = ids.spanId;
  if (ids.parentId !== undefined) span['span_parent_id'] = ids.parentId;
  for (const [field, value] of Object.entries(fields).sort(byPlace)) {
    if (field in span || value === undefined) continue;
    span[field] =
      field === 'metadata' && isObject(value)
        ? Object.fromEntries(Object.entries(value).sort(byName))
        : value;
  }
  return JSON.stringify(span);
}

/** `spanText` as UTF-8. */
export function encodeSpan(fields: Record<string, unknown>, ids: SpanIds): Buffer {
  return Buffer.from(spanText(fields, ids));
}

/** A span that names its ids itself. */
export function encodeWhole(span: Span): Buffer {
  return encodeSpan(span, { traceId: undefined, spanId: undefined, parentId: undefined });
}
