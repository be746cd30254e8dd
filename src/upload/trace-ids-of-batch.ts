import type { TraceIndex } from '../trace/trace-index.js';
import type { BatchBodyBuilder } from './batch-body.js';
import { readIds } from './read-ids.js';

/**
 * The ids of the traces of delivered spans, as they were sent. The index holds no ids: they are read from one span of
 * each trace, unless the server has named as many as there are.
 */
export function traceIdsOfBatch(
  index: TraceIndex,
  bodies: Pick<BatchBodyBuilder, 'buildSpan'>,
  spans: readonly number[],
  named: readonly string[],
): string[] {
  const firsts = new Map<number, number>();
  for (const span of spans) if (!firsts.has(index.traceOf(span))) firsts.set(index.traceOf(span), span);
  const distinct = new Set(named);
  if (distinct.size === firsts.size) return [...distinct];
  return Array.from(firsts.values(), (span) => readIds(bodies.buildSpan(span)).traceId);
}
