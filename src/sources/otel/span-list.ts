import type { SpanDraft } from '../../span/span.js';
import { isAbsent, isEmptyContainer, isObject } from '../../span/text.js';
import { addTo } from './attributes.js';
import { draftOf, RowKeys } from './span-parts.js';

/**
 * The spans of a trace of NeMo Guardrails. Their offsets, in seconds, are no points in time: they are kept in the
 * metadata (`start_time`, `end_time`), the duration is the latency.
 */
export function guardrailsDrafts(row: Record<string, unknown>): SpanDraft[] {
  const { trace_id: traceId, spans, ...around } = row;
  if (!Array.isArray(spans)) return [];
  return spans.filter(isObject).map((span) => {
    const keys = new RowKeys(span);
    const duration = keys.take('duration');
    const offsets = [keys.take('start_time'), keys.take('end_time')];
    return draftOf({
      traceId: { name: 'trace_id', value: traceId },
      spanId: keys.take('span_id'),
      parentId: keys.take('parent_id'),
      start: { name: 'start_time', value: undefined },
      end: { name: 'end_time', value: undefined },
      latency: { ...duration, unit: 's' },
      name: keys.take('name').value,
      kind: keys.take('kind', 'span_kind').value,
      attributes: keys.take('attributes').value,
      events: keys.take('events').value,
      rest: [
        ...offsets.map(({ name, value }): [string, unknown] => [name, value]),
        ...keys.rest(),
        ...Object.entries(around),
      ],
    });
  });
}

/** Adds what stands beside a list of spans to each of them. */
export function addAround(drafts: readonly SpanDraft[], around: Record<string, unknown>): void {
  for (const draft of drafts) {
    for (const [name, value] of Object.entries(around)) {
      if (!isAbsent(value) && !isEmptyContainer(value)) addTo(draft.metadata, name, value);
    }
  }
}
