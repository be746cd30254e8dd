import { expect, test } from 'vitest';

import { kinds } from '../../bench/data/kinds.js';
import { judgePeak, judgeTimes, memoryLimit } from '../../bench/memory-goals.js';

const held = (overrides: { bytes?: number; seconds?: number; peakBytes?: number; complete?: boolean }) => {
  const { bytes = 1e9, ...others } = overrides;
  const input = { path: 'x', bytes, size: bytes, rows: 1_000_000, records: 1_000_000, traces: 1 };
  return {
    kind: kinds.native,
    input,
    name: 'an import',
    workers: 1,
    peakBytes: 1,
    seconds: 10,
    complete: true,
    ...others,
  };
};

test('an import may hold 64 bytes a span and 25 MB a worker beside its fixed part', () => {
  expect(memoryLimit(0, 0)).toBe(140e6);
  expect(memoryLimit(1_000_000, 2)).toBe(140e6 + 64e6 + 50e6);
});

test('a peak meets its goal up to the limit, and an import that failed does not', () => {
  expect(judgePeak(held({ peakBytes: 229e6 }))).toMatchObject([{ met: true }]);
  expect(judgePeak(held({ peakBytes: 229e6 + 1 }))).toMatchObject([{ met: false }]);
  expect(judgePeak(held({ peakBytes: 1, complete: false }))).toMatchObject([{ met: false }]);
});

test('nothing is judged of what was promised nothing', () => {
  const other = { ...held({}), workers: undefined };
  expect(judgePeak(other)).toEqual([]);
  expect(judgeTimes([other, { ...held({ bytes: 4e9 }), workers: undefined }])).toEqual([]);
});

test('time is linear while a byte of the larger input takes at most 15 % longer', () => {
  const small = held({ bytes: 1e9, seconds: 10 });
  expect(judgeTimes([small, held({ bytes: 4e9, seconds: 45 })])).toMatchObject([
    { measured: '1.13', met: true },
  ]);
  expect(judgeTimes([small, held({ bytes: 4e9, seconds: 47 })])).toMatchObject([{ met: false }]);
});

test('each size stands beside the next smaller one', () => {
  const sizes = [
    held({ bytes: 1e8, seconds: 100 }),
    held({ bytes: 1e9, seconds: 10 }),
    held({ bytes: 4e9, seconds: 80 }),
  ];
  expect(judgeTimes(sizes).map(({ met }) => met)).toEqual([true, false]);
});
