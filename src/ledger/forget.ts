import type { Clock } from '../clock.js';
import { ExitCode, ImportError } from '../errors.js';
import { removeRuns } from './compact.js';
import { exclusively } from './exclusively.js';
import { LedgerFiles, runOfId } from './ledger-files.js';
import { livingRuns } from './other-runs.js';
import { readRecords } from './record.js';
import { surveyDestination, type KnownRun } from './survey.js';
import { ledgerError } from './unusable.js';

/**
 * Clears what the ledger of a destination holds of a run, or of all. The destination keeps the spans; an import of the
 * same rows sends them again. A crash in between leaves a part of the runs remembered.
 *
 * @param wanted which runs, by name
 * @returns the runs that are forgotten
 * @throws `run_alive` where one of them goes on, and then forgets none
 */
export async function forgetRuns(
  folder: string,
  wanted: (run: string) => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<KnownRun[]> {
  const files = new LedgerFiles(folder);
  try {
    return await exclusively(folder, clock, signal, async () => {
      const living = await livingRuns(files, clock, signal);
      const alive = living.find((id) => wanted(runOfId(id)));
      if (alive !== undefined) throw runAlive(runOfId(alive));
      const { runs } = await surveyDestination(folder, () => Promise.resolve(false));
      for (const kind of ['claim', 'owner'] as const)
        for (const id of files.ids(kind)) if (wanted(runOfId(id))) files.remove(kind, id);
      for (const id of files.ids('segment')) await forgetInSegment(files, id, living, wanted);
      return runs.filter(({ facts }) => wanted(facts.name));
    });
  } catch (error) {
    throw ledgerError(folder, error);
  }
}

async function forgetInSegment(
  files: LedgerFiles,
  id: string,
  living: readonly string[],
  wanted: (run: string) => boolean,
): Promise<void> {
  if (living.includes(id)) return;
  const names = await namesOfRuns(files, id);
  if (names.every(wanted)) files.remove('segment', id);
  else if (names.some(wanted)) await removeRuns(files, id, (name) => !wanted(name));
}

/** The name of its file stands for a run whose first line is lost. */
async function namesOfRuns(files: LedgerFiles, id: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { record } of readRecords(files.path('segment', id))) {
    if (record.kind === 'run') names.push(record.run.name);
  }
  return names.length > 0 ? names : [runOfId(id)];
}

function runAlive(run: string): ImportError {
  return new ImportError(`run ${run} is going on`, {
    code: 'run_alive',
    exitCode: ExitCode.stopped,
    hint: 'wait for its end or interrupt it, then forget it; nothing was forgotten',
  });
}
