import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { traceLimits } from '../../src/upload/batch-limits.js';
import { frameBytes, packBatches, type Batch } from '../../src/upload/batches.js';

const frame = frameBytes({ open: '{"trace":{},"spans":[', separator: ',', close: ']}' });

/** Traces as lists of the lengths of their spans. */
const traces = fc.array(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 }), {
  maxLength: 8,
});

test('traces that travel apart share no batch, and every piece waits for the one before', () => {
  fc.assert(
    fc.property(traces, fc.integer({ min: 60, max: 600 }), (lengths, bytes) => {
      const lengthOf = lengths.flat();
      let next = 0;
      const numbered = lengths.map((trace) => trace.map(() => next++));
      const limits = { spans: Number.POSITIVE_INFINITY, bytes };
      const batches = [
        ...packBatches(
          numbered,
          (span) => lengthOf[span]!,
          frame,
          () => limits,
          'apart',
        ),
      ];
      expect(batches.flatMap(({ spans }) => spans)).toEqual(numbered.flat());
      let before: Batch | undefined;
      for (const batch of batches) {
        const trace = numbered.find((spans) => spans.includes(batch.spans[0]!))!;
        expect(batch.trace).toEqual(trace);
        expect(trace).toEqual(expect.arrayContaining([...batch.spans]));
        expect(batch.after).toBe(batch.spans[0] === trace[0] ? undefined : before);
        expect(batch.bytes <= bytes || batch.spans.length === 1).toBe(true);
        before = batch;
      }
    }),
  );
});

test('only bytes limit them: what the destination takes, what the user wants, what a rate permits', () => {
  const spans = Number.POSITIVE_INFINITY;
  expect(traceLimits({}, [], 30)).toEqual({ spans, bytes: 30 });
  expect(traceLimits({ bytes: 20 }, [], 30)).toEqual({ spans, bytes: 20 });
  expect(traceLimits({ bytes: 40 }, [], 30)).toEqual({ spans, bytes: 30 });
  const rates = [
    { unit: 'bytes', amount: 10, window: 1000 },
    { unit: 'spans', amount: 1, window: 1000 },
  ] as const;
  expect(traceLimits({}, rates, 30)).toEqual({ spans, bytes: 10 });
});
