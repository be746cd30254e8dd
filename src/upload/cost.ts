import type { BatchOptions } from '../options.js';
import { unsentTraces } from '../trace/order.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { frameBytes, packBatches } from './batches.js';

/** Requests a minute of the only limit that Respan documents (its API rate limits page; ingest may be exempt). */
export const documentedRateLimit = 60;

export interface UploadCost {
  requests: number;
  /** Of all bodies, uncompressed. */
  bytes: number;
  /** The least time that the rate limit permits. */
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
  for (const batch of batches) {
    cost.requests += 1;
    cost.bytes += batch.bytes;
  }
  cost.seconds = (Math.max(0, cost.requests - 1) * 60) / (options.rateLimit ?? documentedRateLimit);
  return cost;
}
