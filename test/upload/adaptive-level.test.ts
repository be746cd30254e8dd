import { setMaxListeners } from 'node:events';

import { describe, expect, test } from 'vitest';

import { Pace } from '../../src/upload/pace.js';
import { backoff } from '../../src/upload/retry.js';
import { VirtualClock } from './virtual-clock.js';

const never = new AbortController().signal;
setMaxListeners(0, never);
const size = { spans: 1, bytes: 1 };
/** Milliseconds that the server takes for a batch, on average. */
const latency = 200;

/** Says whether a request is taken that arrives beside `open` others at a time in milliseconds. */
type Server = (open: number, now: number) => boolean;

interface Outcome {
  /** Accepted requests a second. */
  throughput: number;
  /** Part of all requests that the server refused. */
  refused: number;
  /** The same of the second half of the requests, when the pace has settled. */
  refusedLater: number;
  highestLevel: number;
}

/** Sends batches in virtual time as an upload does: refused ones wait their backoff and go again. */
async function sendTo(
  server: Server,
  { maximum = 16, batches = 1000, seed = 1, adaptive = true } = {},
): Promise<Outcome> {
  const clock = new VirtualClock(seed);
  const pace = new Pace(clock, maximum, []);
  const answers: boolean[] = [];
  let open = 0;
  let highestLevel = 0;
  const request = async (): Promise<boolean> => {
    const sentAt = clock.now();
    const accepts = server(open, sentAt);
    open += 1;
    // A refusal comes at once.
    await clock.sleep(accepts ? latency * (0.5 + clock.random()) : 20, never);
    open -= 1;
    answers.push(accepts);
    if (adaptive && !accepts) pace.throttled(sentAt);
    return accepts;
  };
  const deliver = async (): Promise<void> => {
    for (let attempt = 1; (await pace.turn(size, never, request)) !== true; attempt += 1) {
      await clock.sleep(backoff(attempt, clock.random()), never);
    }
    pace.succeeded();
    highestLevel = Math.max(highestLevel, pace.concurrency);
  };
  const inFlight = new Set<Promise<void>>();
  for (let batch = 0; batch < batches; batch += 1) {
    while (inFlight.size >= pace.concurrency) await Promise.race(inFlight);
    const delivery: Promise<void> = deliver().finally(() => inFlight.delete(delivery));
    inFlight.add(delivery);
  }
  await Promise.all(inFlight);
  return {
    throughput: (batches / clock.now()) * 1000,
    refused: partRefused(answers),
    refusedLater: partRefused(answers.slice(answers.length / 2)),
    highestLevel,
  };
}

function partRefused(answers: readonly boolean[]): number {
  return answers.filter((accepted) => !accepted).length / answers.length;
}

const atMostInFlight =
  (limit: number): Server =>
  (open) =>
    open < limit;

/** Takes so many requests in each window, that begins at its multiples. */
function atMostInWindow(limit: number, window: number): Server {
  let current = -1;
  let count = 0;
  return (_open, now) => {
    if (Math.floor(now / window) !== current) count = 0;
    current = Math.floor(now / window);
    count += 1;
    return count <= limit;
  };
}

describe('under a server that limits the requests in flight', () => {
  test.each([1, 2, 4, 10])('to %i: settles there, is hardly ever refused and uses it', async (limit) => {
    for (const seed of [1, 2, 3]) {
      const { throughput, refused, refusedLater } = await sendTo(atMostInFlight(limit), { seed });
      expect(refused).toBeLessThan(0.03);
      expect(refusedLater).toBeLessThan(0.015);
      expect((throughput * latency) / 1000 / limit).toBeGreaterThan(0.8);
    }
  });

  test('is refused less and gets more through than a fixed number of requests', async () => {
    const adaptive = await sendTo(atMostInFlight(4));
    const fixed = await sendTo(atMostInFlight(4), { adaptive: false });
    expect(adaptive.refused).toBeLessThan(fixed.refused / 5);
    expect(adaptive.throughput).toBeGreaterThan(fixed.throughput * 1.2);
  });
});

describe('under a server that limits the requests of a time', () => {
  test.each([
    [2, 1000],
    [10, 1000],
    [60, 60_000],
  ])('to %i in %i ms: settles below and uses most of it', async (limit, window) => {
    const { throughput, refused } = await sendTo(atMostInWindow(limit, window));
    expect(refused).toBeLessThan(0.1);
    expect(((throughput / 1000) * window) / limit).toBeGreaterThan(0.6);
  });
});

test('goes up to the maximum where nothing throttles', async () => {
  const { highestLevel, throughput } = await sendTo(() => true, { maximum: 8 });
  expect(highestLevel).toBe(8);
  expect((throughput * latency) / 1000).toBeGreaterThan(7);
});

test('recovers when the limit goes away', async () => {
  const limited = atMostInFlight(2);
  const until = 60_000;
  const { highestLevel, throughput } = await sendTo((open, now) => now > until || limited(open, now), {
    maximum: 8,
    batches: 600 + 2400,
  });
  expect(highestLevel).toBe(8);
  // 600 at two a time take the first minute; the rest goes at eight a time, once the pace has found that out.
  expect(throughput).toBeGreaterThan((600 + 2400) / (until / 1000 + (2400 / 8) * (latency / 1000) * 2));
});

const unlessClosed: Server = (_open, now) => now <= 10_000 || now >= 70_000;

test('a server that is closed for a while costs no more than some places, which come back', async () => {
  const { highestLevel, throughput } = await sendTo(unlessClosed, { maximum: 4, batches: 3000 });
  expect(highestLevel).toBe(4);
  // 20 a second when open; a batch that was refused last may sleep for up to a minute after.
  expect(throughput).toBeGreaterThan(3000 / (3000 / 20 + 60 + 60 + 10));
});
