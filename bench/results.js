import os from 'node:os';

import { contestants } from './contestants.js';
import { grouped, table } from './table.js';

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
    const delivered = delivers ? grouped(Math.min(...own.map((run) => run.delivered))) : '–';
    return [
      name,
      `${median(seconds).toFixed(2)} (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})`,
      (input.bytes / 1e6 / median(seconds)).toFixed(0),
      grouped(Math.round(input.rows / median(seconds))),
      median(own.map((run) => run.cpuSeconds)).toFixed(2),
      (median(own.map((run) => run.peakBytes)) / 1e6).toFixed(0),
      `${delivered}${incompleteMark(own)}`,
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
 * @typedef {object} Measured
 * @property {Input} input
 * @property {Map<string, Run[]>} runs
 */

/**
 * @param {import('./contestants.js').Contestant[]} measured
 * @param {Measured} small
 * @param {Measured} large
 */
export function memoryTable(measured, small, large) {
  const lines = measured.map(({ name }) => {
    const before = small.runs.get(name) ?? [];
    const after = large.runs.get(name) ?? [];
    const low = median(before.map((run) => run.peakBytes));
    const high = median(after.map((run) => run.peakBytes));
    return [
      name,
      `${(low / 1e6).toFixed(0)}${incompleteMark(before)}`,
      `${(high / 1e6).toFixed(0)}${incompleteMark(after)}`,
      ((high - low) / (large.input.rows - small.input.rows)).toFixed(0),
      median(after.map((run) => run.seconds)).toFixed(1),
    ];
  });
  const titles = [
    'case',
    `peak RSS MB, ${size(small.input)}`,
    `peak RSS MB, ${size(large.input)}`,
    'bytes a span more',
    `seconds, ${size(large.input)}`,
  ];
  return table(titles, lines);
}

/** @param {Run[]} runs */
function incompleteMark(runs) {
  const incomplete = runs.filter((run) => !run.complete).length;
  return incomplete === 0 ? '' : ` (${incomplete} runs INCOMPLETE)`;
}

/** @param {Input} input */
export function describe(input) {
  const perRow = (input.bytes / input.rows / 1000).toFixed(1);
  return `${size(input)}: ${grouped(input.rows)} rows of ${perRow} KB on average, ${grouped(input.traces)} traces`;
}

/** To be asked before the run, since it tells how busy the machine is. */
export function describeRun() {
  const day = new Date().toISOString().slice(0, 10);
  const load = os.loadavg()[0]?.toFixed(1) ?? 'unknown';
  return `${describeMachine()}. Measured on ${day}; load average ${load} before the run.`;
}

function describeMachine() {
  const cores = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${cores.length} cores, ${memory} GiB, ${os.platform()}, Node ${process.version}`;
}

/** @param {Input} input */
function size(input) {
  return input.bytes < 1e9 ? `${(input.bytes / 1e6).toFixed(0)} MB` : `${(input.bytes / 1e9).toFixed(2)} GB`;
}
