import { isObject } from '../values.js';
import type { StoredSpan, StoredTrace } from './store.js';

/** A row of the read side. Times are milliseconds; objects and lists are JSON texts there. */
export type Row = Record<string, unknown>;

export function traceRow({ id, fields, spans }: StoredTrace): Row {
  const { startedAt, endedAt = startedAt, name, status, referenceId, sessionId, attributes, tags } = fields;
  const rows = spans.map(spanRow);
  return {
    id,
    name,
    status,
    startedAt,
    endedAt,
    latency: endedAt - startedAt,
    referenceId: referenceId ?? null,
    sessionId: sessionId ?? null,
    attributes: JSON.stringify(attributes ?? {}),
    tags: JSON.stringify(tags ?? []),
    totalCost: sumOf(rows, 'cost'),
    totalInputTokens: sumOf(rows, 'promptTokens'),
    totalOutputTokens: sumOf(rows, 'completionTokens'),
    spanIds: spans.map((span) => span.id),
    createdAt: endedAt,
    updatedAt: endedAt,
  };
}

export function spanRow({ id, trace, fields }: StoredSpan): Row {
  const { startedAt, endedAt, name, status, content, referenceId, parentReferenceId, sessionId } = fields;
  const usage = usageOf(content);
  return {
    id,
    name,
    contentType: content['type'],
    status,
    startedAt,
    endedAt,
    latency: endedAt - startedAt,
    logTraceId: trace.id,
    promptId: fields.promptId ?? null,
    referenceId: referenceId ?? null,
    parentReferenceId: parentReferenceId ?? null,
    sessionId: sessionId ?? null,
    cost: content['cost'] ?? null,
    promptTokens: usage['promptTokens'] ?? null,
    completionTokens: usage['completionTokens'] ?? null,
    totalTokens: usage['totalTokens'] ?? null,
    content: JSON.stringify(content),
    parsedContent: null,
    attributes: JSON.stringify(fields.attributes ?? {}),
    tags: JSON.stringify(fields.tags ?? []),
    events: JSON.stringify(fields.events ?? []),
    createdAt: endedAt,
    updatedAt: endedAt,
  };
}

/**
 * Token counts have one documented place: the `tokenUsage` of a model's output. That of a stream is whatever came over
 * the wire; the JSON of it stands beside.
 */
function usageOf({ output, aggregateOutput = output }: Record<string, unknown>): Record<string, unknown> {
  const parsed: unknown = typeof aggregateOutput === 'string' ? JSON.parse(aggregateOutput) : undefined;
  const usage = isObject(parsed) ? parsed['tokenUsage'] : undefined;
  return isObject(usage) ? usage : {};
}

function sumOf(rows: readonly Row[], field: string): number {
  return rows.reduce((sum, row) => sum + (Number(row[field]) || 0), 0);
}
