import { setImmediate } from 'node:timers/promises';

import type { Clock } from '../../src/clock.js';

interface Sleeper {
  until: number;
  wake: () => void;
}

/** Time that jumps to the next sleeper's end as soon as nothing else is left to do. Chance follows from a seed. */
export class VirtualClock implements Clock {
  private time = 0;
  private sleepers: Sleeper[] = [];
  private isAdvancing = false;

  constructor(private seed = 1) {}

  now(): number {
    return this.time;
  }

  /** A linear congruential generator (Numerical Recipes). */
  random(): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return this.seed / 2 ** 32;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper = { until: this.time + milliseconds, wake };
      const onAbort = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        wake();
      };
      this.sleepers.push(sleeper);
      signal.addEventListener('abort', onAbort);
      void this.advance();
    });
  }

  private async advance(): Promise<void> {
    if (this.isAdvancing) return;
    this.isAdvancing = true;
    for (;;) {
      await setImmediate();
      const next = Math.min(...this.sleepers.map(({ until }) => until));
      if (next === Number.POSITIVE_INFINITY) break;
      this.time = Math.max(this.time, next);
      const due = this.sleepers.filter(({ until }) => until <= next);
      this.sleepers = this.sleepers.filter(({ until }) => until > next);
      for (const { wake } of due) wake();
    }
    this.isAdvancing = false;
  }
}
