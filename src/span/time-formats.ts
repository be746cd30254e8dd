import type { Civil } from './calendar.js';

export interface WrittenTime {
  civil: Civil;
  /** Microseconds east of UTC; undefined where the text names no zone. */
  offset: number | undefined;
  /** Fraction digits as written, at most six. */
  digits: number;
}

interface Day {
  year: number;
  month: number;
  day: number;
  /** What follows the date. */
  rest: string;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** The zone names of RFC 2822, the only ones that mean one offset. Hours. */
const zoneHours: Record<string, number> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};

const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(.*)$/s;
const compact = /^(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(\d{2})\.?(\d*)(.*)$/s;
const numeric = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)(.*)$/s;
const dayMonthYear = /^(\d{1,2})(?:st|nd|rd|th)?[-/ ]([A-Za-z]{3,9})\.?[-/ ,]+(\d{4})(?!\d)(.*)$/s;
const monthDayYear = /^([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?![\d:])(.*)$/s;
const ctime = /^([A-Za-z]{3})\s+(\d{1,2})\s+([\d:.]+)(\s+[A-Za-z]{2,4})?\s+(\d{4})$/;
const weekday = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+/i;
const clock =
  /^(?:[Tt]|\s*,\s*|\s+at\s+|\s+|:)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:([ap])\.?m\.?)?\s*(.*)$/is;
/** An offset, with the decorations of Java (`[Europe/Paris]`), Go (`IST m=+0.1`) and JavaScript (`GMT+0100 (CET)`). */
const offsetText =
  /^(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})?(?:\[[^\]]*\]|\s+\([^)]*\)|\s+[A-Z]{2,5})?(?:\s+m=\S+)?$/;

function monthNumber(name: string): number {
  const word = name.toLowerCase();
  const full = monthNames.indexOf(word);
  if (full !== -1) return full + 1;
  return word === 'sept' ? 9 : months.indexOf(word) + 1;
}

function day(year: string, month: string | number, dayOfMonth: string, rest: string): Day {
  return { year: Number(year), month: Number(month), day: Number(dayOfMonth), rest };
}

function readNumericDay(match: RegExpExecArray, order: 'dmy' | 'mdy' | undefined): Day | 'ambiguous' {
  const [, first = '', , second = '', year = '', rest = ''] = match;
  // A part over 12 or two equal parts leave one reading, whatever the order.
  if (Number(first) > 12) return day(year, second, first, rest);
  if (Number(second) > 12 || Number(first) === Number(second)) return day(year, first, second, rest);
  if (order === undefined) return 'ambiguous';
  return order === 'mdy' ? day(year, first, second, rest) : day(year, second, first, rest);
}

function readDay(text: string, order: 'dmy' | 'mdy' | undefined): Day | 'ambiguous' | undefined {
  const ymd = iso.exec(text);
  if (ymd !== null) return day(ymd[1] ?? '', ymd[3] ?? '', ymd[4] ?? '', ymd[5] ?? '');
  const solid = compact.exec(text);
  if (solid !== null) {
    const [, year = '', month = '', dayOfMonth = '', hour, minute, second, fraction, zone = ''] = solid;
    const decimals = fraction === '' ? '' : `.${fraction}`;
    return day(year, month, dayOfMonth, `T${hour}:${minute}:${second}${decimals}${zone}`);
  }
  const parts = numeric.exec(text);
  if (parts !== null) return readNumericDay(parts, order);
  const words = text.replace(weekday, '');
  const dmy = dayMonthYear.exec(words);
  if (dmy !== null) return day(dmy[3] ?? '', monthNumber(dmy[2] ?? ''), dmy[1] ?? '', dmy[4] ?? '');
  const mdy = monthDayYear.exec(words);
  if (mdy !== null) return day(mdy[3] ?? '', monthNumber(mdy[1] ?? ''), mdy[2] ?? '', mdy[4] ?? '');
  const unix = ctime.exec(words);
  if (unix === null) return undefined;
  return day(unix[5] ?? '', monthNumber(unix[1] ?? ''), unix[2] ?? '', ` ${unix[3]}${unix[4] ?? ''}`);
}

/** Microseconds east of UTC; undefined for no zone, NaN for one that is not understood. */
function readZone(text: string): number | undefined {
  if (text === '') return undefined;
  const name = /^([A-Za-z]{1,3})(?:\[[^\]]*\]|\s+\([^)]*\))?$/.exec(text)?.[1];
  const hours = name === undefined ? undefined : zoneHours[name.toUpperCase()];
  if (hours !== undefined) return hours * 3_600_000_000;
  const match = offsetText.exec(text);
  if (match === null || Number(match[2]) > 23 || Number(match[3] ?? 0) > 59) return NaN;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000_000;
}

/** 12-hour to 24-hour; NaN for an hour that a 12-hour clock does not show. */
function hourOf(written: number, half: string | undefined): number {
  if (half === undefined) return written;
  if (written < 1 || written > 12) return NaN;
  return (written % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

/** Reads a date with an optional time of day and zone. The parts are not yet checked against the calendar. */
export function readCivil(
  written: string,
  order: 'dmy' | 'mdy' | undefined,
): WrittenTime | 'ambiguous' | undefined {
  const text = written.startsWith('[') && written.endsWith(']') ? written.slice(1, -1) : written;
  const date = readDay(text, order);
  if (date === undefined || date === 'ambiguous') return date;
  const { year, month, day } = date;
  if (date.rest === '') {
    return {
      civil: { year, month, day, hour: 0, minute: 0, second: 0, micros: 0 },
      offset: undefined,
      digits: 0,
    };
  }
  const time = clock.exec(date.rest);
  if (time === null) return undefined;
  const [, hour, minute, second, fraction = '', half, zone = ''] = time;
  const digits = fraction.slice(0, 6);
  const civil: Civil = {
    year,
    month,
    day,
    hour: hourOf(Number(hour), half),
    minute: Number(minute),
    second: Number(second ?? 0),
    micros: Number(digits.padEnd(6, '0')),
  };
  return { civil, offset: readZone(zone.trim()), digits: digits.length };
}
