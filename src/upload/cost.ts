import type { BatchOptions } from '../options.js';
import { unsentTraces } from '../trace/order.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { frameBytes, packBatches, type Batch } from './batches.js';
import { RateLimiter, type RequestSize } from './rate-limit.js';
import { TraceStates } from './trace-states.js';

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
export function plannedBatches(
  index: TraceIndex,
  { target, limits }: BatchOptions,
  sizeOf: (span: number) => number,
): Generator<Batch> {
  return packBatches(
    unsentTraces(index),
    sizeOf,
    frameBytes(target.frame),
    () => limits,
    target.traces === undefined ? 'together' : 'apart',
  );
}

/**
 * What an upload of the plan would take: the real batches, packed and not sent.
 *
 * @param share what compression leaves of the bytes; undefined without it
 */
export function uploadCost(
  index: TraceIndex,
  options: BatchOptions,
  sizeOf: (span: number) => number,
  share?: number,
): UploadCost {
  const cost: UploadCost = { requests: 0, bytes: 0, wireBytes: undefined, seconds: 0 };
  const { target, rateLimits } = options;
  const limiters = (rateLimits.length > 0 ? rateLimits : [target.usualRate.limit]).map(
    (limit) => new RateLimiter(limit),
  );
  const states = target.traces && new TraceStates(index);
  let now = 0;
  for (const batch of plannedBatches(index, options, sizeOf)) {
    for (const { spans, bytes } of requestsOf(batch, states)) {
      cost.requests += 1;
      cost.bytes += bytes;
      const size = { spans, bytes: Math.ceil(bytes * (share ?? 1)) };
      now = Math.max(now, ...limiters.map((limiter) => limiter.dueAt(size, now)));
      for (const limiter of limiters) limiter.book(size, now);
    }
  }
  cost.seconds = now / 1000;
  if (share !== undefined) cost.wireBytes = Math.ceil(cost.bytes * share);
  return cost;
}

/**
 * What comes later of a trace that travels apart goes span by span. Where it may be there already, two questions come
 * first: for the trace, and for the span in it.
 */
function requestsOf({ spans, bytes, after }: Batch, states: TraceStates | undefined): RequestSize[] {
  const known = states !== undefined && states.get(spans[0]!) !== 'absent';
  if (states === undefined || (after === undefined && !known)) return [{ spans: spans.length, bytes }];
  const single = { spans: 1, bytes: Math.round(bytes / spans.length) };
  const question = { spans: 0, bytes: 0 };
  return spans.flatMap(() => (known ? [question, question, single] : [single]));
}
