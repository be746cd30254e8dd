import { expect, test } from 'vitest';
import { shapes } from '../../bench/inference/shapes.js';

test.each(shapes)('a shape has as many spans as were asked for, and names no parents: $name', ({ build }) => {
  const index = build(100);
  expect(index.defined).toBe(100);
  expect(index.mentioned).toBe(100);
  for (let span = 0; span < 100; span++) {
    expect(index.isDefined(index.parentOf(span))).toBe(false);
    // Neither is true of times that are not known.
    expect(index.endOf(span) < index.startOf(span)).toBe(false);
  }
});
