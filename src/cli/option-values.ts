import { usageError } from '../errors.js';
import type { RateLimit } from '../upload/rate-limit.js';

const byteUnits: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

const durationUnits: Record<string, number> = {
  ms: 1,
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function bad(flag: string, text: string, wanted: string): Error {
  return usageError(
    'bad_option',
    `${flag} ${JSON.stringify(text)} is not ${wanted}`,
    `see respan-import --help`,
  );
}

/** Reads `5MiB`, `500 kB` or a plain number of bytes. */
export function byteOption(flag: string): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
    const unit = byteUnits[match?.[2]?.toLowerCase() ?? 'none'];
    const bytes = Math.floor(Number(match?.[1]) * (unit ?? Number.NaN));
    if (!Number.isSafeInteger(bytes) || bytes < 1) throw bad(flag, text, 'a size such as 5MiB or 500kB');
    return bytes;
  };
}

/** Reads `120s`, `2m`, `500ms` or a plain number of seconds; gives milliseconds, from `minimum` on. */
export function durationOption(flag: string, minimum = 0): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
    const milliseconds =
      Number(match?.[1]) * (durationUnits[match?.[2]?.toLowerCase() ?? 'none'] ?? Number.NaN);
    // Node's timers take no more than a signed 32-bit number.
    if (!(milliseconds >= minimum) || milliseconds > 2 ** 31 - 1)
      throw bad(flag, text, 'a duration such as 120s or 2m');
    return milliseconds;
  };
}

export function integerOption(
  flag: string,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(number >= minimum) || number > maximum) {
      const range =
        maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
      throw bad(flag, text, `a whole number ${range}`);
    }
    return number;
  };
}

const rateWindow = /^(?:(s|sec|second)|(m|min|minute)|(h|hour))$/;
const spansOrRequests = /^(?:(requests?)?|(spans?))$/;

/**
 * Reads `60/min`, `2 requests/s`, `5000 spans/min` or `10MB/s`; a plain number counts requests a minute. Rates add up in
 * a list: all of them hold.
 */
export function rateOption(flag: string): (text: string, earlier?: RateLimit[]) => RateLimit[] {
  return (text, earlier = []) => {
    const limit = readRate(/^\d+$/.test(text.trim()) ? `${text}/min` : text);
    if (limit === undefined) throw bad(flag, text, 'a rate such as 60/min, 2/s, 5000 spans/min or 10MB/s');
    return [...earlier, limit];
  };
}

function readRate(text: string): RateLimit | undefined {
  const [, number = '', name = '', time = ''] =
    /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]*)\s*\/\s*([a-z]+)$/.exec(text.trim().toLowerCase()) ?? [];
  const window = rateWindow.exec(time);
  const counted = spansOrRequests.exec(name);
  if (window === null) return undefined;
  const milliseconds = window[1] !== undefined ? 1000 : window[2] !== undefined ? 60_000 : 3_600_000;
  if (counted === null) {
    const amount = Math.floor(Number(number) * (byteUnits[name] ?? Number.NaN));
    return amount >= 1 ? { unit: 'bytes', amount, window: milliseconds } : undefined;
  }
  // Half a request cannot be sent: 1.5/s are 15 in 10 s.
  const scale = 10 ** (/\.(\d*?)0*$/.exec(number)?.[1]?.length ?? 0);
  const amount = Math.round(Number(number) * scale);
  const unit = counted[2] === undefined ? 'requests' : 'spans';
  return amount >= 1 ? { unit, amount, window: milliseconds * scale } : undefined;
}

/** Reads `0.8` or `80%`; gives a number from 0 to 1. */
export function shareOption(flag: string): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%)?$/.exec(text.trim());
    const share = Number(match?.[1]) / (match?.[2] === undefined ? 1 : 100);
    if (!(share <= 1)) throw bad(flag, text, 'a share such as 0.8 or 80%');
    return share;
  };
}
