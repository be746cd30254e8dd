import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RateLimiter, type RateLimit, type RequestSize } from '../../src/upload/rate-limit.js';

const requests = (amount: number, window: number): RateLimit => ({ unit: 'requests', amount, window });
const one: RequestSize = { spans: 1, bytes: 100 };

interface Start {
  at: number;
  size: RequestSize;
}

/** Starts every request as soon as all limits permit it, never before it is offered. */
function startAll(
  limits: readonly RateLimit[],
  offered: readonly { after: number; late: number; size: RequestSize }[],
): Start[] {
  const limiters = limits.map((limit) => new RateLimiter(limit));
  let now = 1_000_000;
  return offered.map(({ after, late, size }) => {
    now += after;
    for (let due = 0; due <= now;) {
      due = Math.max(...limiters.map((limiter) => limiter.dueAt(size, now)));
      if (due <= now) break;
      // Timers fire late, never early.
      now = due + late;
    }
    for (const limiter of limiters) limiter.book(size, now);
    return { at: now, size };
  });
}

const saturated = (sizes: readonly RequestSize[]) => sizes.map((size) => ({ after: 0, late: 0, size }));

function costOf({ unit }: RateLimit, size: RequestSize): number {
  return unit === 'requests' ? 1 : size[unit];
}

/** The most that any stretch of the limit's length holds; one that begins with a request holds the most. */
function fullestWindow(limit: RateLimit, starts: readonly Start[]): number {
  return Math.max(
    ...starts.map(({ at: from }) =>
      starts
        .filter(({ at }) => at >= from && at < from + limit.window)
        .reduce((sum, { size }) => sum + costOf(limit, size), 0),
    ),
  );
}

const size = fc.record({ spans: fc.integer({ min: 1, max: 50 }), bytes: fc.integer({ min: 1, max: 5000 }) });
const limit = fc.record<RateLimit>({
  unit: fc.constantFrom('requests', 'spans', 'bytes'),
  amount: fc.integer({ min: 1, max: 100 }),
  window: fc.constantFrom(1000, 60_000, 3_600_000),
});
/** Holds the largest of the sizes above. */
const roomy = limit.map((drawn) => ({
  ...drawn,
  amount: drawn.amount * { requests: 1, spans: 50, bytes: 5000 }[drawn.unit],
}));

describe('a rate limit', () => {
  it('holds in every window, whatever comes when, several limits side by side', () => {
    const offered = fc.array(
      fc.record({ after: fc.nat(20_000), late: fc.integer({ min: 0, max: 30 }), size }),
      { minLength: 1, maxLength: 150 },
    );
    fc.assert(
      fc.property(fc.array(roomy, { minLength: 1, maxLength: 3 }), offered, (limits, requestsOffered) => {
        const starts = startAll(limits, requestsOffered);
        for (const each of limits) expect(fullestWindow(each, starts)).toBeLessThanOrEqual(each.amount);
      }),
      { numRuns: 300 },
    );
  });

  it('is used fully by requests that fill it, also where timers fire late', () => {
    fc.assert(
      fc.property(limit, fc.integer({ min: 1, max: 100 }), fc.nat(30), (drawn, cost, late) => {
        const each = drawn.unit === 'requests' ? 1 : Math.min(cost, drawn.amount);
        const perWindow = Math.floor(drawn.amount / each);
        const windows = 5;
        const offered = Array.from({ length: perWindow * windows + 1 }, () => ({
          after: 0,
          late: Math.min(late, drawn.window / 10 / perWindow / 2),
          size: { spans: each, bytes: each },
        }));
        const starts = startAll([drawn], offered);
        const elapsed = starts.at(-1)!.at - starts[0]!.at;
        // A late timer delays what follows by its own lateness, not by the sum of all.
        const rounding = 0.001;
        expect(elapsed).toBeLessThanOrEqual(windows * (drawn.window + 30) + rounding);
      }),
    );
  });

  it('spreads requests evenly instead of sending a burst', () => {
    const starts = startAll([requests(60, 60_000)], saturated(Array.from({ length: 4 }, () => one)));
    expect(starts.map(({ at }) => at - starts[0]!.at)).toEqual([0, 1000, 2000, 3000]);
  });

  it('makes up for a late timer, not for a long pause', () => {
    const limiter = new RateLimiter(requests(60, 60_000));
    limiter.book(one, 0);
    expect(limiter.dueAt(one, 0)).toBe(1000);
    limiter.book(one, 1400);
    expect(limiter.dueAt(one, 1400)).toBe(2000);
    limiter.book(one, 30_000);
    expect(limiter.dueAt(one, 30_000)).toBe(31_000);
  });

  it('lets a request go that is larger than itself, and makes what follows wait the longer', () => {
    const limits: RateLimit[] = [{ unit: 'bytes', amount: 1000, window: 1000 }];
    const large = { spans: 1, bytes: 4000 };
    const starts = startAll(limits, saturated([one, large, one]));
    expect(starts.map(({ at }) => at - starts[0]!.at)).toEqual([0, 1000, 5000]);
  });

  it('does not wait for a clock that was set back', () => {
    const limiter = new RateLimiter(requests(60, 60_000));
    limiter.book(one, 10_000_000);
    expect(limiter.dueAt(one, 5_000_000)).toBe(5_001_000);
  });
});
