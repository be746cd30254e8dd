import { parseObject } from './answer.js';

/**
 * The wait that a server asks for, in milliseconds, or undefined where it asks for none that can be read.
 * The `Retry-After` header gives seconds or an HTTP date (RFC 9110, 10.2.3); Respan documents `retry_after` seconds in
 * the body of a 429.
 */
export function retryAfterOf(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  now: number,
): number | undefined {
  const header = headers['retry-after']?.trim();
  if (header !== undefined && header !== '') {
    if (/^\d+(\.\d+)?$/.test(header)) return Math.ceil(Number(header) * 1000);
    // Only the form with a weekday: Date.parse takes far too many strings for a date.
    const date = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN;
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  const seconds = parseObject(body)?.['retry_after'];
  const number = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0
    ? Math.ceil(number * 1000)
    : undefined;
}
