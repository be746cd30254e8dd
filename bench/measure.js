import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { watchChildren } from './watch-children.js';

/** Of what a process complains about: its last words. */
const keptCharacters = 2_000;
const usage = new URL('./usage.js', import.meta.url).href;

/**
 * @typedef {object} Measurement
 * @property {number} seconds From the start of the process to its end, its start-up included.
 * @property {number} cpuSeconds User and system time of all threads of the process.
 * @property {number} peakBytes Highest resident set of the process.
 * @property {number} exitCode 128 where a signal ended it.
 * @property {string} output What it wrote to stdout.
 * @property {string} complaints The end of what it wrote to stderr.
 */

/**
 * Runs a script in a process of its own, in an empty folder that is removed afterwards.
 *
 * @param {URL | string} script
 * @param {(folder: string) => string[]} argumentsIn Given the folder.
 * @param {{ peers?: string | undefined, ofChildren?: boolean }} [options] `ofChildren`: the script only starts other
 *   programs, and what is measured are these.
 * @returns {Promise<Measurement>}
 */
export async function measure(script, argumentsIn, { peers = '', ofChildren = false } = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'respan-import-bench-run-'));
  try {
    const usageFile = path.join(folder, 'usage.json');
    const started = performance.now();
    const child = spawn(
      process.execPath,
      ['--import', usage, script instanceof URL ? fileURLToPath(script) : script, ...argumentsIn(folder)],
      {
        cwd: folder,
        // Nothing else of the environment: no proxy, no profile, no options for Node.
        env: {
          PATH: process.env['PATH'],
          RESPAN_API_KEY: 'bench',
          BENCH_USAGE_FILE: usageFile,
          BENCH_PEERS: peers,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const stopWatching = ofChildren && child.pid !== undefined ? watchChildren(child.pid) : undefined;
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    let complaints = '';
    child.stderr
      .setEncoding('utf8')
      .on('data', (text) => (complaints = (complaints + text).slice(-keptCharacters)));
    const [exitCode, signal] = await once(child, 'close');
    const seconds = (performance.now() - started) / 1000;
    const childPeak = stopWatching?.();
    const used = await readUsage(usageFile);
    return {
      seconds,
      exitCode: signal === null ? exitCode : 128,
      output,
      complaints,
      cpuSeconds: ofChildren ? used.childCpuSeconds : used.cpuSeconds + used.childCpuSeconds,
      peakBytes: childPeak ?? used.peakBytes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A process that was killed, or ran out of memory, leaves no report.
 *
 * @param {string} file
 * @returns {Promise<{ cpuSeconds: number, childCpuSeconds: number, peakBytes: number }>}
 */
async function readUsage(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return { cpuSeconds: Number.NaN, childCpuSeconds: Number.NaN, peakBytes: Number.NaN };
  }
}
