import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicros, readRfc3339 } from '../../src/span/calendar.js';
import { isProblem, parseDuration, parseTime, type TimeOptions } from '../../src/span/time.js';

const utc: TimeOptions = { timezone: 'UTC', dateOrder: undefined };

function text(value: unknown, overrides: Partial<TimeOptions> = {}): string {
  const time = parseTime(value, { ...utc, ...overrides });
  return isProblem(time) ? time.code : time.text;
}

describe('spellings of a point in time', () => {
  it.each<[unknown, string]>([
    ['2024-12-04T19:59:29.374537Z', '2024-12-04T19:59:29.374537Z'],
    ['2024-12-04T19:59:29.5Z', '2024-12-04T19:59:29.5Z'],
    ['2024-12-04T19:59:29.123456789Z', '2024-12-04T19:59:29.123456Z'],
    ['2024-12-04t19:59:29z', '2024-12-04T19:59:29Z'],
    ['2024-12-04T19:59:29+05:30', '2024-12-04T14:29:29Z'],
    ['2024-12-04T19:59:29.374-0500', '2024-12-05T00:59:29.374Z'],
    ['2026-05-10 17:01:32.101066+00:00', '2026-05-10T17:01:32.101066Z'],
    ['2024-12-04 19:59:29,374', '2024-12-04T19:59:29.374Z'],
    ['2024-12-04 19:59 UTC', '2024-12-04T19:59:00Z'],
    ['2024-12-04 19:59:29.374 +0530 IST m=+0.001', '2024-12-04T14:29:29.374Z'],
    ['2024-12-04T19:59:29+01:00[Europe/Paris]', '2024-12-04T18:59:29Z'],
    ['20241204T195929374537Z', '2024-12-04T19:59:29.374537Z'],
    ['20241204T195929Z', '2024-12-04T19:59:29Z'],
    ['2024-12-04', '2024-12-04T00:00:00Z'],
    ['2024/12/04 07:05', '2024-12-04T07:05:00Z'],
    ['12/25/2024 1:05 PM', '2024-12-25T13:05:00Z'],
    ['12/25/2024, 12:00:00 AM', '2024-12-25T00:00:00Z'],
    ['25.12.2024 13:05:00', '2024-12-25T13:05:00Z'],
    ['03/03/2025', '2025-03-03T00:00:00Z'],
    ['Dec 4, 2024 7:59 PM', '2024-12-04T19:59:00Z'],
    ['4 December 2024 19:59:29', '2024-12-04T19:59:29Z'],
    ['Wed, 04 Dec 2024 19:59:29 GMT', '2024-12-04T19:59:29Z'],
    ['Wed Dec  4 19:59:29 2024', '2024-12-04T19:59:29Z'],
    ['Wed Dec 04 2024 19:59:29 GMT+0100 (CET)', '2024-12-04T18:59:29Z'],
    ['04/Dec/2024:19:59:29 +0200', '2024-12-04T17:59:29Z'],
    ['[04/Dec/2024:19:59:29 +0200]', '2024-12-04T17:59:29Z'],
    [1733342369.374537, '2024-12-04T19:59:29.374537Z'],
    ['1733342369.374537', '2024-12-04T19:59:29.374537Z'],
    [1733342369374, '2024-12-04T19:59:29.374Z'],
    ['1733342369374537', '2024-12-04T19:59:29.374537Z'],
    ['1733342369374537999', '2024-12-04T19:59:29.374537Z'],
    [[1733342369, 374537999], '2024-12-04T19:59:29.374537Z'],
    [{ seconds: '1733342369', nanos: 374537000 }, '2024-12-04T19:59:29.374537Z'],
    [{ $date: '2024-12-04T19:59:29Z' }, '2024-12-04T19:59:29Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ])('reads %j', (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  it.each([
    '2024-13-04T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2025-02-30',
    '2024-12-04T24:00:00Z',
    '2024-12-04T23:60:00Z',
    '2024-12-04T12:00:60Z',
    '2024-12-04T12:00:00 XYZ',
    '2024-12-04T12:00:00+24:00',
    '13:00 PM 12/25/2024',
    '12/25/2024 13:05 PM',
    '2 days ago',
    'yesterday',
    '99/99/2025',
    '1e400',
    Infinity,
    true,
    [1],
    {},
    '2024-12-04T19:59:29.Z',
    '２０２４-12-04T19:59:29Z',
  ])('rejects %j', (value) => {
    expect(text(value)).toBe('bad_time');
  });

  it('asks for the order of day and month only where it matters', () => {
    expect(text('03/04/2025 10:00')).toBe('bad_time');
    const problem = parseTime('03/04/2025', utc);
    expect('hint' in problem && problem.hint).toContain('--date-order');
    expect(text('03/04/2025 10:00', { dateOrder: 'dmy' })).toBe('2025-04-03T10:00:00Z');
    expect(text('03/04/2025 10:00', { dateOrder: 'mdy' })).toBe('2025-03-04T10:00:00Z');
  });

  it('shows no control characters of a bad value', () => {
    const problem = parseTime('\u001b[31mred\u0007', utc);
    expect('message' in problem && /\p{Cc}/u.test(problem.message)).toBe(false);
  });
});

describe('times without a zone', () => {
  it('are read in the zone of the options and marked', () => {
    expect(parseTime('2024-07-04 12:00:00', { ...utc, timezone: 'Europe/Paris' })).toMatchObject({
      text: '2024-07-04T10:00:00Z',
      naive: true,
    });
    expect(text('2024-07-04 12:00', { timezone: '-03:30' })).toBe('2024-07-04T15:30:00Z');
    expect(parseTime('2024-07-04 12:00:00Z', { ...utc, timezone: 'Europe/Paris' })).toMatchObject({
      naive: false,
    });
  });

  it('take the earlier instant where clocks are set back, and the offset before where they are set forward', () => {
    const paris = { timezone: 'Europe/Paris' };
    expect(text('2024-10-27 02:30:00', paris)).toBe('2024-10-27T00:30:00Z');
    expect(text('2024-03-31 02:30:00', paris)).toBe('2024-03-31T01:30:00Z');
    expect(text('2024-03-31 03:30:00', paris)).toBe('2024-03-31T01:30:00Z');
    expect(text('2024-11-03 01:30:00', { timezone: 'America/New_York' })).toBe('2024-11-03T05:30:00Z');
  });
});

describe('laws', () => {
  const micros = fc.integer({ min: 157_766_400_000_000, max: 4_102_444_800_000_000 });
  const minutes = fc.integer({ min: -14 * 60, max: 14 * 60 });

  it('formats and reads back every microsecond, in order', () => {
    fc.assert(
      fc.property(micros, micros, (left, right) => {
        expect(readRfc3339(formatMicros(left))).toBe(left);
        expect(readRfc3339(formatMicros(left, 6)) - readRfc3339(formatMicros(right, 6))).toBe(left - right);
        expect(Date.parse(formatMicros(left, 6))).toBe(Math.floor(left / 1000));
      }),
    );
  });

  it('reads every offset of an instant as the same instant and text', () => {
    fc.assert(
      fc.property(micros, minutes, (instant, offset) => {
        const local = formatMicros(instant + offset * 60_000_000, 6).slice(0, -1);
        const size = Math.abs(offset);
        const zone = `${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
        const written = `${local}${offset < 0 ? '-' : '+'}${zone}`;
        const expected = { micros: instant, text: formatMicros(instant, 6), naive: false };
        expect(parseTime(written, utc)).toEqual(expected);
        expect(parseTime(written.replace('T', ' '), utc)).toEqual(expected);
      }),
    );
  });

  it('agrees on an instant in seconds, ms, µs and ns, as numbers and as texts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 157_766_400, max: 4_102_444_800 }), (seconds) => {
        const spellings = [1, 1e3, 1e6, 1e9].flatMap((unit) => {
          const digits = String(BigInt(seconds) * BigInt(unit));
          return [digits, Number(digits)];
        });
        const times = spellings.map((value) => parseTime(value, utc));
        for (const time of times) expect(time).toEqual(parseTime(formatMicros(seconds * 1e6), utc));
      }),
    );
  });
});

describe('durations', () => {
  it.each<[unknown, 's' | 'ms' | 'us' | 'ns', number | undefined]>([
    [1.5, 's', 1_500_000],
    ['250', 'ms', 250_000],
    [250, 'us', 250],
    [2_500, 'ns', 3],
    ['250ms', 's', 250_000],
    ['1.5 s', 'ms', 1_500_000],
    ['1,500', 'ms', 1_500_000],
    ['1,234,567.5 us', 's', 1_234_568],
    ['1,5', 's', undefined],
    ['PT1M1.5S', 's', 61_500_000],
    [-1, 's', undefined],
    ['soon', 's', undefined],
    [NaN, 's', undefined],
    ['', 's', undefined],
  ])('reads %j in %s', (value, unit, expected) => {
    expect(parseDuration(value, unit)).toBe(expected);
  });
});

it('eight digits that are a date are one, as a text and as a number', () => {
  for (const value of ['20250601', 20_250_601]) {
    expect(parseTime(value, { timezone: 'UTC', dateOrder: undefined })).toMatchObject({
      naive: true,
      text: '2025-06-01T00:00:00Z',
    });
  }
});
