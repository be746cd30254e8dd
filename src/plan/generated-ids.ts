import type { TraceIndex } from '../trace/trace-index.js';
import { generateSpanId, generateTraceId } from '../span/ids.js';

/** The ids that a row names. */
interface PartialIds {
  traceId: string | undefined;
  spanId: string | undefined;
}

/**
 * Gives ids to spans whose rows name none. An id follows from the span's content and from its ordinal among spans of
 * equal content, so the same rows get the same ids in every run, whatever the file is called and whatever was appended.
 */
export class GeneratedIds {
  /** Only contents that occurred more than once: the first occurrence is found in the index. */
  private readonly repeats = new Map<string, number>();

  constructor(private readonly index: TraceIndex) {}

  /** `content` is the encoded span without the ids that are missing. */
  complete(ids: PartialIds, content: string): { traceId: string; spanId: string } {
    const { traceId, spanId } = ids;
    if (traceId === undefined) {
      const first = generateTraceId(content, 0);
      const ordinal = this.ordinal(first, this.index.hasTrace(first));
      const generated = ordinal === 0 ? first : generateTraceId(content, ordinal);
      return { traceId: generated, spanId: spanId ?? generateSpanId(generated, content, 0) };
    }
    if (spanId !== undefined) return { traceId, spanId };
    const first = generateSpanId(traceId, content, 0);
    const ordinal = this.ordinal(traceId + first, this.index.hasSpan(traceId, first));
    return { traceId, spanId: ordinal === 0 ? first : generateSpanId(traceId, content, ordinal) };
  }

  /** All ids that `complete` has given for these ids and this content so far, the earliest first. */
  *completions(ids: PartialIds, content: string): Generator<{ traceId: string; spanId: string }> {
    const { traceId, spanId } = ids;
    const firstTrace = traceId ?? generateTraceId(content, 0);
    const firstSpan = spanId ?? generateSpanId(firstTrace, content, 0);
    yield { traceId: firstTrace, spanId: firstSpan };
    const repeats = this.repeats.get(traceId === undefined ? firstTrace : traceId + firstSpan) ?? 0;
    for (let ordinal = 1; ordinal <= repeats; ordinal++) {
      const trace = traceId ?? generateTraceId(content, ordinal);
      const span = spanId ?? generateSpanId(trace, content, traceId === undefined ? 0 : ordinal);
      yield { traceId: trace, spanId: span };
    }
  }

  private ordinal(firstId: string, occurred: boolean): number {
    if (!occurred) return 0;
    const ordinal = (this.repeats.get(firstId) ?? 0) + 1;
    this.repeats.set(firstId, ordinal);
    return ordinal;
  }
}
