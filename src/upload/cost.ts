import type { BatchOptions } from '../options.js';
import { unsentTraces } from '../trace/order.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { frameBytes, packBatches } from './batches.js';
import { RateLimiter, type RateLimit } from './rate-limit.js';

/** The only limit that Respan documents (its API rate limits page; ingest may be exempt). */
const documentedRateLimit: RateLimit = { unit: 'requests', amount: 60, window: 60_000 };

export interface UploadCost {
  requests: number;
  /** Of all bodies, uncompressed. */
  bytes: number;
  /** The least time that the rate limits permit: those that were asked for, else the documented one. */
  seconds: number;
}

/** What an upload of the plan would take: the real batches, packed and not sent. */
export function uploadCost(index: TraceIndex, options: BatchOptions): UploadCost {
  const cost: UploadCost = { requests: 0, bytes: 0, seconds: 0 };
  const batches = packBatches(
    unsentTraces(index),
    (span) => index.lengthOf(span),
    frameBytes(options.target.frame),
    () => options.limits,
  );
  const { rateLimits } = options;
  const limiters = (rateLimits.length > 0 ? rateLimits : [documentedRateLimit]).map(
    (limit) => new RateLimiter(limit),
  );
  let now = 0;
  for (const { spans, bytes } of batches) {
    cost.requests += 1;
    cost.bytes += bytes;
    const size = { spans: spans.length, bytes };
    now = Math.max(now, ...limiters.map((limiter) => limiter.dueAt(size, now)));
    for (const limiter of limiters) limiter.book(size, now);
  }
  cost.seconds = now / 1000;
  return cost;
}
