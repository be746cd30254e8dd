import { parseArgs } from 'node:util';

import { contestants, dryRun, fullImport, postFloor, readFloor } from './contestants.js';
import { inputOfSize } from './generate.js';
import { describe, describeRun, memoryTable, speedTable } from './results.js';
import { runOnce, runRounds } from './rounds.js';
import { startSink } from './start-sink.js';
import { writeResults } from './table.js';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '500MB' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
  },
});
const small = 100e6;
const large = 1e9;
/** The peak of one run depends on when the collector came by. */
const memoryRounds = 3;

const rounds = roundsOf(values.rounds);
const machine = describeRun();
const input = await inputOfSize(bytesOf(values.size));
console.error(describe(input));
const sink = await startSink();
try {
  // Not measured: it brings the file into the page cache and the sink up to speed.
  await runOnce(postFloor, input, sink);
  const runs = await runRounds(contestants, rounds, input, sink);
  const parts = [
    machine,
    `${describe(input)}; medians of ${rounds} rounds (fastest to slowest).`,
    speedTable(runs, input),
    ...(values.quick ? [] : await memory()),
  ];
  const results = parts.join('\n\n');
  console.log(results);
  await writeResults('results', results);
} finally {
  await sink.close();
}

/** How the peak grows with the input. */
async function memory() {
  const smallInput = await inputOfSize(small);
  const largeInput = await inputOfSize(large);
  const measured = [readFloor, dryRun, postFloor, fullImport];
  const smallRuns = await runRounds(measured, memoryRounds, smallInput, sink);
  const largeRuns = await runRounds(measured, memoryRounds, largeInput, sink);
  return [
    `Memory: medians of ${memoryRounds} runs. ${describe(largeInput)}.`,
    memoryTable(measured, { input: smallInput, runs: smallRuns }, { input: largeInput, runs: largeRuns }),
  ];
}

/** @param {string} rounds */
function roundsOf(rounds) {
  if (!/^[1-9]\d*$/.test(rounds)) throw new Error(`--rounds takes a number from 1 on, not "${rounds}"`);
  return Number(rounds);
}

/**
 * Decimal units, as in the tables.
 *
 * @param {string} size E.g. `100MB`.
 */
function bytesOf(size) {
  const match = /^(\d+(?:\.\d+)?)(KB|MB|GB)$/i.exec(size);
  if (match === null) throw new Error(`--size takes a number with KB, MB or GB, not "${size}"`);
  const [, number, unit] = match;
  const exponent = { kb: 3, mb: 6, gb: 9 }[unit?.toLowerCase() ?? ''] ?? 0;
  return Math.round(Number(number) * 10 ** exponent);
}
