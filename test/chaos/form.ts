import { Random } from '../../bench/random.js';

/** `CHAOS=long` is the form for CI; every `npm test` runs the short one. */
export const long = process.env['CHAOS'] === 'long';

/** `CHAOS_SEED=N` repeats what a failed run decided: it stands in the names of its tests. */
export const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);

/** A test's own chance: what one test draws does not move what another one does. */
export function chance(test: number): Random {
  return new Random(seed * 31 + test);
}
