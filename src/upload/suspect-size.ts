import type { Verdict } from '../targets/target.js';
import type { Pace } from './pace.js';

/** Resets of one batch after which its size is suspected: some servers cut the connection in place of a 413. */
const suspiciousResets = 2;
/** The same where nothing that passes beside it confirms the suspicion. */
const suspiciousLoneResets = 3;

/**
 * What is to be done about a batch of several spans whose connection was reset so often; undefined: one more try.
 *
 * @param firstReset milliseconds since the epoch
 */
export function suspectSize(
  resets: number,
  firstReset: number | undefined,
  { lastSuccess }: Pick<Pace, 'lastSuccess'>,
): Verdict | undefined {
  const othersPass = lastSuccess > (firstReset ?? Number.POSITIVE_INFINITY);
  if (resets < (othersPass ? suspiciousResets : suspiciousLoneResets)) return undefined;
  const alone = lastSuccess === Number.NEGATIVE_INFINITY;
  // Several large batches at once may hide that a small one would pass. Without a sign of that the limit stays:
  // an outage must not leave small batches behind.
  return {
    kind: othersPass || alone ? 'too-large' : 'invalid',
    reason: `the connection was reset ${resets} times`,
  };
}
