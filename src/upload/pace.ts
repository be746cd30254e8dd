import pLimit from 'p-limit';

import type { Clock } from '../clock.js';
import { RateLimiter, type RateLimit, type RequestSize } from './rate-limit.js';

/** Timers take no more than a signed 32-bit number of milliseconds. */
const longestSleep = 3_600_000;

/**
 * How fast the run may go. One request at first; after the first acknowledgement up to the maximum. Halved when the
 * server throttles, raised by one for every window of successes: it settles below a server's limit instead of
 * hammering it.
 */
export class Pace {
  private readonly slots = pLimit(1);
  private successesSinceChange = 0;
  private pausedUntil = 0;
  /** In the order of arrival: a large batch is not overtaken by small ones for ever. */
  private readonly queue = pLimit(1);
  private readonly limiters: readonly RateLimiter[];
  private succeededAt = Number.NEGATIVE_INFINITY;
  private throttledAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly maximum: number,
    rateLimits: readonly RateLimit[],
  ) {
    this.limiters = rateLimits.map((limit) => new RateLimiter(limit));
  }

  /** Requests that may be in flight at once. */
  get concurrency(): number {
    return this.slots.concurrency;
  }

  /** Milliseconds since the epoch; -Infinity before the first success. */
  get lastSuccess(): number {
    return this.succeededAt;
  }

  succeeded(): void {
    const first = this.succeededAt === Number.NEGATIVE_INFINITY;
    this.succeededAt = this.clock.now();
    this.successesSinceChange += 1;
    if (first && this.throttledAt === Number.NEGATIVE_INFINITY) {
      this.slots.concurrency = this.maximum;
    } else if (this.successesSinceChange >= this.concurrency && this.concurrency < this.maximum) {
      this.slots.concurrency += 1;
      this.successesSinceChange = 0;
    }
  }

  /** The server asks for less. Answers to requests of the same moment count as one. */
  throttled(sentAt: number): void {
    if (sentAt <= this.throttledAt) return;
    this.throttledAt = this.clock.now();
    this.slots.concurrency = Math.max(1, Math.floor(this.concurrency / 2));
    this.successesSinceChange = 0;
  }

  /** No request starts before this many milliseconds have passed. */
  pause(milliseconds: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + milliseconds);
  }

  /**
   * Sends when a place is free and the time has come; resolves with undefined where the signal aborted before. Retries
   * pass here too, so that a halving holds for the batches that are under way.
   */
  turn<Result>(
    size: RequestSize,
    signal: AbortSignal,
    send: () => Promise<Result>,
  ): Promise<Result | undefined> {
    return this.slots(async () => {
      await this.queue(() => this.untilDue(size, signal));
      return signal.aborted ? undefined : send();
    });
  }

  private async untilDue(size: RequestSize, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.clock.now();
      const due = Math.max(this.pausedUntil, ...this.limiters.map((limiter) => limiter.dueAt(size, now)));
      if (due <= now) {
        for (const limiter of this.limiters) limiter.book(size, now);
        return;
      }
      await this.clock.sleep(Math.min(due - now, longestSleep), signal);
    }
  }
}
