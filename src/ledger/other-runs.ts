import { existsSync } from 'node:fs';

import type { Clock } from '../clock.js';
import { ExitCode, ImportError } from '../errors.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { compareClaim, type Decisions, type Overlap } from './claim.js';
import { runOfId, type LedgerFiles } from './ledger-files.js';
import { isAlive, readOwner } from './owner.js';
import { isMissing, ledgerError } from './unusable.js';

/** Ids of the runs whose process lives. */
export async function livingRuns(files: LedgerFiles, clock: Clock, signal: AbortSignal): Promise<string[]> {
  const ids = files.ids('owner');
  const alive = await Promise.all(ids.map((id) => isAlive(files.path('owner', id), clock, signal)));
  return ids.filter((_, position) => alive[position]);
}

/** True where one of the runs has ended since. */
export function hasEnded(files: LedgerFiles, runs: readonly string[]): boolean {
  return runs.some((id) => !existsSync(files.path('owner', id)));
}

/** Throws where one of the living runs is sending a span that the plan would send too. */
export function refuseContention(files: LedgerFiles, index: TraceIndex, living: readonly string[]): void {
  for (const id of living) {
    const overlap = overlapWith(files, id, index);
    if (overlap !== undefined && overlap.contended > 0) throw alreadyRunning(files, id, overlap.contended);
  }
}

/** Ids of claims without a living owner, all of whose spans the plan has: it goes on with these runs. */
export function continuedRuns(files: LedgerFiles, index: TraceIndex, living: readonly string[]): string[] {
  return files
    .ids('claim')
    .filter((id) => !living.includes(id) && overlapWith(files, id, index)?.foreign === 0);
}

/** What chance and the clock decided in the latest unfinished run that shares a span with the plan. */
export function decisionsBefore(files: LedgerFiles, index: TraceIndex): Decisions {
  try {
    for (const id of files.ids('claim').toReversed()) {
      const overlap = overlapWith(files, id, index);
      if (overlap !== undefined && overlap.shared > 0) return overlap.decided;
    }
    return {};
  } catch (error) {
    throw ledgerError(files.folder, error);
  }
}

/** Undefined where the run has ended. */
function overlapWith(
  files: LedgerFiles,
  id: string,
  index: TraceIndex,
): (Overlap & { decided: Decisions }) | undefined {
  try {
    return compareClaim(files.path('claim', id), index);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function alreadyRunning(files: LedgerFiles, id: string, contended: number): ImportError {
  const owner = readOwner(files.path('owner', id));
  const who = owner === undefined ? '' : ` (process ${owner.pid} on ${owner.host}, since ${owner.since})`;
  return new ImportError(`run ${runOfId(id)}${who} is sending ${contended} of these spans at this moment`, {
    code: 'already_running',
    exitCode: ExitCode.destination,
    hint: 'wait for its end, then run the same command again: it sends what is missing then',
  });
}
