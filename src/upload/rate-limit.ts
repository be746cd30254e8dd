/** What a rate limit counts. */
type RateUnit = 'requests' | 'spans' | 'bytes';

/** At most `amount` of a unit in any stretch of `window` milliseconds. */
export interface RateLimit {
  unit: RateUnit;
  amount: number;
  window: number;
}

/** What one request takes from the limits. */
export interface RequestSize {
  spans: number;
  bytes: number;
}

/** Lateness that is made up for, so that timers that fire late cost no throughput: a tenth of the window, up to this. */
const longestCatchUp = 1000;

/** A request that counts against the limit for as long as the window is. Times are milliseconds since the epoch. */
interface Booking {
  at: number;
  cost: number;
}

/**
 * Holds requests to one limit. They are spread evenly over the window instead of sent in a burst, and no stretch of the
 * window's length, wherever it begins, holds more than the limit. Only a single request that is larger than the whole
 * limit exceeds it: it goes when nothing else counts, and what follows waits the longer.
 */
export class RateLimiter {
  private bookings: Booking[] = [];
  private booked = 0;
  /** When the next request is due, if requests are spread evenly. */
  private evenly = Number.NEGATIVE_INFINITY;

  constructor(private readonly limit: RateLimit) {}

  /** The earliest moment, now or later, at which a request of this size may start. */
  dueAt(size: RequestSize, now: number): number {
    this.forget(now);
    const { amount, window } = this.limit;
    let excess = this.booked + this.costOf(size) - amount;
    let due = Math.max(now, this.evenly);
    for (const { at, cost } of this.bookings) {
      if (excess <= 0) break;
      due = Math.max(due, at + window);
      excess -= cost;
    }
    return due;
  }

  /** Counts a request that starts now. */
  book(size: RequestSize, now: number): void {
    const { amount, window } = this.limit;
    const cost = this.costOf(size);
    const justLate = now - this.evenly <= Math.min(window / 10, longestCatchUp);
    this.evenly = (justLate ? this.evenly : now) + (cost / amount) * window;
    this.bookings.push({ at: now, cost });
    this.booked += cost;
  }

  private costOf(size: RequestSize): number {
    return this.limit.unit === 'requests' ? 1 : size[this.limit.unit];
  }

  /** Drops what has left the window. */
  private forget(now: number): void {
    this.heedStep(now);
    const gone = this.bookings.findIndex(({ at }) => at + this.limit.window > now);
    const left = gone < 0 ? this.bookings.length : gone;
    for (const { cost } of this.bookings.splice(0, left)) this.booked -= cost;
  }

  /** A system clock that was set back must not hold the run up for as long. */
  private heedStep(now: number): void {
    const latest = this.bookings.at(-1)?.at ?? now;
    if (latest <= now) return;
    this.evenly -= latest - now;
    this.bookings = this.bookings.map(({ at, cost }) => ({ at: at - (latest - now), cost }));
  }
}
