import { isAbsent } from '../span/text.js';
import { isProblem, parseTime } from '../span/time.js';

const naiveTime = /^\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)\s*$/;

/** A time of a vendor that writes UTC without saying so; every other spelling as it is. */
export function utcTime(value: unknown): unknown {
  const match = typeof value === 'string' ? naiveTime.exec(value) : null;
  return match === null ? value : `${match[1]}T${match[2]}Z`;
}

/** Seconds between two times in UTC; undefined where one cannot be read or they run backwards. */
export function secondsBetween(start: unknown, end: unknown): number | undefined {
  if (isAbsent(start) || isAbsent(end)) return undefined;
  const options = { timezone: 'UTC', dateOrder: undefined };
  const [from, to] = [parseTime(start, options), parseTime(end, options)];
  if (isProblem(from) || isProblem(to) || to.micros < from.micros) return undefined;
  return (to.micros - from.micros) / 1e6;
}
