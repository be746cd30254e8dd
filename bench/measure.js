import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const usage = new URL('./usage.js', import.meta.url).href;

/**
 * @typedef {object} Measurement
 * @property {number} seconds From the start of the process to its end, its start-up included.
 * @property {number} cpuSeconds User and system time of all threads of the process.
 * @property {number} peakBytes Highest resident set of the process.
 * @property {number} exitCode
 * @property {string} output What it wrote to stdout.
 */

/**
 * Runs a script in a process of its own, in an empty folder that is removed afterwards.
 *
 * @param {URL} script
 * @param {(folder: string) => string[]} argumentsIn Given the folder.
 * @returns {Promise<Measurement>}
 */
export async function measure(script, argumentsIn) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'respan-import-bench-run-'));
  try {
    const usageFile = path.join(folder, 'usage.json');
    const started = performance.now();
    const child = spawn(
      process.execPath,
      ['--import', usage, fileURLToPath(script), ...argumentsIn(folder)],
      {
        cwd: folder,
        // Nothing else of the environment: no proxy, no profile, no options for Node.
        env: { PATH: process.env['PATH'], RESPAN_API_KEY: 'bench', BENCH_USAGE_FILE: usageFile },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    const [exitCode] = await once(child, 'close');
    const seconds = (performance.now() - started) / 1000;
    return { seconds, exitCode, output, ...JSON.parse(await readFile(usageFile, 'utf8')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
