import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** A span is bare, as the tracers write it, or the `attributes` of a resource, as the export API returns it. */
export function unwrap(row: Record<string, unknown>): Record<string, unknown> {
  const { attributes } = row;
  return isObject(attributes) && 'span_id' in attributes && !('span_id' in row) ? attributes : row;
}

function isSpan(row: unknown): boolean {
  if (!isObject(row)) return false;
  const span = unwrap(row);
  const hasIds = 'span_id' in span && 'trace_id' in span;
  if (isObject(span['meta']) || typeof span['meta'] === 'string') return hasIds && 'start_ns' in span;
  const isTimed = 'start_ms' in span || 'start_ns' in span;
  return hasIds && isTimed && ('ml_app' in span || 'span_kind' in span);
}

/**
 * A request of a tracer holds `spans`, a request of the HTTP API holds them in `data.attributes`, a page of the export
 * API holds resources in `data`; a list of any of these is descended into too.
 */
export function* spansOf(row: unknown): Generator {
  if (Array.isArray(row)) {
    for (const item of row) yield* spansOfDocument(item);
  } else yield* spansOfDocument(row);
}

function* spansOfDocument(row: unknown): Generator {
  if (!isObject(row) || 'span_id' in row) return yield row;
  const { data } = row;
  const resource = isObject(data) ? data : row;
  const { attributes } = resource;
  if (isObject(attributes) && Array.isArray(attributes['spans'])) {
    const { spans, ...shared } = attributes;
    if (Array.isArray(spans)) for (const span of spans) yield withShared(span, shared);
    return;
  }
  const list = row['spans'] ?? data;
  if (Array.isArray(list)) yield* list;
  else yield row;
}

/** What a request says of all its spans (`ml_app`, `session_id`, `tags`), for a span that does not say it itself. */
function withShared(span: unknown, shared: Record<string, unknown>): unknown {
  if (!isObject(span)) return span;
  const [own, common] = [span['tags'], shared['tags']];
  const tags = Array.isArray(own) && Array.isArray(common) ? { tags: [...own, ...common] } : {};
  return { ...shared, ...span, ...tags };
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => {
    const spans = [...spansOf(row)];
    return spans.length > 0 && spans.every(isSpan);
  }).length;
  return { agreeing, because: 'start_ns beside meta, or start_ms beside ml_app, and the ids' };
}

export const recogniser: Recogniser = {
  name: 'datadog',
  title: 'Datadog LLM Observability',
  checked: 'schema',
  recognisedBy: '`start_ns` beside `meta`, or `start_ms` beside `ml_app`',
  detect,
};
