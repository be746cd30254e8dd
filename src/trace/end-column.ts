import { integerColumn, numberColumn } from './column.js';

/** Stands for an end that is not told. */
const untold = 0xffffffff;
/** Stands for "see `others`": an end that is no duration of at most 71 minutes after the start. */
const elsewhere = 0xfffffffe;

/** Ends of spans, in 4 bytes each: most lie less than 2^32 microseconds after their start. */
export class EndColumn {
  private readonly durations = integerColumn();
  private readonly others = numberColumn();

  /** All in microseconds since the epoch, or NaN. */
  set(span: number, start: number, end: number): void {
    const duration = end - start;
    if (Number.isNaN(end)) {
      this.durations.set(span, untold);
    } else if (duration >= 0 && duration < elsewhere) {
      this.durations.set(span, duration);
    } else {
      this.durations.set(span, elsewhere);
      this.others.set(span, end);
    }
  }

  get(span: number, start: number): number {
    const duration = this.durations.get(span);
    if (duration === untold) return Number.NaN;
    return duration === elsewhere ? this.others.get(span) : start + duration;
  }
}
