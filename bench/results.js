import os from 'node:os';

import { contestants } from './contestants.js';
import { table } from './table.js';

/**
 * @typedef {import('./rounds.js').Run} Run
 * @typedef {import('./generate.js').Input} Input
 */

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * One line for each contestant: medians over the rounds. The ratio is the median of the rounds' own ratios, for within
 * a round the machine has changed least.
 *
 * @param {Map<string, Run[]>} runs
 * @param {Input} input
 */
export function speedTable(runs, input) {
  const lines = contestants.map(({ name, floor, delivers }) => {
    const own = runs.get(name) ?? [];
    const floors = runs.get(floor) ?? [];
    const seconds = own.map((run) => run.seconds);
    const ratios = own.map((run, round) => (floors[round]?.seconds ?? Number.NaN) / run.seconds);
    const incomplete = own.filter((run) => !run.complete).length;
    const delivered = delivers ? grouped(Math.min(...own.map((run) => run.delivered))) : '–';
    return [
      name,
      `${median(seconds).toFixed(2)} (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})`,
      (input.bytes / 1e6 / median(seconds)).toFixed(0),
      grouped(Math.round(input.rows / median(seconds))),
      median(own.map((run) => run.cpuSeconds)).toFixed(2),
      (median(own.map((run) => run.peakBytes)) / 1e6).toFixed(0),
      incomplete === 0 ? delivered : `${delivered} (${incomplete} runs INCOMPLETE)`,
      floor === name ? '1' : median(ratios).toFixed(2),
    ];
  });
  const titles = [
    'case',
    'seconds',
    'MB/s',
    'rows/s',
    'CPU s',
    'peak RSS MB',
    'spans delivered',
    'of its floor',
  ];
  return table(titles, lines);
}

/**
 * @param {{ name: string, small: Run, large: Run }[]} cases
 * @param {Input} small
 * @param {Input} large
 */
export function memoryTable(cases, small, large) {
  const lines = cases.map(({ name, small: first, large: second }) => [
    name,
    `${(first.peakBytes / 1e6).toFixed(0)}${first.complete ? '' : ' INCOMPLETE'}`,
    `${(second.peakBytes / 1e6).toFixed(0)}${second.complete ? '' : ' INCOMPLETE'}`,
    ((second.peakBytes - first.peakBytes) / (large.rows - small.rows)).toFixed(0),
    second.seconds.toFixed(1),
  ]);
  const peak = 'peak RSS MB,';
  const titles = [
    'case',
    `${peak} ${size(small)}`,
    `${peak} ${size(large)}`,
    'bytes a span more',
    `s, ${size(large)}`,
  ];
  return table(titles, lines);
}

/** @param {Input} input */
export function describe(input) {
  const perRow = (input.bytes / input.rows / 1000).toFixed(1);
  return `${size(input)}: ${grouped(input.rows)} rows of ${perRow} KB on average, ${grouped(input.traces)} traces`;
}

export function describeMachine() {
  const cores = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${cores.length} cores, ${memory} GiB, ${os.platform()}, Node ${process.version}`;
}

/** @param {Input} input */
function size(input) {
  return input.bytes < 1e9 ? `${(input.bytes / 1e6).toFixed(0)} MB` : `${(input.bytes / 1e9).toFixed(2)} GB`;
}

/** @param {number} value */
function grouped(value) {
  return value.toLocaleString('en-US');
}
