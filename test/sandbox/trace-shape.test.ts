import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceShape } from '../../src/sandbox/trace-shape.js';

function shapeOf(parents: Record<string, string | null | undefined>) {
  const spans = Object.entries(parents).map(([id, parent]) => ({
    trace_unique_id: 'trace',
    span_unique_id: id,
    span_parent_id: parent,
  }));
  return traceShape('trace', new Map(spans.map((span) => [span.span_unique_id, span])));
}

test('a chain of ten thousand spans has that depth', () => {
  const links = Array.from({ length: 10_000 }, (_, index) => [
    String(index),
    index === 0 ? null : String(index - 1),
  ]);
  expect(shapeOf(Object.fromEntries(links))).toEqual({
    spans: 10_000,
    roots: 1,
    orphans: 0,
    depth: 10_000,
    in_cycles: 0,
  });
});

test('a cycle and what hangs on it is neither root nor orphan', () => {
  expect(shapeOf({ a: 'b', b: 'a', below: 'a', self: 'self', root: '' })).toEqual({
    spans: 5,
    roots: 1,
    orphans: 0,
    depth: 1,
    in_cycles: 4,
  });
});

test('a parent that is the trace id means root, unless there is such a span', () => {
  expect(shapeOf({ a: 'trace' })).toMatchObject({ roots: 1, orphans: 0, depth: 1 });
  expect(shapeOf({ trace: null, a: 'trace' })).toMatchObject({ roots: 1, orphans: 0, depth: 2 });
});

test('in any forest every span is reached, whatever the order of arrival', () => {
  const forest = fc.array(fc.nat(), { minLength: 1, maxLength: 50 }).chain((picks) =>
    fc.shuffledSubarray(
      picks.map((pick, index): [string, string | null] => [
        `s${index}`,
        index === 0 || pick % 4 === 0 ? null : `s${pick % index}`,
      ]),
      { minLength: picks.length },
    ),
  );
  fc.assert(
    fc.property(forest, (links) => {
      const shape = shapeOf(Object.fromEntries(links));
      expect(shape.in_cycles).toBe(0);
      expect(shape.roots).toBe(links.filter(([, parent]) => parent === null).length);
      const parents = new Map(links);
      const levels = links.map(([id]) => {
        let level = 1;
        for (let parent = parents.get(id); typeof parent === 'string'; parent = parents.get(parent))
          level += 1;
        return level;
      });
      expect(shape.depth).toBe(Math.max(...levels));
    }),
  );
});
