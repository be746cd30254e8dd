import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteColumn, integerColumn, numberColumn } from '../../src/trace/column.js';

/** Around the ends of chunks, where an error of one would show. */
const position = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }),
  fc.constantFrom(0, 32_767, 32_768, 65_535, 65_536),
);

describe('Column', () => {
  it('reads what was written last, and 0 elsewhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(position, fc.integer({ min: 0, max: 0xffffffff })), { maxLength: 40 }),
        fc.array(position),
        (writes, reads) => {
          const column = integerColumn();
          const model = new Map<number, number>();
          for (const [at, value] of writes) {
            column.set(at, value);
            model.set(at, value);
          }
          for (const at of [...model.keys(), ...reads]) expect(column.get(at)).toBe(model.get(at) ?? 0);
        },
      ),
    );
  });

  it('keeps a number whole, NaN among them', () => {
    const column = numberColumn();
    column.set(0, 1_757_317_574_007_279);
    column.set(1, NaN);
    expect(column.get(0)).toBe(1_757_317_574_007_279);
    expect(column.get(1)).toBeNaN();
  });

  it('keeps all eight bits of a byte', () => {
    const column = byteColumn();
    column.set(40_000, 255);
    expect(column.get(40_000)).toBe(255);
  });
});
