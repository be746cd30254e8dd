import { expect, test } from 'vitest';

import { flowOf } from '../../bench/latency.js';

const run = (requests: number, bytes: number, milliseconds: number) => ({
  seconds: 9,
  cpuSeconds: 1,
  peakBytes: 1,
  exitCode: 0,
  output: '',
  complaints: '',
  complete: true,
  rowsPerSecond: 1,
  totals: { requests, spans: 1, bytes, firstRequest: 1000, lastAnswer: 1000 + milliseconds },
});

test('one request after another, each as long as the latency, uses all that is possible', () => {
  expect(flowOf([run(10, 10e6, 500)], 1)).toMatchObject({ reached: 20e6, possible: 20e6, share: 1 });
});

test('the same flow is a quarter of what four at once permit', () => {
  expect(flowOf([run(10, 10e6, 500)], 4).share).toBe(0.25);
});

test('tells the middle of the rounds', () => {
  expect(flowOf([run(10, 10e6, 500), run(10, 10e6, 1000), run(10, 10e6, 5000)], 1).share).toBe(0.5);
});
