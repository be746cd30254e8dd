/** Ids of a span as it is sent. */
export interface SpanIds {
  traceId: string;
  spanId: string;
}

/** Reads them from the span's bytes, in which the plan made sure of them: the index holds no ids. */
export function readIds(body: Buffer): SpanIds {
  const { trace_unique_id: traceId, span_unique_id: spanId }: Partial<Record<string, unknown>> = Object(
    JSON.parse(body.toString()),
  );
  return { traceId: String(traceId), spanId: String(spanId) };
}
