import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputExtents } from '../../src/bodies/input-extents.js';

describe('InputExtents', () => {
  it('finds the input and the offset of every byte again, empty inputs between', () => {
    const length = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5_000_000_000 }));
    fc.assert(
      fc.property(fc.array(length, { minLength: 1, maxLength: 12 }), (lengths) => {
        const extents = new InputExtents();
        const places = lengths.flatMap((bytes, input) => {
          extents.begin();
          extents.reach(Math.floor(bytes / 2));
          extents.reach(bytes);
          const offsets = bytes === 0 ? [] : [0, Math.floor(bytes / 2), bytes - 1];
          return offsets.map((offset) => ({ input, offset, global: extents.global(offset) }));
        });
        for (const { input, offset, global } of places)
          expect(extents.resolve(global)).toEqual({ input, offset });
      }),
    );
  });

  it('leaves a gap between two inputs, so that no read runs from one into the next', () => {
    const extents = new InputExtents();
    extents.begin();
    extents.reach(100);
    const last = extents.global(99);
    extents.begin();
    expect(extents.global(0) - last).toBeGreaterThan(1024 * 1024);
  });

  it('never shrinks an input', () => {
    const extents = new InputExtents();
    extents.begin();
    extents.reach(10_000_000);
    extents.reach(5);
    extents.begin();
    expect(extents.resolve(9_999_999)).toEqual({ input: 0, offset: 9_999_999 });
  });
});
