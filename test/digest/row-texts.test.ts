import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RowTexts } from '../../src/digest/row-texts.js';

describe('RowTexts', () => {
  it('gives each row as it stands in the block, whatever its length', () => {
    const length = fc.oneof(fc.nat(40), fc.nat(70_000), fc.integer({ min: 65_530, max: 65_540 }));
    fc.assert(
      fc.property(fc.array(length, { minLength: 1, maxLength: 12 }), (lengths) => {
        const rows = lengths.map((count, row) => String.fromCharCode(0xe0 + row).repeat(count));
        const block = Buffer.from(rows.join('\n'), 'latin1');
        const texts = new RowTexts(block, block.length);
        let start = 0;
        for (const row of rows) {
          expect(texts.get(start, start + row.length)).toBe(row);
          start += row.length + 1;
        }
      }),
      { numRuns: 40 },
    );
  });
});
