import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdHash } from '../../src/trace/hash.js';
import { IdTable } from '../../src/trace/id-table.js';

const word = fc.integer({ min: 0, max: 0xffffffff });

/** Few distinct halves, so that slots and halves collide and keys repeat. */
const clashing = fc.record({
  low: fc.constantFrom(0, 1, 2, 4096, 0xffffffff),
  high: fc.constantFrom(0, 1, 3, 8192, 0xfffffffe),
});
const anyHash: fc.Arbitrary<IdHash> = fc.oneof(clashing, fc.record({ low: word, high: word }));

const key = ({ low, high }: IdHash): string => `${low}/${high}`;

/** Eight keys at a time want the same slot. */
const crowded = (number: number): IdHash => ({
  low: number * 64,
  high: (number * 64) ^ ((number >>> 3) * 16),
});

describe('IdTable', () => {
  it('numbers keys as a Map would', () => {
    fc.assert(
      fc.property(fc.array(anyHash, { maxLength: 300 }), fc.array(anyHash), (hashes, others) => {
        const table = new IdTable();
        const model = new Map<string, number>();
        for (const hash of hashes) {
          const expected = model.get(key(hash)) ?? model.size;
          expect(table.intern(hash)).toBe(expected);
          model.set(key(hash), expected);
        }
        expect(table.size).toBe(model.size);
        for (const hash of [...hashes, ...others]) expect(table.find(hash)).toBe(model.get(key(hash)) ?? -1);
      }),
    );
  });

  it('keeps every number while it grows', () => {
    const table = new IdTable();
    const count = 50_000;
    for (let number = 0; number < count; number++) table.intern(crowded(number));
    expect(table.size).toBe(count);
    const moved: number[] = [];
    for (let number = 0; number < count; number++) {
      const { low, high } = crowded(number);
      const kept = table.low(number) === low && table.high(number) === high;
      if (table.find({ low, high }) !== number || !kept) moved.push(number);
    }
    expect(moved).toEqual([]);
  });

  it('tells keys apart that differ in one half only', () => {
    const table = new IdTable();
    const keys = [
      { low: 7, high: 7 },
      { low: 7, high: 8 },
      { low: 8, high: 7 },
      { low: 8, high: 8 },
    ];
    expect(keys.map((hash) => table.intern(hash))).toEqual([0, 1, 2, 3]);
  });

  it('does not keep the object that it was asked with', () => {
    const table = new IdTable();
    const hash = { low: 1, high: 2 };
    table.intern(hash);
    hash.low = 9;
    expect(table.find({ low: 1, high: 2 })).toBe(0);
    expect(table.find(hash)).toBe(-1);
  });
});
