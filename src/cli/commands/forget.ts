import { systemClock } from '../../clock.js';
import { ExitCode, usageError } from '../../errors.js';
import { findDestination, findRun } from '../../ledger/find-runs.js';
import { forgetRuns } from '../../ledger/forget.js';
import type { KnownDestination, KnownRun } from '../../ledger/survey.js';
import { safeJson } from '../../report/json.js';
import { renderForgotten } from '../../report/ledger/forgotten-text.js';
import { runDocument } from '../../report/ledger/status-json.js';
import type { Output } from '../../report/terminal.js';
import type { ForgetFlags } from '../flags.js';
import type { Surroundings } from '../import-options.js';
import { findStateFolder } from '../state-folder.js';
import { surveyAll } from './status.js';

/** Clears what the ledger holds of a run, of a destination, or all. Asks nothing, and tells what it forgot. */
export async function forgetCommand(
  flags: ForgetFlags,
  from: Pick<Surroundings, 'env' | 'interrupts'>,
  output: Output,
): Promise<ExitCode> {
  const { interrupt } = from.interrupts;
  const destinations = await surveyAll(findStateFolder(flags, from.env), interrupt);
  const forgotten: KnownRun[] = [];
  for (const { folder, runs } of chosen(destinations, flags)) {
    const names = new Set(runs.map(({ facts }) => facts.name));
    const isWanted = flags.run === undefined ? () => true : (run: string) => names.has(run);
    forgotten.push(...(await forgetRuns(folder, isWanted, systemClock, interrupt)));
  }
  output.write(
    flags.json === true
      ? `${safeJson({ version: 1, forgotten: forgotten.map(runDocument) }, 2)}\n`
      : renderForgotten(forgotten, output.ascii),
  );
  return ExitCode.ok;
}

function chosen(destinations: readonly KnownDestination[], flags: ForgetFlags): KnownDestination[] {
  const { run, destination, all } = flags;
  if ([run, destination, all].filter((choice) => choice !== undefined).length !== 1) {
    throw usageError(
      'bad_option',
      'forget takes one of --run, --destination and --all',
      'respan-import status lists what there is',
    );
  }
  if (run !== undefined) {
    const found = findRun(destinations, run);
    return [{ ...found.destination, runs: [found.run] }];
  }
  return destination === undefined ? [...destinations] : [findDestination(destinations, destination)];
}
