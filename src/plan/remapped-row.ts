import { encodeSpan, spanText } from '../span/encode.js';
import type { NormalisedSpan } from '../span/normalised.js';
import type { IdHash } from '../trace/hash.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { GeneratedIds } from './generated-ids.js';

/**
 * The spans of a row that was mapped again. A row may hold thousands of spans, which are asked for one after another: it
 * is mapped once for all of them.
 */
export class RemappedRow {
  private readonly named = new Map<string, NormalisedSpan[]>();
  /** Spans whose rows leave out an id. */
  private readonly unnamed: NormalisedSpan[] = [];

  constructor(
    private readonly index: TraceIndex,
    private readonly generatedIds: GeneratedIds,
    spans: readonly NormalisedSpan[],
  ) {
    const key: IdHash = { low: 0, high: 0 };
    for (const span of spans) {
      const { traceId, spanId } = span;
      if (traceId === undefined || spanId === undefined) {
        this.unnamed.push(span);
        continue;
      }
      index.keyOfIds(traceId, spanId, key);
      const found = this.named.get(nameOf(key));
      if (found === undefined) this.named.set(nameOf(key), [span]);
      else found.push(span);
    }
  }

  /** What the row gives for a span of the plan, encoded; nothing where it gives none. */
  *encodings(span: number): Generator<Buffer> {
    const { index } = this;
    for (const { body, ...ids } of this.named.get(
      nameOf({ low: index.keyLow(span), high: index.keyHigh(span) }),
    ) ?? []) {
      if (body !== 'row') yield encodeSpan(body, ids);
    }
    for (const normalised of this.unnamed) {
      const { body, parentId } = normalised;
      if (body === 'row') continue;
      const content = spanText(normalised.identity ?? body, normalised);
      for (const ids of this.generatedIds.completions(normalised, content)) {
        if (index.hasIds(span, ids.traceId, ids.spanId)) yield encodeSpan(body, { ...ids, parentId });
      }
    }
  }
}

function nameOf({ low, high }: IdHash): string {
  return `${high}:${low}`;
}
