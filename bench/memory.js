import { documentedScript } from './contestants/peers.js';
import { fullImport, knowsJobs } from './contestants/program.js';
import { inputOfSize, removeInput } from './data/inputs.js';
import { kinds } from './data/kinds.js';
import { median } from './ratios.js';
import { describe, megabytes, size } from './results.js';
import { runRounds } from './rounds.js';
import { startSink } from './sink/start-sink.js';
import { grouped, table } from './table.js';

/** Generated files of at least this many bytes do not stay. */
const large = 1e9;
/** Longest time a byte of a larger input, beside that of a smaller one. */
const timeAtMost = 1.15;
/** 5 million rows. */
const manyRows = { kind: kinds.small, bytes: 1.24e9, rounds: 1 };
/**
 * The peak of one run depends on when the collector came by.
 *
 * @type {{ kind: import('./data/kinds.js').Kind, bytes: number, rounds: number, others?: Contestant[] }[]}
 */
const inputs = [
  { kind: kinds.native, bytes: 100e6, rounds: 3, others: [documentedScript] },
  { kind: kinds.native, bytes: 1e9, rounds: 3, others: [documentedScript] },
  { kind: kinds.native, bytes: 4e9, rounds: 1 },
  manyRows,
];
/** @type {typeof inputs} */
const quickInputs = [
  { kind: kinds.native, bytes: 100e6, rounds: 1 },
  { kind: kinds.native, bytes: 500e6, rounds: 1 },
  { kind: kinds.small, bytes: 125e6, rounds: 1 },
];

/**
 * @typedef {import('./contestants/contestant.js').Contestant} Contestant
 *
 * @typedef {object} Held What an import of a generated input held.
 * @property {import('./data/kinds.js').Kind} kind
 * @property {import('./data/inputs.js').Input} input
 * @property {string} name Of the contestant.
 * @property {number | undefined} workers Threads beside the main one; none where nothing was promised.
 * @property {number} peakBytes The highest of all rounds.
 * @property {number} seconds
 * @property {boolean} complete
 */

/**
 * What an import may hold: a fixed part, one that grows with the spans, and one for each worker.
 *
 * @param {number} spans
 * @param {number} workers
 */
export function memoryLimit(spans, workers) {
  return 140e6 + 64 * spans + 25e6 * workers;
}

/**
 * Peaks of memory by size, and whether the time grows as the size does.
 *
 * @param {import('./options.js').Options} options
 */
export async function measureMemory({ quick, keep, peers }) {
  const imports = [
    { workers: 0, contestant: fullImport() },
    ...(knowsJobs() ? [{ workers: 2, contestant: fullImport(undefined, 2) }] : []),
  ];
  const sink = await startSink();
  /** @type {Held[]} */
  const all = [];
  try {
    for (const { kind, bytes, rounds, others = [] } of quick ? quickInputs : inputs) {
      const contestants = [...imports, ...others.map((contestant) => ({ workers: undefined, contestant }))];
      const input = await inputOfSize(kind, bytes);
      console.error(`\nmemory, ${kind.name}, ${describe(input)}`);
      try {
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

/** @param {Held} held */
function judgePeak({ kind, input, name, workers, peakBytes, complete }) {
  if (workers === undefined) return [];
  const limit = memoryLimit(input.rows, workers);
  return [
    {
      what: `memory, ${kind.name} ${size(input)}: ${name}`,
      goal: `≤ ${megabytes(limit)} MB`,
      measured: `${megabytes(peakBytes)} MB`,
      met: complete && peakBytes <= limit,
    },
  ];
}

/**
 * Each size of a kind beside the next smaller one.
 *
 * @param {readonly Held[]} all
 */
export function judgeTimes(all) {
  return all.flatMap((larger) => {
    const smaller = all
      .filter(
        ({ name, kind, input }) =>
          larger.workers !== undefined &&
          name === larger.name &&
          kind === larger.kind &&
          input.bytes < larger.input.bytes,
      )
      .at(-1);
    if (smaller === undefined) return [];
    const growth = larger.seconds / larger.input.bytes / (smaller.seconds / smaller.input.bytes);
    return [
      {
        what: `time, ${larger.kind.name} ${size(larger.input)}: ${larger.name}`,
        goal: `≤ ${timeAtMost} × that of ${size(smaller.input)}, a byte`,
        measured: (Math.ceil(growth * 100) / 100).toFixed(2),
        met: larger.complete && smaller.complete && growth <= timeAtMost,
      },
    ];
  });
}
