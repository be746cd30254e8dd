import os from 'node:os';

import { rounded, shortName } from './goals.js';
import { median, speedBeside } from './ratios.js';
import { grouped, table } from './table.js';

/**
 * @typedef {import('./rounds.js').Run} Run
 * @typedef {import('./data/inputs.js').Input} Input
 * @typedef {import('./contestants/contestant.js').Contestant} Contestant
 */

/**
 * One line for each contestant: medians over the rounds.
 *
 * @param {readonly Contestant[]} contestants
 * @param {ReadonlyMap<string, Run[]>} runs
 * @param {Input} input
 */
export function speedTable(contestants, runs, input) {
  const lines = contestants.map((contestant) => {
    const { name, beside } = contestant;
    const own = runs.get(name) ?? [];
    const seconds = own.map((run) => run.seconds);
    return [
      name,
      `${median(seconds).toFixed(2)} (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})`,
      (input.bytes / 1e6 / median(seconds)).toFixed(0),
      grouped(Math.round(median(own.map((run) => run.rowsPerSecond)))),
      median(own.map((run) => run.cpuSeconds)).toFixed(2),
      megabytes(median(own.map((run) => run.peakBytes))),
      delivered(contestant, own, input),
      beside === undefined ? '1' : comparison(beside, own, runs.get(beside)),
    ];
  });
  const titles = [
    'contestant',
    'seconds',
    'MB/s',
    'rows/s',
    'CPU s',
    'peak RSS MB',
    'spans delivered',
    'as fast as',
  ];
  return table(titles, lines);
}

/**
 * @param {string} name
 * @param {readonly Run[]} own
 * @param {readonly Run[] | undefined} beside None where it is not installed.
 */
function comparison(name, own, beside) {
  return beside === undefined ? '–' : `${rounded(speedBeside(own, beside))} × ${shortName(name)}`;
}

/**
 * @param {Contestant} contestant
 * @param {readonly Run[]} runs
 * @param {Input} input
 */
function delivered({ delivers }, runs, input) {
  const incomplete = runs.filter((run) => !run.complete).length;
  if (!delivers) return incomplete === 0 ? '–' : `${incomplete} runs FAILED`;
  const least = Math.min(...runs.map((run) => run.totals.spans));
  if (incomplete === 0) return grouped(least);
  const share = Math.floor((least / input.rows) * 100);
  return `**${grouped(least)} (${share} %)**${runs.some((run) => run.exitCode !== 0) ? ', FAILED' : ''}`;
}

/** @param {Input} input */
export function describe(input) {
  const bytesARow = input.bytes / input.rows;
  const perRow = bytesARow < 1000 ? `${bytesARow.toFixed(0)} B` : `${(bytesARow / 1000).toFixed(1)} KB`;
  return `${size(input)}: ${grouped(input.rows)} rows of ${perRow} on average, ${grouped(input.traces)} traces`;
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

/** @param {{ bytes: number }} input */
export function size({ bytes }) {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0);
}
