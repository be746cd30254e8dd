import type { Problem } from '../input/row.js';
import { civilMicros, endsUtcDay, formatMicros, isWritable, readRfc3339 } from './calendar.js';
import { readCivil } from './time-formats.js';
import { isObject, shown } from './text.js';
import { localToUtc } from './timezone.js';

export interface TimeOptions {
  /** How times without a zone are read: an IANA name or `±HH:MM`. */
  timezone: string;
  /** How `03/04/2025` is read; undefined rejects it. */
  dateOrder: 'dmy' | 'mdy' | undefined;
}

export interface Time {
  /** Microseconds since the epoch. */
  micros: number;
  /** RFC 3339 in UTC, with the source's own fraction digits, at most six. */
  text: string;
  /** The source named no zone. */
  naive: boolean;
}

/** A day of the ambiguous kind, e.g. `03/04/2025`. */
function ambiguous(value: unknown): Problem {
  return {
    code: 'bad_time',
    message: `${shown(value)} can be read two ways`,
    hint: 'say --date-order dmy or --date-order mdy',
  };
}

function unreadable(value: unknown): Problem {
  return {
    code: 'bad_time',
    message: `${shown(value)} is not a time`,
    hint: 'write times like 2025-01-31T09:30:00Z; for other orders of day and month say --date-order, for local times --timezone',
  };
}

function instant(micros: number, value: unknown, digits?: number, naive = false): Time | Problem {
  if (!Number.isFinite(micros) || !isWritable(micros)) return unreadable(value);
  return { micros, text: formatMicros(micros, digits), naive };
}

/** Epoch times tell their unit by their size, which is unambiguous from 1973 to the year 5138. */
function epochMicros(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return Math.round(value * 1e6);
  if (size < 1e14) return Math.round(value * 1e3);
  if (size < 1e17) return Math.round(value);
  return Number.isFinite(value) ? Number(BigInt(Math.trunc(value)) / 1000n) : NaN;
}

function epochText(text: string): number {
  const digits = text.replace(/^[+-]/, '');
  // Beyond 2^53 a float would lose the last digits of nanoseconds: they are cut off before.
  const isNanos = digits.length < 20 && /^0*[1-9]\d{17,18}$/.test(digits);
  return isNanos ? Number(text.slice(0, -3)) : epochMicros(Number(text));
}

function wholeNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : NaN;
}

/** `[s, ns]` (OpenTelemetry JS), `{seconds, nanos}` (protobuf, Firestore), `{"$date": …}` (MongoDB). */
function parseComposite(value: unknown, options: TimeOptions): Time | Problem {
  if (Array.isArray(value) && value.length === 2) return pair(value[0], value[1], value);
  if (isObject(value)) {
    if ('$date' in value) return parseTime(value['$date'], options);
    if (typeof value['$numberLong'] === 'string') return parseTime(value['$numberLong'], options);
    if ('_seconds' in value) return pair(value['_seconds'], value['_nanoseconds'] ?? 0, value);
    if ('seconds' in value) return pair(value['seconds'], value['nanos'] ?? value['nanoseconds'] ?? 0, value);
  }
  return unreadable(value);
}

function pair(seconds: unknown, nanos: unknown, value: unknown): Time | Problem {
  return instant(wholeNumber(seconds) * 1e6 + Math.floor(wholeNumber(nanos) / 1000), value);
}

/** As an epoch, `20250601` would be a day in August 1970. */
function isCompactDate(text: string): boolean {
  return /^(?:19[7-9]\d|20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text);
}

function parseText(value: string, options: TimeOptions): Time | Problem {
  const text = value.trim();
  if (!isCompactDate(text) && /^[+-]?\d+(?:\.\d*)?(?:[eE]\+?\d+)?$/.test(text)) {
    return instant(epochText(text), value);
  }
  const civil = isCompactDate(text) ? text.replace(/(..)(..)$/, '-$1-$2') : text;
  const read = readCivil(civil, options.dateOrder);
  if (read === 'ambiguous') return ambiguous(value);
  if (read === undefined) return unreadable(value);
  const local = civilMicros(read.civil);
  const naive = read.offset === undefined;
  const micros = read.offset === undefined ? localToUtc(local, options.timezone) : local - read.offset;
  if (read.civil.second === 60 && !endsUtcDay(micros)) return unreadable(value);
  return instant(micros, value, read.civil.second === 60 ? 6 : read.digits, naive);
}

/**
 * Reads any spelling of a point in time that exports are known to use: RFC 3339 with `Z` or an offset, ISO without a
 * zone or with a space, compact ISO, dates alone, `MM/DD/YYYY` and `DD.MM.YYYY` with AM and PM, English month names,
 * web server logs, epoch numbers in s, ms, µs or ns (by size: below 1e11, 1e14, 1e17), `[s, ns]` pairs.
 * Everything else is a problem `bad_time`; nothing is guessed.
 */
export function parseTime(value: unknown, options: TimeOptions): Time | Problem {
  if (typeof value === 'number') {
    const text = String(value);
    return isCompactDate(text) ? parseText(text, options) : instant(epochMicros(value), value);
  }
  if (typeof value !== 'string') return parseComposite(value, options);
  const micros = readRfc3339(value);
  if (Number.isNaN(micros)) return parseText(value, options);
  const end = value.endsWith('Z') ? value.length - 1 : value.length - 6;
  const digits = Math.max(0, Math.min(6, end - 20));
  if (value.endsWith('Z') && end - 20 <= 6) return { micros, text: value, naive: false };
  return instant(micros, value, digits);
}

export function isProblem(result: Time | Problem): result is Problem {
  return 'code' in result;
}

const unitMicros = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 } as const;

/**
 * A duration in microseconds. `unit` is what a bare number counts; a text may name its own (`"250ms"`, `"1.5 s"`,
 * `"PT1.5S"`) and wins. Undefined for what is no duration of 0 or more.
 */
export function parseDuration(value: unknown, unit: keyof typeof unitMicros): number | undefined {
  if (typeof value === 'number') return durationMicros(value, unit);
  const text = typeof value === 'string' ? withoutThousands(value.trim()) : '';
  const iso = /^PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(text);
  if (iso !== null && text !== 'PT') {
    const [hours, minutes, seconds] = [iso[1], iso[2], iso[3]].map((part) => Number(part ?? 0));
    return Math.round((((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1e6);
  }
  const match =
    /^(\d*\.?\d+(?:e[+-]?\d+)?)\s*(s|secs?|seconds?|ms|millis|milliseconds?|us|µs|micros(?:econds)?|ns)?$/i.exec(
      text,
    );
  return durationMicros(Number(match?.[1] ?? NaN), durationUnit(match?.[2]) ?? unit);
}

/** `1,500 ms` as `1500 ms`. */
function withoutThousands(text: string): string {
  return /^\d{1,3}(?:,\d{3})+(?![,\d])/.test(text) ? text.replaceAll(',', '') : text;
}

function durationMicros(amount: number, unit: keyof typeof unitMicros): number | undefined {
  if (!(amount >= 0)) return undefined;
  // Never -0.
  const micros = Math.round(amount * unitMicros[unit]) + 0;
  return Number.isSafeInteger(micros) ? micros : undefined;
}

function durationUnit(written: string | undefined): keyof typeof unitMicros | undefined {
  const word = written?.toLowerCase();
  if (word === undefined) return undefined;
  if (word === 'ns') return 'ns';
  if (word.startsWith('us') || word.startsWith('µ') || word.startsWith('mic')) return 'us';
  return word.startsWith('m') ? 'ms' : 's';
}
