import { usageError } from '../errors.js';

const fixedOffset = /^([+-])(\d{2}):?(\d{2})$/;
const microsPerDay = 86_400_000_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Refuses what is neither an IANA name nor an offset like `+05:30`. */
export function validateTimezone(timezone: string): void {
  if (fixedMicros(timezone) !== undefined) return;
  try {
    zoneFormat(timezone);
  } catch (cause) {
    throw usageError(
      'bad_timezone',
      `--timezone: ${JSON.stringify(timezone)} is not a time zone`,
      'give an IANA name such as Europe/Paris, or an offset such as +05:30',
      cause,
    );
  }
}

function fixedMicros(timezone: string): number | undefined {
  if (timezone === 'UTC' || timezone === 'Z') return 0;
  const match = fixedOffset.exec(timezone);
  if (match === null) return undefined;
  const hours = Number(match[2]);
  const minutes = Number(match[3]);
  if (hours > 23 || minutes > 59) return undefined;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000_000;
}

function zoneFormat(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (format === undefined) {
    // Some runtimes take any offset spelling as a zone; only names belong here.
    if (!/^[A-Za-z]/.test(timezone)) throw new RangeError(`not a name: ${timezone}`);
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timezone, format);
  }
  return format;
}

/** Offsets by zone and quarter of an hour (the finest step at which zones change today). Cleared when it grows. */
const offsets = new Map<string, number>();
const quarter = 900_000_000;

/** What a zone's clocks show less UTC at an instant, in microseconds. */
function offsetAt(timezone: string, micros: number): number {
  const slot = Math.floor(micros / quarter);
  const key = `${timezone} ${slot}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const instant = slot * 900_000;
  const part: Record<string, number> = {};
  let beforeChrist = false;
  for (const { type, value } of zoneFormat(timezone).formatToParts(instant)) {
    if (type === 'era') beforeChrist = value === 'BC';
    else part[type] = Number(value);
  }
  const shown = new Date(0);
  const year = part['year'] ?? 1970;
  shown.setUTCFullYear(beforeChrist ? 1 - year : year, (part['month'] ?? 1) - 1, part['day'] ?? 1);
  shown.setUTCHours(part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0);
  const offset = (shown.getTime() - instant) * 1000;
  if (offsets.size > 10_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/**
 * The instant at which a zone's clocks show a time. `local` is that time in microseconds, read as if it were UTC.
 *
 * Where clocks are set back, a time happens twice: the earlier instant is taken. Where they are set forward, a time
 * does not happen: it is read with the offset before the change, so 02:30 becomes 03:30. Both are what
 * `java.time` and `Temporal` do by default.
 */
export function localToUtc(local: number, timezone: string): number {
  const fixed = fixedMicros(timezone);
  if (fixed !== undefined) return local - fixed;
  const before = offsetAt(timezone, local - microsPerDay);
  const after = offsetAt(timezone, local + microsPerDay);
  const instants = [local - before, local - after].filter(
    (instant) => instant + offsetAt(timezone, instant) === local,
  );
  return instants.length > 0 ? Math.min(...instants) : local - before;
}
