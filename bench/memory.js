import { documentedScript } from './contestants/peers.js';
import { fullImport, knowsJobs } from './contestants/program.js';
import { inputOfSize, removeInput } from './data/inputs.js';
import { kinds } from './data/kinds.js';
import { judgePeak, judgeTimes, memoryLimit } from './memory-goals.js';
import { median } from './ratios.js';
import { describe, megabytes, size } from './results.js';
import { runRounds } from './rounds.js';
import { startSink } from './sink/start-sink.js';
import { grouped, table } from './table.js';
import { warmUp } from './warm-up.js';

/**
 * @typedef {import('./contestants/contestant.js').Contestant} Contestant
 *
 * @typedef {import('./memory-goals.js').Held} Held
 *
 * @typedef {object} Sized An input to be generated.
 * @property {import('./data/kinds.js').Kind} kind
 * @property {number} bytes
 * @property {number} rounds The peak of one run depends on when the collector came by.
 * @property {Contestant[]} [others] Beside the imports; nothing was promised of their memory.
 */

/** Generated files of at least this many bytes do not stay. */
const large = 1e9;
/** @type {Sized[]} */
const inputs = [
  { kind: kinds.native, bytes: 100e6, rounds: 3, others: [documentedScript] },
  { kind: kinds.native, bytes: 1e9, rounds: 3, others: [documentedScript] },
  { kind: kinds.native, bytes: 4e9, rounds: 1 },
  // 5 million rows.
  { kind: kinds.small, bytes: 1.24e9, rounds: 1 },
];
/** @type {Sized[]} */
const quickInputs = [
  { kind: kinds.native, bytes: 100e6, rounds: 1 },
  { kind: kinds.native, bytes: 500e6, rounds: 1 },
  { kind: kinds.small, bytes: 125e6, rounds: 1 },
];

/**
 * Peaks of memory by size, and whether the time grows as the size does.
 *
 * @param {import('./options.js').Options} options
 */
export async function measureMemory(options) {
  const { keep, peers } = options;
  const imports = [
    { workers: 0, contestant: fullImport() },
    ...(knowsJobs() ? [{ workers: 2, contestant: fullImport(undefined, 2) }] : []),
  ];
  const sink = await startSink();
  /** @type {Held[]} */
  const all = [];
  try {
    for (const { kind, bytes, rounds, others = [] } of inputsOf(options)) {
      const contestants = [...imports, ...others.map((contestant) => ({ workers: undefined, contestant }))];
      const input = await inputOfSize(kind, bytes);
      console.error(`\nmemory, ${kind.name}, ${describe(input)}`);
      try {
        await warmUp(input, sink);
        const runs = await runRounds(
          contestants.map(({ contestant }) => contestant),
          rounds,
          { input, peers },
          sink,
        );
        all.push(...contestants.map((one) => heldBy(kind, input, one, runs.get(one.contestant.name) ?? [])));
      } finally {
        if (input.bytes >= large && !keep) await removeInput(input);
      }
    }
  } finally {
    await sink.close();
  }
  const text = `**memory**: the highest peak of the rounds, and medians of seconds.\n\n${memoryTable(all)}`;
  return { text, verdicts: [...all.flatMap(judgePeak), ...judgeTimes(all)] };
}

/**
 * @param {import('./options.js').Options} options
 * @returns {Sized[]}
 */
function inputsOf({ quick, bytes, rounds }) {
  if (quick) return quickInputs;
  return bytes === undefined ? inputs : [{ kind: kinds.native, bytes, rounds }];
}

/**
 * @param {import('./data/kinds.js').Kind} kind
 * @param {import('./data/inputs.js').Input} input
 * @param {{ workers: number | undefined, contestant: Contestant }} one
 * @param {readonly import('./rounds.js').Run[]} runs
 * @returns {Held}
 */
function heldBy(kind, input, { workers, contestant: { name } }, runs) {
  return {
    kind,
    input,
    name,
    workers,
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
    seconds: median(runs.map((run) => run.seconds)),
    complete: runs.every((run) => run.complete),
  };
}

/** @param {readonly Held[]} all */
function memoryTable(all) {
  return table(
    ['input', 'spans', 'contestant', 'peak RSS MB', 'limit MB', 'seconds', 'seconds a GB'],
    all.map(({ kind, input, name, workers, peakBytes, seconds, complete }) => [
      `${kind.name}, ${size(input)}`,
      grouped(input.rows),
      `${name}${complete ? '' : ', FAILED'}`,
      megabytes(peakBytes),
      workers === undefined ? '–' : megabytes(memoryLimit(input.rows, workers)),
      seconds.toFixed(2),
      ((seconds / input.bytes) * 1e9).toFixed(2),
    ]),
  );
}
