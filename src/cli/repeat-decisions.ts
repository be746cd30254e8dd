import { ledgerFolder } from '../ledger/destination.js';
import { LedgerFiles } from '../ledger/ledger-files.js';
import { decisionsBefore } from '../ledger/other-runs.js';
import type { LedgerOptions } from '../options.js';
import type { Rewrite } from '../plan/finish-spans.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { ImportFlags } from './flags.js';

/**
 * Repeats what chance and the clock decided, a random seed of `--remap-ids` and the instant of `--shift-time-to now`, in
 * an unfinished run of the same spans, whatever its files were called and whatever was appended to them. So the same
 * command after a crash sends the missing spans under the ids and times of those that arrived.
 */
export function repeatDecisions(
  { stateFolder, destination, resume }: LedgerOptions,
  flags: Pick<ImportFlags, 'remapIds' | 'shiftTimeTo'>,
): (rewrite: Rewrite, index: TraceIndex) => Rewrite {
  const files = new LedgerFiles(ledgerFolder(stateFolder, destination));
  return (rewrite, index) => {
    if (!resume) return rewrite;
    const { remapSeed, shiftTo, shiftFrom } = decisionsBefore(files, index);
    const seedAgain = flags.remapIds === '' && remapSeed !== undefined;
    const shiftAgain = shiftTo !== undefined && (flags.shiftTimeTo === 'now' || shiftTo === rewrite.shiftTo);
    return {
      ...rewrite,
      ...(seedAgain ? { remapSeed } : {}),
      ...(shiftAgain ? { shiftTo, shiftFrom } : {}),
    };
  };
}
