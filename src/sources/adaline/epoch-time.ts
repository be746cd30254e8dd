import { formatMicros, isWritable } from '../../span/calendar.js';

/**
 * A time of Adaline: a number of milliseconds since the epoch, as RFC 3339, since guessed by its size it might be taken
 * for seconds. Everything else stays for `parseTime`.
 */
export function epochTime(value: unknown): unknown {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
  const micros = isNumber ? Math.round(Number(value) * 1000) : Number.NaN;
  return isWritable(micros) ? formatMicros(micros) : value;
}
