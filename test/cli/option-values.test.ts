import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteOption,
  durationOption,
  integerOption,
  rateOption,
  shareOption,
} from '../../src/cli/option-values.js';
import type { RateLimit } from '../../src/upload/rate-limit.js';

const badOption = expect.objectContaining({ code: 'bad_option', exitCode: 2 });

describe('a size', () => {
  const read = byteOption('--size');

  it.each([
    ['1', 1],
    ['5MiB', 5 * 1024 * 1024],
    ['5 mib', 5 * 1024 * 1024],
    ['500kB', 500_000],
    ['1.5KiB', 1536],
    ['2GB', 2e9],
    [' 7b ', 7],
  ])('%j is %i bytes', (text, bytes) => expect(read(text)).toBe(bytes));

  it.each(['', '0', '0.4', '-1', '5 apples', 'MiB', '1e3', '5constructor', '1,5MB', 'NaN', '9'.repeat(20)])(
    '%j is refused',
    (text) => expect(() => read(text)).toThrow(badOption),
  );
});

describe('a duration', () => {
  const read = durationOption('--time');

  it.each([
    ['120s', 120_000],
    ['2m', 120_000],
    ['500ms', 500],
    ['1.5', 1500],
    ['1 H', 3_600_000],
    ['0', 0],
  ])('%j is %i milliseconds', (text, milliseconds) => expect(read(text)).toBe(milliseconds));

  it.each(['', '-1s', '2 days', '1e3s', 's', '1constructor'])('%j is refused', (text) =>
    expect(() => read(text)).toThrow(badOption),
  );

  it('is refused where it is longer than a timer can wait', () => {
    expect(read('2147483647ms')).toBe(2 ** 31 - 1);
    expect(() => read('2147483648ms')).toThrow(badOption);
  });

  it('is refused below the minimum', () => {
    const timeout = durationOption('--timeout', 1);
    expect(timeout('1ms')).toBe(1);
    expect(() => timeout('0')).toThrow(badOption);
    expect(() => timeout('0.5ms')).toThrow(badOption);
  });
});

describe('a whole number', () => {
  it('is taken within its range, ends included', () => {
    const read = integerOption('--port', 0, 65_535);
    expect([read('0'), read(' 65535 ')]).toEqual([0, 65_535]);
    for (const text of ['-1', '65536']) expect(() => read(text)).toThrow(badOption);
  });

  it('keeps every digit or is refused', () => {
    const read = integerOption('--skip', 0);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), (number) => {
        const exact = number <= BigInt(Number.MAX_SAFE_INTEGER);
        if (exact) return read(String(number)) === Number(number);
        expect(() => read(String(number))).toThrow(badOption);
        return true;
      }),
    );
  });

  it.each(['', ' ', '1.5', '1e3', '0x10', 'ten', '١'])('is not %j', (text) =>
    expect(() => integerOption('--limit', 0)(text)).toThrow(badOption),
  );
});

describe('a rate', () => {
  const read = rateOption('--rate-limit');

  it.each<[string, RateLimit]>([
    ['60', { unit: 'requests', amount: 60, window: 60_000 }],
    ['60/min', { unit: 'requests', amount: 60, window: 60_000 }],
    ['60/m', { unit: 'requests', amount: 60, window: 60_000 }],
    ['2 requests/s', { unit: 'requests', amount: 2, window: 1000 }],
    ['100 / hour', { unit: 'requests', amount: 100, window: 3_600_000 }],
    ['5000 spans/min', { unit: 'spans', amount: 5000, window: 60_000 }],
    ['1span/sec', { unit: 'spans', amount: 1, window: 1000 }],
    ['10MB/s', { unit: 'bytes', amount: 10_000_000, window: 1000 }],
    ['600 mib/min', { unit: 'bytes', amount: 600 * 1024 * 1024, window: 60_000 }],
    ['1.5MB/s', { unit: 'bytes', amount: 1_500_000, window: 1000 }],
  ])('%j is %j', (text, limit) => expect(read(text)).toEqual([limit]));

  it.each<[string, RateLimit]>([
    ['0.5/s', { unit: 'requests', amount: 5, window: 10_000 }],
    ['1.50/s', { unit: 'requests', amount: 15, window: 10_000 }],
    ['0.25 spans/min', { unit: 'spans', amount: 25, window: 6_000_000 }],
  ])('%j is whole requests in a longer time', (text, limit) => expect(read(text)).toEqual([limit]));

  it('adds to those before', () => {
    expect(read('10MB/s', read('60/min'))).toHaveLength(2);
  });

  it.each([
    '',
    '0',
    '0/s',
    '-1',
    '60/d',
    '/s',
    'fast',
    '10MB',
    '0.1B/h',
    '5 apples/s',
    '1e3/s',
    '60/constructor',
  ])('%j is refused', (text) => expect(() => read(text)).toThrow(badOption));
});

describe('a refused value', () => {
  it('is told with its flag', () => {
    expect(() => byteOption('--batch-bytes')('much')).toThrow('--batch-bytes "much"');
  });
});

describe('a share', () => {
  const read = shareOption('--min-confidence');

  it.each([
    ['0.8', 0.8],
    ['80%', 0.8],
    ['.5', 0.5],
    ['0', 0],
    ['1', 1],
    ['100 %', 1],
  ])('%s is %d', (text, share) => {
    expect(read(text)).toBe(share);
  });

  it.each(['', '1.1', '101%', '-0.1', 'high', '1e-1', '%'])('%j is none', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });
});
