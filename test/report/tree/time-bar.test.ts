import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { glyphsFor } from '../../../src/report/tree/glyphs.js';
import { timeBar } from '../../../src/report/tree/time-bar.js';

const window = { start: 1000, end: 1100 };
const glyphs = glyphsFor({ ascii: false });
const bar = (start: number, end: number, columns = 10): string =>
  timeBar(window, start, end, columns, glyphs);

test.each([
  [1000, 1100, '━━━━━━━━━━'],
  [1000, 1050, '━━━━━'],
  [1050, 1100, '     ━━━━━'],
  [1025, 1075, '  ╺━━━━╸'],
  [1000, 1001, '╸'],
  [1099, 1100, '         ╺'],
  [1096, 1099, '         ╺'],
  [1050, 1050, '     ·'],
  [1100, 1100, '         ·'],
])('from %d to %d', (start, end, shown) => {
  expect(bar(start, end)).toBe(shown);
});

describe('what tells less than both times', () => {
  it('is an event where it tells one, and nothing where it tells none', () => {
    expect(bar(1050, NaN)).toBe('     ·');
    expect(bar(NaN, 1050)).toBe('     ·');
    expect(bar(NaN, NaN)).toBe('');
  });

  it('is an event at the beginning of a trace without a duration', () => {
    expect(timeBar({ start: 5, end: 5 }, 5, 5, 10, glyphs)).toBe('·');
  });
});

test('a bar begins and ends within its columns, and is never empty', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 60 }),
      (at, length, columns) => {
        const end = Math.min(100, at + length);
        const shown = bar(1000 + at, 1000 + end, columns);
        expect(shown.length).toBeLessThanOrEqual(columns);
        expect(shown).toMatch(/^ *[╺━╸·]+$/);
        expect(timeBar(window, 1000 + at, 1000 + end, columns, glyphsFor({ ascii: true }))).toHaveLength(
          shown.length,
        );
      },
    ),
  );
});
