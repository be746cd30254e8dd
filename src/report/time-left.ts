/** Milliseconds over which the rate is taken: long enough to be steady, short enough to follow a server that slows down. */
const windowMilliseconds = 60_000;
/** Before this, the first answers tell too little. */
const leastMilliseconds = 2000;

interface Sample {
  at: number;
  settled: number;
}

/** Tells how long an upload will go on, from what was settled in the last minute, waits included. */
export class TimeLeft {
  private samples: Sample[];

  constructor(startedAt: number) {
    this.samples = [{ at: startedAt, settled: 0 }];
  }

  /** Takes note that so many spans in all are settled. */
  note(settled: number, at: number): void {
    this.samples.push({ at, settled });
    // The last one before the window stays: the rate counts from there.
    while (this.samples.length > 2 && this.samples[1]!.at <= at - windowMilliseconds) this.samples.shift();
  }

  /** Spans a millisecond; undefined until it is known. */
  get rate(): number | undefined {
    const [first, last] = [this.samples[0]!, this.samples.at(-1)!];
    const time = last.at - first.at;
    return time < leastMilliseconds || last.settled === first.settled
      ? undefined
      : (last.settled - first.settled) / time;
  }

  /**
   * Milliseconds until all spans are settled; undefined until it is known. Counts down between two answers.
   *
   * @param waitingUntil when the run goes on, where it waits
   */
  left(spans: number, now: number, waitingUntil = 0): number | undefined {
    const { rate } = this;
    if (rate === undefined) return undefined;
    const last = this.samples.at(-1)!;
    const needed = (spans - last.settled) / rate;
    const expected = Math.max(last.at, waitingUntil) + needed - now;
    // Longer than it should have taken: what was thought of the rate is too good by the silence.
    return expected > 0 ? expected : needed + (now - last.at);
  }
}
