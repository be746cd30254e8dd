import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { Pace } from '../../src/upload/pace.js';
import type { RateLimit } from '../../src/upload/rate-limit.js';
import { TestClock } from './import-job.js';

const size = { spans: 1, bytes: 100 };
const never = new AbortController().signal;

function createPace(maximum = 8, rateLimits: RateLimit[] = []): { pace: Pace; clock: TestClock } {
  const clock = new TestClock();
  return { pace: new Pace(clock, maximum, rateLimits), clock };
}

function succeed(pace: Pace, times: number): number[] {
  return Array.from({ length: times }, () => {
    pace.succeeded();
    return pace.concurrency;
  });
}

describe('concurrency', () => {
  test('one request until the first success, four after it, then one more for each, up to the maximum', () => {
    const { pace } = createPace(6);
    expect(pace.concurrency).toBe(1);
    expect(pace.lastSuccess).toBe(Number.NEGATIVE_INFINITY);
    expect(succeed(pace, 4)).toEqual([4, 5, 6, 6]);
    expect(succeed(createPace(3).pace, 2)).toEqual([3, 3]);
  });

  test('goes down when the server throttles, never below one', () => {
    const { pace, clock } = createPace();
    succeed(pace, 8);
    const seen = Array.from({ length: 12 }, () => {
      clock.time += 1;
      pace.throttled(clock.now());
      return pace.concurrency;
    });
    expect(seen[0]).toBeLessThan(8);
    expect(seen).toEqual(seen.toSorted((left, right) => right - left));
    expect(seen.at(-1)).toBe(1);
  });

  test('answers to requests that were sent before the last retreat count as one', () => {
    const { pace, clock } = createPace();
    succeed(pace, 8);
    const sentAt = clock.now();
    clock.time += 10;
    pace.throttled(sentAt);
    const once = pace.concurrency;
    pace.throttled(sentAt);
    pace.throttled(clock.now());
    expect(pace.concurrency).toBe(once);
    clock.time += 1;
    pace.throttled(clock.now());
    expect(pace.concurrency).toBeLessThan(once);
  });

  test('rises again after enough successes', () => {
    const { pace, clock } = createPace(4);
    succeed(pace, 4);
    clock.time += 1;
    pace.throttled(clock.now());
    expect(pace.concurrency).toBeLessThan(4);
    expect(succeed(pace, 7)).not.toContain(4);
    expect(succeed(pace, 50).at(-1)).toBe(4);
  });

  test('a run that was throttled before its first success starts slowly', () => {
    const { pace, clock } = createPace();
    pace.throttled(clock.now());
    expect(succeed(pace, 4)).toEqual([1, 1, 1, 1]);
  });
});

describe('turns', () => {
  test('no more are under way at once than the concurrency permits, retries of waiting batches included', async () => {
    const { pace } = createPace(2);
    pace.succeeded();
    let running = 0;
    let highest = 0;
    const work = async (): Promise<void> => {
      running += 1;
      highest = Math.max(highest, running);
      await setImmediate();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 6 }, () => pace.turn(size, never, work)));
    expect(highest).toBe(2);
  });

  test('starts are an interval apart', async () => {
    const { pace, clock } = createPace(4, [{ unit: 'requests', amount: 4, window: 1000 }]);
    pace.succeeded();
    const begun = clock.now();
    const starts = await Promise.all(
      Array.from({ length: 4 }, () => pace.turn(size, never, () => Promise.resolve(clock.now() - begun))),
    );
    expect(starts).toEqual([0, 250, 500, 750]);
  });

  test('a pause holds every start back, and the longest pause counts', async () => {
    const { pace, clock } = createPace();
    const begun = clock.now();
    pace.pause(5000);
    pace.pause(1000);
    expect(await pace.turn(size, never, () => Promise.resolve(clock.now() - begun))).toBe(5000);
  });

  test('nothing is sent once the signal has aborted, also while waiting for a place', async () => {
    const { pace } = createPace();
    const stop = new AbortController();
    const gate = new EventTarget();
    const first = pace.turn(size, stop.signal, () => once(gate, 'open').then(() => 'sent'));
    const second = pace.turn(size, stop.signal, () => Promise.resolve('sent'));
    await setImmediate();
    stop.abort();
    gate.dispatchEvent(new Event('open'));
    expect(await Promise.all([first, second])).toEqual(['sent', undefined]);
  });

  test('a pause ends when the signal aborts', async () => {
    const stop = new AbortController();
    const clock = new TestClock();
    // A sleep that only the signal ends.
    clock.sleep = async (_milliseconds, signal) => {
      await once(signal, 'abort');
    };
    const pace = new Pace(clock, 1, []);
    pace.pause(5000);
    const turn = pace.turn(size, stop.signal, () => Promise.resolve('sent'));
    await setImmediate();
    stop.abort();
    expect(await turn).toBeUndefined();
  });
});
