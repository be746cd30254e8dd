import { ImportError } from '../errors.js';
import type { SpanIds } from '../ledger/record.js';
import type { BatchBodyBuilder } from './batch-body.js';
import { readIds } from './read-ids.js';

/** Spans that the record of a run names; their bodies are read for it, at the end of a run that may be in a hurry. */
const mostNamed = 10_000;

/** The first spans that a run did not deliver, or cannot know to be delivered. */
export class MissingSpans {
  private readonly spans: number[] = [];

  add(spans: readonly number[]): void {
    this.spans.push(...spans.slice(0, mostNamed - this.spans.length));
  }

  /** Fewer where the input has changed since. */
  read(bodies: Pick<BatchBodyBuilder, 'buildSpan'>): SpanIds[] {
    const ids: SpanIds[] = [];
    try {
      for (const span of this.spans) ids.push(readIds(bodies.buildSpan(span)));
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
    }
    return ids;
  }
}
