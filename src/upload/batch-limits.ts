import type { BatchLimits } from './batches.js';
import type { RateLimit } from './rate-limit.js';

/** Small enough for any server and line, large enough that requests cost little. */
const usual: BatchLimits = { spans: 500, bytes: 5 * 1024 * 1024 };
/**
 * Where few requests are permitted, each carries more. Respan documents that it takes 20 MB in one span, so no body
 * below that is beyond what it says it takes; how many spans it takes is not documented.
 */
const fewRequests: BatchLimits = { spans: 2000, bytes: 16 * 1024 * 1024 };
/** Requests a minute up to which they count as few. */
const few = 120;
/** Batches in a window: a batch that would exceed the limit waits, and what it would have filled stays unused. */
const batchesInWindow = 10;

/**
 * How large batches are made: as `wanted` says, else the usual size, larger under a low limit on requests. A limit on
 * spans or bytes makes them smaller, so that it can be used fully; none is larger than such a limit as a whole.
 */
export function batchLimits(wanted: Partial<BatchLimits>, limits: readonly RateLimit[]): BatchLimits {
  const requests = limits.filter(({ unit }) => unit === 'requests');
  const { spans, bytes } = requests.some((limit) => perMinute(limit) <= few) ? fewRequests : usual;
  const sized = (unit: 'spans' | 'bytes', given: number | undefined, otherwise: number): number => {
    const own = limits.filter((limit) => limit.unit === unit);
    const whole = own.map(({ amount }) => amount);
    if (given !== undefined) return Math.min(given, ...whole);
    return Math.min(otherwise, ...own.map((limit) => fillingSize(limit, requests)), ...whole);
  };
  return { spans: sized('spans', wanted.spans, spans), bytes: sized('bytes', wanted.bytes, bytes) };
}

/** The same where traces travel apart, each whole in one request: only the size of a request cuts them. */
export function traceLimits(
  wanted: Pick<Partial<BatchLimits>, 'bytes'>,
  limits: readonly RateLimit[],
  mostBytes: number,
): BatchLimits {
  const whole = limits.filter(({ unit }) => unit === 'bytes').map(({ amount }) => amount);
  return {
    spans: Number.POSITIVE_INFINITY,
    bytes: Math.min(wanted.bytes ?? mostBytes, mostBytes, ...whole),
  };
}

/** A tenth of the limit, or more where the limits on requests would leave it unused. */
function fillingSize(limit: RateLimit, requests: readonly RateLimit[]): number {
  const perRequest = requests.map((request) => perMinute(limit) / perMinute(request));
  return Math.max(1, Math.floor(Math.max(limit.amount / batchesInWindow, ...perRequest)));
}

function perMinute({ amount, window }: RateLimit): number {
  return (amount / window) * 60_000;
}
