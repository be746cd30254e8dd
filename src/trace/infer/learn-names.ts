import { candidateLimit } from './candidates.js';
import type { ParentTally } from './name-pairs.js';
import { fitNames, sharesOf, type TraceCandidates } from './trace-candidates.js';

/** The answer no longer changes after this many rounds on any trace that was looked at. */
const rounds = 8;

/**
 * Learns which step is the parent of which, from the traces that name their parents and from the others in turns:
 * likely parents teach the names, names make parents likely. Leaves the fits of the last round in the traces. This is
 * expectation maximisation, as WAP5 and TraceWeaver (see `inferParents`) use it on delays, here on names.
 */
export function learnNames(traces: readonly TraceCandidates[], stated: ParentTally): ParentTally {
  let tally = tallyParents(traces, stated);
  for (let round = 0; round < rounds; round++) {
    for (const trace of traces) fitNames(trace, tally, true);
    tally = tallyParents(traces, stated);
  }
  return tally;
}

function tallyParents(traces: readonly TraceCandidates[], stated: ParentTally): ParentTally {
  const tally = { pairs: stated.pairs.copy(), totals: stated.totals.copy() };
  for (const trace of traces) {
    const { view, candidates, names, pairs } = trace;
    for (let position = 0; position < view.size; position++) {
      const count = candidates.counts[position]!;
      if (view.open[position] !== 1 || count === 0) continue;
      const shares = sharesOf(trace, position);
      for (let rank = candidates.equals[position]!; rank < count; rank++) {
        tally.pairs.add(pairs[position * candidateLimit + rank]!, shares[rank]!);
        tally.totals.add(names[position]!, shares[rank]!);
      }
    }
  }
  return tally;
}
