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
  if (flags.traces === true && flags.run === undefined)
    throw usageError('bad_option', '--traces goes with --run', 'respan-import status lists the runs');
  const all = await surveyAll(stateFolder, interrupt);
  const chosen = flags.run === undefined ? all : onlyRun(all, flags.run);
  if (flags.traces === true) {
    const [destination] = chosen;
    const name = destination?.runs[0]?.facts.name ?? '';
    return writeTraceIds(traceIdsOfRun(destination?.folder ?? '', name), flags, output, interrupt);
  }
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

/** Ids that are written at once. */
const idsAtOnce = 1000;

/** A line an id; with `--json` a JSON string a line. There may be millions. */
async function writeTraceIds(
  ids: AsyncIterable<string>,
  { json }: StatusFlags,
  output: Output,
  interrupt: AbortSignal,
): Promise<ExitCode> {
  let lines: string[] = [];
  const flush = (): void => {
    output.write(lines.join(''));
    lines = [];
  };
  for await (const id of ids) {
    lines.push(`${json === true ? safeJson(id) : sanitise(id)}\n`);
    if (lines.length < idsAtOnce) continue;
    flush();
    // Signals and a reader that went away are only noticed in between.
    await setImmediate();
    if (interrupt.aborted) return ExitCode.interrupted;
    if (output.stdout.closed) return ExitCode.ok;
  }
  flush();
  return ExitCode.ok;
}
