/** Microseconds since the epoch. */
export const year1971 = 31_536_000_000_000;
/** In microseconds: clocks of other systems may be so far ahead. */
export const day = 86_400_000_000;

/** Whether a span lies where no log is from: in 1970, which counters that start at 0 look like, or in the future. */
export function isOutOfRange(start: number, end: number, now: number): boolean {
  return start < year1971 || end < year1971 || start > now + day || end > now + day;
}
