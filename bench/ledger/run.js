import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { measure } from '../measure.js';
import { describeRun } from '../results.js';
import { grouped, table, writeResults } from '../table.js';

const script = new URL('./case.js', import.meta.url);
const million = 1_000_000;

/**
 * @typedef {object} Shape
 * @property {string} name
 * @property {number} runs
 * @property {number} spansPerRun
 * @property {number} step How many spans further each run begins: where less than its size, runs send spans again.
 * @property {number} spansPerBatch
 * @property {number} spansPerTrace
 */

/** @type {Shape[]} */
const shapes = [
  { name: 'one run', runs: 1, spansPerRun: million, step: million, spansPerBatch: 500, spansPerTrace: 5 },
  {
    name: 'a trace a span',
    runs: 1,
    spansPerRun: million,
    step: million,
    spansPerBatch: 500,
    spansPerTrace: 1,
  },
  {
    name: 'batches of 10',
    runs: 1,
    spansPerRun: million,
    step: million,
    spansPerBatch: 10,
    spansPerTrace: 5,
  },
  { name: '10 runs', runs: 10, spansPerRun: 100_000, step: 100_000, spansPerBatch: 500, spansPerTrace: 5 },
  {
    name: '9 runs, most spans sent twice',
    runs: 9,
    spansPerRun: 200_000,
    step: 100_000,
    spansPerBatch: 500,
    spansPerTrace: 5,
  },
];

const lines = [];
for (const shape of shapes) lines.push(await measureShape(shape));
const titles = [
  'a million spans in',
  'disk MB',
  'claims MB, while running',
  'compacted, disk MB',
  'read back s',
  'memory MB more',
  'compacted, read back s',
  'compacting s',
  'its memory MB',
  'status s',
];
const results = `${describeRun()}\n\n${table(titles, lines)}`;
console.log(results);
await writeResults('ledger', results);

/**
 * @param {Shape} shape
 * @returns {Promise<string[]>}
 */
async function measureShape({ name, runs, spansPerRun, step, spansPerBatch, spansPerTrace }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'respan-import-bench-ledger-'));
  try {
    /** @param {string} what @param {number} first @param {number} spans */
    const take = async (what, first, spans) => {
      const numbers = [first, spans, spansPerBatch, spansPerTrace].map(String);
      const { output, peakBytes, exitCode } = await measure(script, () => [what, folder, ...numbers]);
      if (exitCode !== 0) throw new Error(`${what} of "${name}" ended with ${exitCode}`);
      return { seconds: Number(output), peakBytes };
    };
    // Fewer than a ledger compacts by itself.
    for (let run = 0; run < runs; run++) await take('deliver', run * step, spansPerRun);
    const all = runs === 1 ? spansPerRun : (runs - 1) * step + spansPerRun;
    const before = await bytesIn(folder);
    const bare = await take('index', 0, all);
    const recalled = await take('recall', 0, all);
    const status = await take('status', 0, 0);
    const compacted = await take('compact', 0, 0);
    const after = await bytesIn(folder);
    const recalledAfter = await take('recall', 0, all);
    return [
      name,
      megabytes(before),
      megabytes(8 * spansPerRun),
      runs === 1 ? '–' : megabytes(after),
      recalled.seconds.toFixed(2),
      megabytes(recalled.peakBytes - bare.peakBytes),
      runs === 1 ? '–' : recalledAfter.seconds.toFixed(2),
      runs === 1 ? '–' : compacted.seconds.toFixed(2),
      runs === 1 ? '–' : megabytes(compacted.peakBytes),
      status.seconds.toFixed(2),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function bytesIn(folder) {
  let sum = 0;
  for (const name of await readdir(folder)) sum += (await stat(path.join(folder, name))).size;
  return sum;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return grouped(Math.round(bytes / 1e5) / 10);
}
