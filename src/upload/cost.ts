import type { BatchOptions } from '../options.js';
import { unsentTraces } from '../trace/order.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { frameBytes, packBatches, type Batch } from './batches.js';
import { RateLimiter, type RateLimit } from './rate-limit.js';

/** The only limit that Respan documents (its API rate limits page; ingest may be exempt). */
const documentedRateLimit: RateLimit = { unit: 'requests', amount: 60, window: 60_000 };

export interface UploadCost {
  requests: number;
  /** Of all bodies, uncompressed. */
  bytes: number;
  /** The same as they would be sent, about; undefined where they go as they are. */
  wireBytes: number | undefined;
  /** The least time that the rate limits permit: those that were asked for, else the documented one. */
  seconds: number;
}

/** The batches of an upload of the plan. */
export function plannedBatches(index: TraceIndex, { target, limits }: BatchOptions): Generator<Batch> {
  return packBatches(
    unsentTraces(index),
    (span) => index.lengthOf(span),
    frameBytes(target.frame),
    () => limits,
  );
}

/**
 * What an upload of the plan would take: the real batches, packed and not sent.
 *
 * @param share what compression leaves of the bytes; undefined without it
 */
export function uploadCost(index: TraceIndex, options: BatchOptions, share?: number): UploadCost {
  const cost: UploadCost = { requests: 0, bytes: 0, wireBytes: undefined, seconds: 0 };
  const { rateLimits } = options;
  const limiters = (rateLimits.length > 0 ? rateLimits : [documentedRateLimit]).map(
    (limit) => new RateLimiter(limit),
  );
  let now = 0;
  for (const { spans, bytes } of plannedBatches(index, options)) {
    cost.requests += 1;
    cost.bytes += bytes;
    const size = { spans: spans.length, bytes: Math.ceil(bytes * (share ?? 1)) };
    now = Math.max(now, ...limiters.map((limiter) => limiter.dueAt(size, now)));
    for (const limiter of limiters) limiter.book(size, now);
  }
  cost.seconds = now / 1000;
  if (share !== undefined) cost.wireBytes = Math.ceil(cost.bytes * share);
  return cost;
}
