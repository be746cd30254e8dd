import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { frameBytes, halve, packBatches, type Batch, type BatchLimits } from '../../src/upload/batches.js';

const frame = frameBytes({ open: '[', separator: ',', close: ']' });

/** Traces as lists of span lengths become traces of span numbers. */
function number(traces: readonly (readonly number[])[]): {
  spans: number[][];
  lengthOf: (span: number) => number;
} {
  const lengths: number[] = [];
  const spans = traces.map((trace) => trace.map((length) => lengths.push(length) - 1));
  return { spans, lengthOf: (span) => lengths[span] ?? Number.NaN };
}

function pack(traces: readonly (readonly number[])[], limits: BatchLimits): Batch[] {
  const { spans, lengthOf } = number(traces);
  return [...packBatches(spans, lengthOf, frame, () => limits)];
}

const spansOf = (batches: readonly Batch[]): (readonly number[])[] => batches.map(({ spans }) => spans);

test('the size of a frame is counted in bytes', () => {
  expect(frameBytes({ open: '{"data":[', separator: ', ', close: ']} ✓' })).toEqual({
    around: 15,
    between: 2,
  });
});

describe('packing', () => {
  test('fills a batch to the span', () => {
    expect(spansOf(pack([[10], [10], [10]], { spans: 2, bytes: 1000 }))).toEqual([[0, 1], [2]]);
  });

  test('fills a batch to the byte', () => {
    const twoSpans = '['.length + 10 + ','.length + 10 + ']'.length;
    expect(spansOf(pack([[10], [10], [10]], { spans: 9, bytes: twoSpans }))).toEqual([[0, 1], [2]]);
    expect(spansOf(pack([[10], [10], [10]], { spans: 9, bytes: twoSpans - 1 }))).toEqual([[0], [1], [2]]);
  });

  test('a trace that fits into an empty batch is not cut to fill up another', () => {
    expect(spansOf(pack([[10], [10, 10, 10]], { spans: 3, bytes: 1000 }))).toEqual([[0], [1, 2, 3]]);
  });

  test('further pieces of a cut trace name the first, and what follows it does not wait', () => {
    const batches = pack([[10], [10, 10, 10, 10, 10], [10]], { spans: 2, bytes: 1000 });
    expect(spansOf(batches)).toEqual([[0], [1, 2], [3, 4], [5], [6]]);
    const [, first] = batches;
    expect(batches.map(({ after }) => after)).toEqual([undefined, undefined, first, first, undefined]);
  });

  test('a span above the limit travels alone', () => {
    expect(spansOf(pack([[10, 500, 10]], { spans: 9, bytes: 100 }))).toEqual([[0], [1], [2]]);
  });

  test('a limit that is lowered on the way holds from the next batch on', () => {
    const limits = { spans: 9, bytes: 46 };
    const { spans, lengthOf } = number(Array.from({ length: 8 }, () => [10]));
    const seen: (readonly number[])[] = [];
    for (const batch of packBatches(spans, lengthOf, frame, () => limits)) {
      seen.push(batch.spans);
      limits.bytes = 24;
    }
    // The span that no longer fitted is in its batch before the first one is answered.
    expect(seen).toEqual([
      [0, 1, 2, 3],
      [4, 5],
      [6, 7],
    ]);
  });

  test('empty traces and no traces give no batch', () => {
    expect(pack([], { spans: 1, bytes: 1 })).toEqual([]);
    expect(pack([[], []], { spans: 1, bytes: 1 })).toEqual([]);
  });
});

const anyTraces = fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), { maxLength: 12 });
const anyLimits = fc.record({
  spans: fc.integer({ min: 1, max: 8 }),
  bytes: fc.integer({ min: 2, max: 200 }),
});

describe('laws', () => {
  test('loses and repeats nothing, keeps the order, counts its bytes and keeps both limits', () => {
    fc.assert(
      fc.property(anyTraces, anyLimits, (traces, limits) => {
        const { spans, lengthOf } = number(traces);
        const batches = [...packBatches(spans, lengthOf, frame, () => limits)];
        expect(batches.flatMap((batch) => batch.spans)).toEqual(spans.flat());
        for (const batch of batches) {
          const body = `[${batch.spans.map((span) => 'x'.repeat(lengthOf(span))).join(',')}]`;
          expect(batch.bytes).toBe(body.length);
          expect(batch.spans.length).toBeGreaterThan(0);
          expect(batch.spans.length).toBeLessThanOrEqual(limits.spans);
          expect(batch.spans.length === 1 || batch.bytes <= limits.bytes).toBe(true);
        }
      }),
    );
  });

  test('a trace is cut only where it is larger than a batch; its pieces share no batch and name the first', () => {
    fc.assert(
      fc.property(anyTraces, anyLimits, (traces, limits) => {
        const { spans, lengthOf } = number(traces);
        const batches = [...packBatches(spans, lengthOf, frame, () => limits)];
        for (const trace of spans.filter(({ length }) => length > 0)) {
          const pieces = batches.filter((batch) => batch.spans.some((span) => trace.includes(span)));
          const body = `[${trace.map((span) => 'x'.repeat(lengthOf(span))).join(',')}]`;
          const fits = trace.length <= limits.spans && body.length <= limits.bytes;
          const [first, ...further] = pieces;
          expect(fits && further.length > 0).toBe(false);
          expect(first?.after).toBeUndefined();
          for (const piece of further) expect(piece.after).toBe(first);
          if (further.length === 0) continue;
          for (const piece of pieces) expect(piece.spans.every((span) => trace.includes(span))).toBe(true);
        }
      }),
    );
  });

  test('halving loses nothing, keeps the order and what the batch waits for', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const root: Batch = { spans: [99], bytes: 3, after: undefined };
        const whole: Batch = { spans: lengths.map((_, span) => span), bytes: 0, after: root };
        const halves = halve(whole, (span) => lengths[span] ?? Number.NaN, frame);
        expect(halves.flatMap(({ spans }) => spans)).toEqual(whole.spans);
        for (const { spans, bytes, after } of halves) {
          expect(after).toBe(root);
          expect(spans.length).toBeGreaterThan(0);
          expect(bytes).toBe(`[${spans.map((span) => 'x'.repeat(lengths[span] ?? 0)).join(',')}]`.length);
        }
        expect(halves[0].spans.length - halves[1].spans.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
