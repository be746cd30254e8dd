import type { Problem, Warning } from '../input/row.js';
import { formatMicros, isWritable } from './calendar.js';
import type { NormaliseOptions } from './options.js';
import { day, isOutOfRange, year1971 } from './out-of-range.js';
import { isAbsent, shown } from './text.js';
import { isProblem, parseTime, type Time } from './time.js';

/** Both ends of a span, as far as the row tells them. */
export interface SpanTimes {
  start: Time | undefined;
  end: Time | undefined;
}

/** A time computed rather than read. */
export function computedTime(micros: number): Time {
  return { micros, text: formatMicros(micros), naive: false };
}

/** The same, undefined for what no calendar date can be written of: a duration may be any number. */
export function calendarTime(micros: number): Time | undefined {
  return isWritable(micros) ? computedTime(micros) : undefined;
}

/** What `--base-time` gives a row that tells these times: undefined where it tells any. Microseconds since the epoch. */
export function baseTimeOf(
  start: Time | undefined,
  end: Time | undefined,
  { baseTime }: NormaliseOptions,
): number | undefined {
  return start === undefined && end === undefined ? baseTime : undefined;
}

/** Reads one end; the problem names the row's own field. */
export function readTime(
  value: unknown,
  field: string,
  options: NormaliseOptions,
): Time | undefined | Problem {
  if (isAbsent(value)) return undefined;
  const time = parseTime(value, options);
  return isProblem(time) ? { ...time, message: `${shown(field)}: ${time.message}`, field } : time;
}

/** An end of a span, read or computed. */
type Known = Pick<Time, 'micros' | 'naive'>;

/** What is odd about the times of a span, without the order of its ends. `names` are the row's own fields. */
export function timeWarnings(
  times: { start: Known | undefined; end: Known | undefined },
  names: { start: string; end: string },
  options: NormaliseOptions,
): Warning[] {
  const { start, end } = times;
  const warnings: Warning[] = [];
  if (start === undefined && end === undefined) {
    const message = 'no start and no end; --base-time gives one';
    return [{ code: 'no_time', message, field: names.start, hint: 'say --base-time TIME' }];
  }
  const naive = start?.naive === true ? names.start : end?.naive === true ? names.end : undefined;
  if (naive !== undefined && !options.timezoneGiven) {
    const message = `${shown(naive)} names no time zone; read as ${options.timezone} (--timezone)`;
    warnings.push({ code: 'naive_time', message, field: naive, hint: 'say --timezone ZONE' });
  }
  warnings.push(...rangeWarnings(start?.micros ?? NaN, end?.micros ?? NaN, options.now, names));
  return warnings;
}

/** One at most: what lies before 1971 has a clock that cannot be trusted. */
function rangeWarnings(
  start: number,
  end: number,
  now: number,
  names: { start: string; end: string },
): Warning[] {
  if (!isOutOfRange(start, end, now)) return [];
  const early = start < year1971 ? names.start : end < year1971 ? names.end : undefined;
  if (early !== undefined) {
    const message = `${shown(early)} lies before 1971: perhaps the clock of the system counted from its start`;
    return [{ code: 'span_before_epoch', message, field: early }];
  }
  const late = start > now + day ? names.start : names.end;
  return [
    { code: 'span_in_future', message: `${shown(late)} lies more than a day in the future`, field: late },
  ];
}
