import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { batchLimits } from '../../src/upload/batch-limits.js';
import type { RateLimit } from '../../src/upload/rate-limit.js';

const minute = 60_000;
const requests = (amount: number, window = minute): RateLimit => ({ unit: 'requests', amount, window });
const megabyte = 1_000_000;

describe('the size of batches', () => {
  it('is the usual one without a limit, and under one that permits many requests', () => {
    const usual = { spans: 500, bytes: 5 * 1024 * 1024 };
    expect(batchLimits({}, [])).toEqual(usual);
    expect(batchLimits({}, [requests(100, 1000)])).toEqual(usual);
  });

  it('is larger where few requests are permitted, below what the server says it takes', () => {
    const limits = batchLimits({}, [requests(60)]);
    expect(limits.spans).toBeGreaterThan(500);
    expect(limits.bytes).toBeGreaterThan(5 * 1024 * 1024);
    expect(limits.bytes).toBeLessThan(20 * megabyte);
  });

  it('is as it was asked for, whatever is permitted', () => {
    expect(batchLimits({ spans: 7 }, [requests(60)]).spans).toBe(7);
    expect(batchLimits({ bytes: 9000 }, [requests(60)]).bytes).toBe(9000);
  });

  it('never exceeds a limit on spans or bytes', () => {
    const rates: RateLimit[] = [
      { unit: 'spans', amount: 300, window: minute },
      { unit: 'bytes', amount: 2 * megabyte, window: 1000 },
    ];
    expect(batchLimits({ spans: 1000, bytes: 4 * megabyte }, rates)).toEqual({ spans: 300, bytes: 2e6 });
  });

  it('divides a limit on spans, so that no window is left half empty', () => {
    expect(batchLimits({}, [{ unit: 'spans', amount: 4000, window: minute }]).spans).toBe(400);
    expect(batchLimits({}, [{ unit: 'spans', amount: 3, window: minute }]).spans).toBe(1);
  });

  it('lets the requests that are permitted carry all the spans that are permitted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 100_000 }),
        (perMinute, spans) => {
          const limits = batchLimits({}, [
            requests(perMinute),
            { unit: 'spans', amount: spans, window: minute },
          ]);
          const most = perMinute <= 120 ? 2000 : 500;
          expect(limits.spans).toBeLessThanOrEqual(Math.min(most, spans));
          const carried = limits.spans * perMinute;
          expect(carried > spans - perMinute || limits.spans === Math.min(most, spans)).toBe(true);
        },
      ),
    );
  });
});
