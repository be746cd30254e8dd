import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceeds, parseMaxErrors } from '../../src/max-errors.js';

describe('--max-errors', () => {
  it.each([
    ['0', { kind: 'count', count: 0 }],
    [' 10 ', { kind: 'count', count: 10 }],
    ['1%', { kind: 'share', share: 0.01 }],
    ['0.5 %', { kind: 'share', share: 0.005 }],
    ['100%', { kind: 'share', share: 1 }],
    ['0%', { kind: 'share', share: 0 }],
  ])('reads %j', (text, limit) => expect(parseMaxErrors(text)).toEqual(limit));

  it.each(['', '%', '-1', '1.5', '101%', '1e3', 'ten', '5%%', '5 % of all', '9'.repeat(16)])(
    'refuses %j',
    (text) =>
      expect(() => parseMaxErrors(text)).toThrow(
        expect.objectContaining({ code: 'bad_option', exitCode: 2 }),
      ),
  );

  it('permits exactly the count', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (count, errors, good) => {
        expect(exceeds({ kind: 'count', count }, errors, errors + good)).toBe(errors > count);
      }),
    );
  });

  it('permits exactly the share, once there are enough rows for one', () => {
    const limit = parseMaxErrors('5%');
    expect(exceeds(limit, 5, 100)).toBe(false);
    expect(exceeds(limit, 6, 100)).toBe(true);
    expect(exceeds(limit, 99, 99)).toBe(false);
  });
});
