import { measure } from './measure.js';

/**
 * @typedef {import('./contestants/contestant.js').Contestant} Contestant
 * @typedef {import('./contestants/contestant.js').Job} Job
 *
 * @typedef {object} Outcome
 * @property {import('./sink/start-sink.js').Totals} totals What the sink counted.
 * @property {boolean} complete False for a run that failed, or lost or invented a span.
 * @property {number} rowsPerSecond Of rows that arrived, where they have to.
 *
 * @typedef {import('./measure.js').Measurement & Outcome} Run
 */

/**
 * @param {Contestant} contestant
 * @param {Omit<Job, 'folder' | 'url'>} job
 * @param {import('./sink/start-sink.js').Sink} sink
 * @returns {Promise<Run>}
 */
async function runOnce(contestant, job, sink) {
  const { script } = contestant;
  await sink.totals();
  const measured = await measure(
    script instanceof URL ? script : script(job.peers ?? ''),
    (folder) => contestant.arguments({ ...job, url: sink.url, folder }),
    { peers: job.peers, ofChildren: contestant.tools !== undefined },
  );
  const totals = await sink.totals();
  const complete =
    measured.exitCode === 0 &&
    (rowsRead(measured.output) ?? job.input.records) === job.input.records &&
    totals.spans === (contestant.delivers ? job.input.rows : 0);
  const done = contestant.delivers ? totals.spans : job.input.rows;
  return { ...measured, totals, complete, rowsPerSecond: done / measured.seconds };
}

/**
 * Lets the contestants take turns, so that a slower minute of the machine hits all of them. An incomplete run sets the
 * exit code of the benchmark, unless a peer is known to lose rows.
 *
 * @param {readonly Contestant[]} contestants
 * @param {number} rounds
 * @param {Omit<Job, 'folder' | 'url'>} job
 * @param {import('./sink/start-sink.js').Sink} sink
 * @param {(line: string) => void} [tell] Given a line after every run.
 * @returns {Promise<Map<string, Run[]>>} By the contestant's name, in the order of the rounds.
 */
export async function runRounds(contestants, rounds, job, sink, tell = console.error) {
  /** @type {Map<string, Run[]>} */
  const runs = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const run = await runOnce(contestant, job, sink);
      runs.get(contestant.name)?.push(run);
      if (!run.complete && contestant.mayLose !== true) process.exitCode = 1;
      const lost = run.complete ? '' : `  INCOMPLETE: ${lossOf(run)}`;
      tell(`round ${round}  ${contestant.name.padEnd(40)} ${run.seconds.toFixed(2)} s${lost}`);
    }
  }
  return runs;
}

/** @param {Run} run */
function lossOf(run) {
  const lines = run.complaints.trim().split('\n');
  const words = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '';
  return `exit code ${run.exitCode}, ${run.totals.spans} spans delivered; ${words.trim().slice(0, 200)}`;
}

/**
 * Rows that a contestant says it read; a program that says nothing is judged by what arrived.
 *
 * @param {string} output
 */
function rowsRead(output) {
  try {
    /** @type {{ rows: number | { read: number } }} */
    const { rows } = JSON.parse(output);
    return typeof rows === 'number' ? rows : rows.read;
  } catch {
    return undefined;
  }
}
