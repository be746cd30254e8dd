import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { backoff } from '../../src/upload/retry.js';

test.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [6, 32_000],
  [7, 60_000],
  [50, 60_000],
  [5000, 60_000],
])('the ceiling of retry %i is %i ms', (attempt, ceiling) => {
  expect(backoff(attempt, 1 - Number.EPSILON)).toBe(ceiling);
  expect(backoff(attempt, 0.5)).toBe(ceiling / 2);
});

test('a wait is never zero, never above a minute, and uses the whole range below its ceiling', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const wait = backoff(attempt, random);
        expect(wait).toBeGreaterThanOrEqual(1);
        expect(wait).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** (attempt - 1)));
      },
    ),
  );
  expect(backoff(5, 0)).toBe(1);
});
