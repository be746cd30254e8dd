import { rowsRead } from './contestants.js';
import { measure } from './measure.js';

/**
 * @typedef {import('./measure.js').Measurement & { delivered: number, complete: boolean }} Run
 *   `delivered` is what the sink counted; `complete` is false for a run that failed, or lost or invented a span.
 */

/**
 * @param {import('./contestants.js').Contestant} contestant
 * @param {import('./generate.js').Input} input
 * @param {Awaited<ReturnType<typeof import('./start-sink.js').startSink>>} sink
 * @returns {Promise<Run>}
 */
export async function runOnce(contestant, input, sink) {
  const before = await sink.totals();
  const measured = await measure(contestant.script, (folder) =>
    contestant.arguments(input.path, sink.url, folder),
  );
  const delivered = (await sink.totals()).spans - before.spans;
  const complete =
    measured.exitCode === 0 &&
    rowsRead(measured.output) === input.rows &&
    delivered === (contestant.delivers ? input.rows : 0);
  return { ...measured, delivered, complete };
}

/**
 * Lets the contestants take turns, so that a slower minute of the machine hits all of them. An incomplete run sets the
 * exit code of the benchmark.
 *
 * @param {import('./contestants.js').Contestant[]} contestants
 * @param {number} rounds
 * @param {import('./generate.js').Input} input
 * @param {Awaited<ReturnType<typeof import('./start-sink.js').startSink>>} sink
 * @returns {Promise<Map<string, Run[]>>} By the contestant's name, in the order of the rounds.
 */
export async function runRounds(contestants, rounds, input, sink) {
  /** @type {Map<string, Run[]>} */
  const runs = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const run = await runOnce(contestant, input, sink);
      runs.get(contestant.name)?.push(run);
      if (!run.complete) process.exitCode = 1;
      const lost = run.complete
        ? ''
        : `  INCOMPLETE: exit code ${run.exitCode}, ${run.delivered} spans delivered`;
      console.error(`round ${round}  ${contestant.name.padEnd(30)} ${run.seconds.toFixed(2)} s${lost}`);
    }
  }
  return runs;
}
