import { parseObject } from './answer.js';

/** A longer wait is told as this: beyond it a date has no sense, and in the end no representation. */
const longest = 365 * 24 * 3600 * 1000;

/**
 * The wait that a server asks for, in milliseconds, or undefined where it asks for none that can be read. A wait of zero,
 * or until a time that has passed, is none: retrying at once would hammer a server that is already in trouble.
 * The `Retry-After` header gives seconds or an HTTP date (RFC 9110, 10.2.3); Respan documents `retry_after` seconds in
 * the body of a 429.
 */
export function retryAfterOf(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  now: number,
): number | undefined {
  const wait = waitOfHeader(headers['retry-after']?.trim() ?? '', now) ?? waitOfBody(body);
  return wait !== undefined && wait > 0 ? Math.min(Math.ceil(wait), longest) : undefined;
}

function waitOfHeader(header: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
  // Only the forms with a weekday: Date.parse takes far too many strings for a date.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(header)) return undefined;
  // The asctime form names no zone and means GMT.
  const date = Date.parse(header.endsWith('GMT') ? header : `${header} GMT`);
  return Number.isNaN(date) ? undefined : date - now;
}

function waitOfBody(body: string): number | undefined {
  const seconds = parseObject(body)?.['retry_after'];
  const number = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  return typeof number === 'number' && Number.isFinite(number) ? number * 1000 : undefined;
}
