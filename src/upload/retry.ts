/** Backoff of the first retry, in milliseconds; it doubles with each further one. */
const baseDelay = 1000;
/** No backoff is longer. */
const maximumDelay = 60_000;
/** A server that asks for more than this stops the run instead: the user should not watch a program sleep. */
export const longestWait = 5 * 60_000;

/**
 * Milliseconds before the next attempt: exponential with full jitter, so that clients that failed together do not
 * return together. `attempt` is 1 for the first retry, `random` a number in [0, 1).
 */
export function backoff(attempt: number, random: number): number {
  const ceiling = Math.min(maximumDelay, baseDelay * 2 ** Math.min(attempt - 1, 16));
  return Math.max(1, Math.round(ceiling * random));
}
