import { megabytes, size } from './results.js';

/** Longest time a byte of a larger input, beside that of a smaller one. */
const timeAtMost = 1.15;

/**
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
 * Whether a peak is within the limit; nothing where nothing was promised.
 *
 * @param {Held} held
 */
export function judgePeak({ kind, input, name, workers, peakBytes, complete }) {
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
