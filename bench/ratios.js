/**
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * How many times as fast one is as another: the median of the rounds' own ratios, for within a round the machine has
 * changed least. Both read the same input.
 *
 * @param {readonly { rowsPerSecond: number }[]} runs
 * @param {readonly { rowsPerSecond: number }[]} beside In the same rounds.
 */
export function speedBeside(runs, beside) {
  return median(runs.map((run, round) => run.rowsPerSecond / (beside[round]?.rowsPerSecond ?? Number.NaN)));
}
