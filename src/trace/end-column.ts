import { integerColumn } from './column.js';

/** Stands for "see `others`": an end that is no duration of at most 71 minutes after the start. */
const elsewhere = 0xffffffff;

/** Ends of spans, in 4 bytes each: most lie less than 2^32 microseconds after their start. */
export class EndColumn {
  private readonly durations = integerColumn();
  private readonly others = new Map<number, number>();

  /** All in microseconds since the epoch, or NaN. */
  set(span: number, start: number, end: number): void {
    const duration = end - start;
    if (duration >= 0 && duration < elsewhere) {
      this.durations.set(span, duration);
      this.others.delete(span);
    } else {
      this.durations.set(span, elsewhere);
      this.others.set(span, end);
    }
  }

  get(span: number, start: number): number {
    const duration = this.durations.get(span);
    return duration === elsewhere ? (this.others.get(span) ?? Number.NaN) : start + duration;
  }
}
