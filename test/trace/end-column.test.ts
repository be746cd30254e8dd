import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EndColumn } from '../../src/trace/end-column.js';

const time = fc.oneof(fc.integer({ min: 0, max: 2 ** 52 }), fc.constant(Number.NaN));

test('an end comes back as it was, however long the span, and without a start too', () => {
  const near = fc.tuple(fc.integer({ min: 0, max: 2 ** 52 }), fc.integer({ min: -5, max: 2 ** 33 }));
  const pair = fc.oneof(
    fc.tuple(time, time),
    near.map(([start, length]): [number, number] => [start, start + length]),
  );
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 50 }), (pairs) => {
      const column = new EndColumn();
      pairs.forEach(([start, end], span) => column.set(span, end, start));
      pairs.forEach(([start, end], span) => column.set(span, start, end));
      pairs.forEach(([start, end], span) => expect(column.get(span, start)).toBe(end));
    }),
  );
});
