import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { markDescendants } from '../../src/trace/descendants.js';
import { noSpan, type TraceIndex } from '../../src/trace/trace-index.js';
import { indexOf, type SpanSketch } from './factories.js';

function markBelow(index: TraceIndex, first: Iterable<number>): Set<number> {
  const marked = new Set(first);
  markDescendants(
    index,
    (span) => marked.has(span),
    (span) => {
      expect(marked.has(span)).toBe(false);
      marked.add(span);
    },
  );
  return marked;
}

/** A forest: every span hangs on one of a higher number, on none, or on a missing one. */
const anyForest = fc.array(fc.nat(12), { maxLength: 12 }).map((steps) =>
  steps.map((step, place): SpanSketch => {
    const parent = place + step;
    return {
      id: String(place),
      parent: step === 0 ? undefined : parent < steps.length ? String(parent) : '?',
    };
  }),
);

describe('descendants', () => {
  it('are marked however far below a marked one they hang, and no other span is', () => {
    fc.assert(
      fc.property(anyForest, fc.array(fc.nat(11)), (spans, chosen) => {
        const { index } = indexOf(spans);
        const first = chosen.filter((span) => index.isDefined(span));
        const marked = markBelow(index, first);
        for (let span = 0; span < index.mentioned; span++) {
          if (!index.isDefined(span)) continue;
          let above = span;
          while (above !== noSpan && index.isDefined(above) && !first.includes(above))
            above = index.parentOf(above);
          expect(marked.has(span)).toBe(first.includes(above));
        }
      }),
    );
  });

  it('are found in a chain of 100,000 spans, leaf first', () => {
    const length = 100_000;
    const { index } = indexOf(
      Array.from({ length }, (_, place) => ({
        id: String(place),
        parent: place + 1 < length ? String(place + 1) : undefined,
      })),
    );
    expect(markBelow(index, [length - 1]).size).toBe(length);
    expect(markBelow(index, [length / 2]).size).toBe(length / 2 + 1);
  });
});
