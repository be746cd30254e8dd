import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatestEnd } from '../../../src/trace/infer/latest-end.js';
import { from, infer, type TimedSpan } from './infer.js';

const modes = fc.constantFrom('auto' as const, 'always' as const, 'never' as const);

/** Few names, kinds and instants, so that ties, overlaps and repeated steps are common. */
const anySpan = fc.record({
  name: fc.constantFrom('run', 'chat', 'tool', 'step-1', 'step-2'),
  kind: fc.constantFrom('chat', 'tool', 'agent', 'task'),
  start: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 30 }) }, fc.constant(NaN)),
  length: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 30 }) }, fc.constant(NaN)),
  trace: fc.constantFrom('one', 'other'),
  /** Position of a parent; beyond the spans there is none, and the row may say so. */
  parent: fc.integer({ min: 0, max: 40 }),
  root: fc.boolean(),
});

const anyForest = (naming: fc.Arbitrary<boolean>): fc.Arbitrary<TimedSpan[]> =>
  fc
    .tuple(fc.array(anySpan, { maxLength: 25 }), fc.array(naming, { minLength: 25, maxLength: 25 }))
    .map(([spans, names]) =>
      spans.map(({ start, length, parent, root, ...span }, number) => {
        const timed = { ...span, id: `s${number}`, start, end: start + length };
        if (names[number] !== true) return timed;
        const named = parent < spans.length ? { parent: `s${parent}` } : { root };
        return { ...timed, ...named };
      }),
    );

describe('laws of the inference', () => {
  it('no parent that a row names is changed, in any mode', () => {
    fc.assert(
      fc.property(
        anyForest(fc.boolean()),
        modes,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (spans, mode, least) => {
          const { parents, edges } = infer(spans, { mode, minConfidence: least });
          for (const { id, parent, root } of spans) {
            if (parent === undefined && root !== true) continue;
            expect([id, parents[id], edges[id]?.origin]).toEqual([id, parent, 'explicit']);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('what it adds makes no cycle, stays in the trace, encloses but for the clocks, and is never called explicit', () => {
    fc.assert(
      fc.property(anyForest(fc.constant(false)), (spans) => {
        const { parents, edges } = infer(spans);
        const byId = new Map(spans.map((span) => [span.id, span]));
        for (const span of spans) {
          const parent = byId.get(parents[span.id] ?? '');
          if (parent === undefined) continue;
          expect(parent.trace).toBe(span.trace);
          expect(edges[span.id]?.origin).not.toBe('explicit');
          expect(parent.start).toBeLessThanOrEqual(span.start + 5);
          const above = new Set<string>();
          for (let up: string | undefined = span.id; up !== undefined; up = parents[up]) {
            expect(above.has(up)).toBe(false);
            above.add(up);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a trace of different steps that one thread left is found again edge by edge, and certain', () => {
    /** Where each span hangs: on the one so many steps up from the one before it. */
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(shape, (steps) => {
        const spans = oneThread(steps);
        const { parents, edges } = infer(spans.map(withoutParent));
        for (const { id, parent } of spans) {
          const origin = parent === undefined ? 'explicit' : 'time';
          expect([id, parents[id], edges[id]?.origin]).toEqual([id, parent, origin]);
        }
      }),
    );
  });

  it('does not depend on when a trace ran', () => {
    fc.assert(
      fc.property(anyForest(fc.constant(false)), (spans) => {
        const later = spans.map(({ start, end = NaN, ...span }) => ({
          ...span,
          start: start + 1_700_000_000_123,
          end: end + 1_700_000_000_123,
        }));
        const earlier = spans.map(({ start, end = NaN, ...span }) => ({
          ...span,
          start: start + 1_600_000_000_123,
          end: end + 1_600_000_000_123,
        }));
        expect(infer(later)).toEqual(infer(earlier));
      }),
    );
  });
});

function withoutParent(span: TimedSpan): TimedSpan {
  const open = { ...span };
  delete open.parent;
  return open;
}

/** Opens spans one within the other and closes them again, each at an instant of its own. */
function oneThread(steps: readonly number[]): TimedSpan[] {
  const spans: TimedSpan[] = [];
  const open: TimedSpan[] = [];
  let now = 1;
  for (const [number, up] of [0, ...steps].entries()) {
    const closing = Math.min(up, Math.max(0, open.length - 1));
    for (let closed = 0; closed < closing; closed++) {
      const span = open.pop();
      if (span !== undefined) span.end = now++;
    }
    const parent = open.at(-1)?.id;
    const span = from(now++, NaN, `s${number}`, { name: `step ${'x'.repeat(number)}` });
    spans.push(parent === undefined ? span : { ...span, parent });
    open.push(spans.at(-1)!);
  }
  while (open.length > 0) open.pop()!.end = now++;
  return spans;
}

describe('the search for enclosing spans', () => {
  it('finds what looking at every span finds', () => {
    const ends = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(-Infinity)), {
      maxLength: 70,
    });
    fc.assert(
      fc.property(
        ends,
        fc.integer({ min: -1, max: 75 }),
        fc.integer({ min: 0, max: 21 }),
        (list, last, end) => {
          const expected = list.slice(0, Math.max(0, last + 1)).findLastIndex((found) => found >= end);
          expect(new LatestEnd(Float64Array.from(list)).find(Math.min(last, list.length - 1), end)).toBe(
            expected,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('large traces', () => {
  it.each([
    ['a chain', (number: number, count: number) => from(number, 2 * count - number, `s${number}`)],
    [
      'siblings',
      (number: number, count: number) =>
        number === 0 ? from(0, 3 * count, 's0') : from(number * 2, number * 2 + 1, `s${number}`),
    ],
    ['overlaps', (number: number, count: number) => from(number, number + count, `s${number}`)],
    ['equal times', (number: number, count: number) => from(0, count, `s${number}`)],
    ['events', (number: number) => from(number, number, `s${number}`)],
  ])('of 100,000 spans: %s', (_, shape) => {
    const spans = Array.from({ length: 100_000 }, (__, number) => shape(number, 100_000));
    const { parents } = infer(spans);
    expect(Object.keys(parents)).toHaveLength(spans.length);
  });

  it('a chain of 100,000 is found again', () => {
    const spans = Array.from({ length: 100_000 }, (_, number) =>
      from(number, 200_000 - number, `s${number}`),
    );
    const { parents } = infer(spans);
    expect(parents['s99999']).toBe('s99998');
    expect(Object.values(parents).filter((parent) => parent === undefined)).toHaveLength(1);
  });
});
