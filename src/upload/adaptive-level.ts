/** Part of the level that is kept where the server throttles what it bore before. */
const retreat = 0.7;
/** Successes at a level after which more is tried, once the server has throttled. */
const leastPatience = 8;
const mostPatience = 256;
/** What a failed attempt to go further, and a retreat, cost in patience. */
const failedAttempt = 4;
const failedLevel = 1.5;
/** Part of the level that the first attempt after a throttling adds. */
const firstStep = 0.1;
/** Level after the first success: as many as any server is expected to bear. */
const opening = 4;
/** Less than this would be no traffic at all. */
const lowest = 1 / 1024;

/**
 * How much the server bears, as requests in flight; 1.5 is a second one half of the time, below 1 there are pauses
 * between requests. Grows fast until the server throttles for the first time. From then on it keeps to what was borne
 * and tries a little more, the more rarely the more often that failed: it settles below the limit instead of running
 * into it again and again. Each attempt that succeeds makes the next one come sooner and go further, so that it recovers
 * when the limit goes away.
 */
export class AdaptiveLevel {
  private current = 1;
  /** The highest level that is known to be borne. */
  private borne = 1;
  private step = firstStep;
  /** Successes at the current level. */
  private successes = 0;
  /** Successes at a level after which more is tried; undefined until the server throttles. */
  private patience: number | undefined;
  /** Nothing has succeeded since the server throttled: it may be closed, and the level tells nothing about that. */
  private closed = false;

  constructor(private readonly maximum: number) {}

  get value(): number {
    return this.current;
  }

  succeeded(): void {
    this.closed = false;
    this.successes += 1;
    // In the first approach every success adds a place: the level doubles with each round.
    if (this.patience !== undefined && this.successes < Math.max(this.patience, this.current)) return;
    this.successes = 0;
    this.borne = this.current;
    if (this.current < this.maximum) this.goFurther();
  }

  throttled(): void {
    this.successes = 0;
    this.step = firstStep;
    if (this.closed) {
      // Down to one request at a time, which then waits until the server opens.
      if (this.current > 1) this.retreatTo(Math.max(1, this.current * retreat));
      return;
    }
    this.closed = true;
    const isApproach = this.patience === undefined;
    const wasAttempt = this.current > this.borne;
    this.patience =
      this.patience === undefined
        ? leastPatience
        : Math.min(mostPatience, this.patience * (wasAttempt ? failedAttempt : failedLevel));
    this.retreatTo(wasAttempt && !isApproach ? this.borne : Math.max(lowest, this.current * retreat));
  }

  private goFurther(): void {
    if (this.patience === undefined) {
      this.current = Math.min(this.maximum, Math.max(opening, this.current + 1));
      return;
    }
    this.patience = Math.max(leastPatience, this.patience / 2);
    const further = this.current * (1 + this.step);
    // Nothing between pauses and none is passed over.
    this.current = Math.min(this.current < 1 ? 1 : this.maximum, further);
    this.step *= 2;
  }

  private retreatTo(level: number): void {
    this.current = level;
    this.borne = level;
  }
}
