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

const beforeTraceId = Buffer.from('"trace_unique_id":"');
const quote = 0x22;

/**
 * The same of the trace alone, without parsing the span where that is not needed.
 *
 * @param isIt whether a text is the id, as far as that is known; what looks like the id may stand in somebody's data
 */
export function readTraceId(body: Buffer, isIt: (text: string) => boolean): string {
  const key = body.indexOf(beforeTraceId);
  if (key >= 0) {
    const start = key + beforeTraceId.length;
    const text = body.toString('latin1', start, body.indexOf(quote, start));
    if (isIt(text)) return text;
  }
  return readIds(body).traceId;
}
