import pLimit from 'p-limit';

import type { Clock } from '../clock.js';
import { AdaptiveLevel } from './adaptive-level.js';
import { RateLimiter, type RateLimit, type RequestSize } from './rate-limit.js';

/** Timers take no more than a signed 32-bit number of milliseconds. */
const longestSleep = 3_600_000;

/** Pauses that follow from the server's throttling are no longer than the longest backoff. */
const longestSpacing = 60_000;
/** Weight of the latest request in the running mean of how long requests take. */
const latestWeight = 0.2;

/**
 * How fast the run may go: as fast as the limits of the user permit, and as fast as the server bears. One request at
 * first; then ever more, up to the maximum or until the server throttles.
 */
export class Pace {
  private readonly slots = pLimit(1);
  /** In the order of arrival: a large batch is not overtaken by small ones for ever. */
  private readonly queue = pLimit(1);
  private readonly limiters: readonly RateLimiter[];
  private readonly level: AdaptiveLevel;
  private pausedUntil = 0;
  private startedAt = Number.NEGATIVE_INFINITY;
  /** Milliseconds that requests take, from the start to the answer. */
  private usualDuration: number | undefined;
  private latestDuration = 0;
  private succeededAt = Number.NEGATIVE_INFINITY;
  private throttledAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    maximum: number,
    rateLimits: readonly RateLimit[],
  ) {
    this.level = new AdaptiveLevel(maximum);
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

  /** To be called as soon as the answer to a turn is understood. */
  succeeded(): void {
    this.succeededAt = this.clock.now();
    const usual = this.usualDuration ?? this.latestDuration;
    this.usualDuration = usual + latestWeight * (this.latestDuration - usual);
    this.level.succeeded();
    this.adjust();
  }

  /** The server asks for less. Answers to requests of the same moment count as one. */
  throttled(sentAt: number): void {
    if (sentAt <= this.throttledAt) return;
    this.throttledAt = this.clock.now();
    this.level.throttled();
    this.adjust();
  }

  private adjust(): void {
    const concurrency = Math.ceil(this.level.value);
    if (concurrency !== this.slots.concurrency) this.slots.concurrency = concurrency;
  }

  /** No request starts before this many milliseconds have passed. */
  pause(milliseconds: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + milliseconds);
  }

  /**
   * Sends when a place is free and the time has come; resolves with undefined where the signal aborted before. Retries
   * pass here too, so that a retreat holds for the batches that are under way.
   */
  turn<Result>(
    size: RequestSize,
    signal: AbortSignal,
    send: () => Promise<Result>,
  ): Promise<Result | undefined> {
    return this.slots(async () => {
      await this.queue(() => this.untilDue(size, signal));
      if (signal.aborted) return undefined;
      const start = this.clock.now();
      this.startedAt = start;
      try {
        return await send();
      } finally {
        this.latestDuration = this.clock.now() - start;
      }
    });
  }

  private async untilDue(size: RequestSize, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.clock.now();
      const due = Math.max(
        this.pausedUntil,
        this.spacedFrom(this.startedAt),
        ...this.limiters.map((limiter) => limiter.dueAt(size, now)),
      );
      if (due <= now) {
        for (const limiter of this.limiters) limiter.book(size, now);
        return;
      }
      await this.clock.sleep(Math.min(due - now, longestSleep), signal);
    }
  }

  /** Whole places are kept by counting; what the server bears between two of them, by pauses between the starts. */
  private spacedFrom(start: number): number {
    const { value } = this.level;
    if (Number.isInteger(value)) return start;
    return start + Math.min(longestSpacing, (this.usualDuration ?? 0) / value);
  }
}
