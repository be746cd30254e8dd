import { setImmediate } from 'node:timers/promises';

import { systemClock } from '../../clock.js';
import { ExitCode, usageError } from '../../errors.js';
import { ledgersFolder } from '../../ledger/destination.js';
import { findRun } from '../../ledger/find-runs.js';
import { isAlive } from '../../ledger/owner.js';
import {
  destinationFolders,
  surveyDestination,
  traceIdsOfRun,
  type KnownDestination,
} from '../../ledger/survey.js';
import { safeJson } from '../../report/json.js';
import { statusDocument } from '../../report/ledger/status-json.js';
import { renderStatus } from '../../report/ledger/status-text.js';
import { sanitise, type Output } from '../../report/terminal.js';
import type { StatusFlags } from '../flags.js';
import type { Surroundings } from '../import-options.js';
import { findStateFolder } from '../state-folder.js';

/** Tells what the ledger holds. Changes nothing, needs no key. */
export async function statusCommand(
  flags: StatusFlags,
  from: Pick<Surroundings, 'env' | 'interrupts'>,
  output: Output,
): Promise<ExitCode> {
  const stateFolder = findStateFolder(flags, from.env);
  const { interrupt } = from.interrupts;
  const isList = flags.traces === true;
  if (isList && flags.run === undefined) {
    throw usageError('bad_option', '--traces goes with --run', 'respan-import status lists the runs');
  }
  const all = await surveyAll(stateFolder, interrupt);
  const chosen = flags.run === undefined ? all : onlyRun(all, flags.run);
  const [only] = chosen;
  if (isList && only !== undefined) return writeList(only, flags, output, interrupt);
  const { paint } = output.stdout;
  output.write(
    flags.json === true
      ? `${safeJson(statusDocument(stateFolder, chosen), 2)}\n`
      : renderStatus(stateFolder, chosen, { paint, ascii: output.ascii }),
  );
  return ExitCode.ok;
}

/** Destinations that hold something. */
export async function surveyAll(stateFolder: string, interrupt: AbortSignal): Promise<KnownDestination[]> {
  const alive = (owner: string): Promise<boolean> => isAlive(owner, systemClock, interrupt);
  const destinations: KnownDestination[] = [];
  for (const folder of destinationFolders(ledgersFolder(stateFolder))) {
    const destination = await surveyDestination(folder, alive);
    if (destination.runs.length > 0) destinations.push(destination);
  }
  return destinations;
}

function onlyRun(destinations: readonly KnownDestination[], wanted: string): KnownDestination[] {
  const { destination, run } = findRun(destinations, wanted);
  return [{ ...destination, runs: [run] }];
}

/** Lines that are written at once. */
const linesAtOnce = 1000;

/** Trace ids of the only run, a line each. There may be millions. */
async function writeList(
  { folder, runs }: KnownDestination,
  { json }: StatusFlags,
  output: Output,
  interrupt: AbortSignal,
): Promise<ExitCode> {
  const name = runs[0]?.facts.name ?? '';
  let lines: string[] = [];
  const flush = (): void => {
    output.write(lines.join(''));
    lines = [];
  };
  for await (const id of traceIdsOfRun(folder, name)) {
    lines.push(`${json === true ? safeJson(id) : sanitise(id)}\n`);
    if (lines.length < linesAtOnce) continue;
    flush();
    // Signals and a reader that went away are only noticed in between.
    await setImmediate();
    if (interrupt.aborted) return ExitCode.interrupted;
    if (output.stdout.closed) return ExitCode.ok;
  }
  flush();
  return ExitCode.ok;
}
