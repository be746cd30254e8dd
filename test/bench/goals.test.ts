import { expect, test } from 'vitest';

import { judge, rounded } from '../../bench/goals.js';
import { median, speedBeside } from '../../bench/ratios.js';

const totals = { requests: 0, spans: 0, bytes: 0, firstRequest: null, lastAnswer: null };
const run = (rowsPerSecond: number, complete = true) => ({
  seconds: 1,
  cpuSeconds: 1,
  peakBytes: 1,
  exitCode: 0,
  output: '',
  complaints: '',
  totals,
  complete,
  rowsPerSecond,
});
const goal = { subject: 'ours', beside: 'floor 1: read', atLeast: 0.8 };
const judged = (ours: ReturnType<typeof run>[], floors: ReturnType<typeof run>[]) =>
  judge(
    'a case',
    goal,
    new Map([
      ['ours', ours],
      ['floor 1: read', floors],
    ]),
  );

test('the median of an even number of values lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test('a ratio is the median of those within the rounds, and not the ratio of medians', () => {
  const ours = [run(10), run(60), run(300)];
  const floors = [run(100), run(100), run(1000)];
  expect(speedBeside(ours, floors)).toBe(0.3);
});

test('a goal is met from its own number on', () => {
  expect(judged([run(80)], [run(100)])).toMatchObject({ measured: '0.80', met: true });
  expect(judged([run(79.9)], [run(100)])).toMatchObject({ measured: '0.79', met: false });
});

test('a fast run that lost rows meets no goal', () => {
  expect(judged([run(500), run(500), run(500, false)], [run(100), run(100), run(100)]).met).toBe(false);
});

test('nothing is said about a contestant that did not run, or beside one that delivered nothing', () => {
  expect(judged([], [run(100)])).toMatchObject({ measured: '–', met: undefined });
  expect(judged([run(80)], [])).toMatchObject({ measured: '–', met: undefined });
  expect(judged([run(80)], [run(0, false)])).toMatchObject({ measured: '–', met: undefined });
});

test('ratios are rounded down', () => {
  expect(rounded(0.799)).toBe('0.79');
  expect(rounded(12.39)).toBe('12.3');
});
