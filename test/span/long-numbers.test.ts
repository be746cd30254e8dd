import { expect, it } from 'vitest';

import { accepts } from '../../src/span/accept.js';
import { readNumber } from '../../src/span/numbers.js';

// Quadratic time would take hours.
const digits = '1'.repeat(1_000_000);

it.each([
  ['nothing but digits', digits, Infinity],
  ['a letter behind the digits', `${digits}x`, NaN],
  ['a letter behind digits and a point', `${digits}.${digits}x`, NaN],
])('a text of %s is read', (_, text, number) => {
  expect(readNumber(text)).toBe(number);
  expect(accepts.seconds(text)).toBe(false);
});
