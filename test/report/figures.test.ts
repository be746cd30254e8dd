import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatSeconds,
  formatShare,
  formatThings,
} from '../../src/report/figures.js';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1_912_400, '1,912,400'],
])('count %d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('things are plural except one', () => {
  expect([formatThings(0, 'row'), formatThings(1, 'row'), formatThings(1200, 'batch', 'batches')]).toEqual([
    '0 rows',
    '1 row',
    '1,200 batches',
  ]);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [1_600_000, '1.6 MB'],
  [2e15, '2000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0.0 s'],
  [0.94, '0.9 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 0 s'],
  [125, '2 min 5 s'],
  [3599.6, '1 h 0 min'],
  [3600, '1 h 0 min'],
  [4200, '1 h 10 min'],
  [7199, '2 h 0 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('a rate needs time', () => {
  expect(formatRate(1_000_000, 2)).toBe('500.0 kB/s');
  expect(formatRate(1_000_000, 0)).toBeUndefined();
});

test('a share of 100 % means all', () => {
  expect([formatShare(999, 1000), formatShare(1000, 1000), formatShare(0, 0), formatShare(3, 2)]).toEqual([
    '99 %',
    '100 %',
    '100 %',
    '100 %',
  ]);
});
