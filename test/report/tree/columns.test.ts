import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnGap, fitColumns, type TreeColumns } from '../../../src/report/tree/columns.js';

const natural: TreeColumns = { name: 40, kind: 10, model: 20, tokens: 9, duration: 7, bar: 1 };

function widthOf({ name, ...others }: TreeColumns): number {
  return Object.values(others).reduce((sum, cells) => sum + (cells === 0 ? 0 : cells + columnGap), name);
}

test('a wide terminal shows everything whole and gives the rest to the bars', () => {
  expect(fitColumns(natural, 160)).toEqual({ ...natural, bar: 160 - 40 - 10 - 20 - 9 - 7 - 5 * columnGap });
});

test('narrow ones leave out tokens, models, bars, kinds and durations, in this order', () => {
  const shown = [100, 84, 60, 45, 36, 20].map((width) => {
    const { name: _name, ...others } = fitColumns(natural, width);
    return Object.entries(others).flatMap(([column, cells]) => (cells > 0 ? [column] : []));
  });
  expect(shown).toEqual([
    ['kind', 'model', 'tokens', 'duration', 'bar'],
    ['kind', 'model', 'duration', 'bar'],
    ['kind', 'duration', 'bar'],
    ['kind', 'duration'],
    ['duration'],
    [],
  ]);
});

test('columns never exceed the width, and fill it where there are bars', () => {
  const cells = fc.nat({ max: 60 });
  const anyColumns = fc.record({
    name: fc.integer({ min: 1, max: 80 }),
    kind: cells,
    model: cells,
    tokens: cells,
    duration: cells,
    bar: fc.constantFrom(0, 1),
  });
  fc.assert(
    fc.property(anyColumns, fc.integer({ min: 1, max: 250 }), (columns, width) => {
      const fitted = fitColumns(columns, width);
      expect(widthOf(fitted)).toBeLessThanOrEqual(width);
      expect(fitted.bar === 0 || widthOf(fitted) === width).toBe(true);
    }),
  );
});
