import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = new URL('../../bin/respan-import.js', import.meta.url);
const quietly = ['--json', '--quiet'];

/** @typedef {import('./contestant.js').Contestant} Contestant */

/**
 * Plan workers: the threads that read and check, beside the one that keeps the index.
 *
 * @param {1 | 2} workers
 */
function jobs(workers) {
  return knowsJobs() ? ['--jobs', String(workers)] : [];
}

/** @type {boolean | undefined} */
let known;

/** Whether the program can plan in several threads. */
export function knowsJobs() {
  known ??= execFileSync(process.execPath, [fileURLToPath(program), '--help'], { encoding: 'utf8' }).includes(
    '--jobs',
  );
  return known;
}

/**
 * The plan alone.
 *
 * @param {string} [beside]
 * @param {1 | 2} [workers]
 * @returns {Contestant}
 */
export function dryRun(beside, workers = 1) {
  return {
    name: `respan-import --dry-run${suffix(workers)}`,
    ...(beside === undefined ? {} : { beside }),
    delivers: false,
    script: program,
    arguments: ({ input, folder }) => [
      input.path,
      '--dry-run',
      '--state-dir',
      folder,
      ...jobs(workers),
      ...quietly,
    ],
  };
}

/**
 * The whole import with default settings and a new ledger.
 *
 * @param {string} [beside]
 * @param {1 | 2} [workers]
 * @param {string[]} [flags]
 * @returns {Contestant}
 */
export function fullImport(beside, workers = 1, flags = []) {
  return {
    name: `respan-import${flags.map((flag) => ` ${flag}`).join('')}${suffix(workers)}`,
    ...(beside === undefined ? {} : { beside }),
    delivers: true,
    script: program,
    arguments: ({ input, url, folder }) => [
      input.path,
      '--base-url',
      url,
      '--state-dir',
      folder,
      ...flags,
      ...jobs(workers),
      ...quietly,
    ],
  };
}

/** @param {number} workers */
function suffix(workers) {
  return workers === 1 ? '' : `, ${workers} plan workers`;
}
