import type { KnownDestination, KnownRun } from '../../ledger/survey.js';
import { resumeCommand } from './resume-command.js';

/** The document of `status --json`; `schema/status.schema.json` describes it. */
export function statusDocument(stateFolder: string, destinations: readonly KnownDestination[]): object {
  return {
    version: 1,
    state_folder: stateFolder,
    destinations: destinations.map(({ id, runs }) => {
      const last = runs.at(-1)?.facts;
      return {
        id,
        endpoint: last?.endpoint ?? null,
        name: last?.destination ?? null,
        key_sha256: last?.key ?? null,
        project: last?.project ?? null,
        runs: runs.map(runDocument),
      };
    }),
  };
}

/** A run of `status --json` and `forget --json`. */
export function runDocument({ facts, state, owner, end, ...held }: KnownRun): object {
  const canBeResumed = state === 'unfinished' && facts.command !== null;
  return {
    run: facts.name,
    state,
    process: owner === undefined ? null : { pid: owner.pid, host: owner.host, since: owner.since },
    begun: facts.begun,
    ended: end?.at ?? null,
    stopped: end?.stopped ?? null,
    inputs: facts.inputs,
    input_count: facts.inputCount,
    planned: facts.planned,
    to_send: facts.toSend,
    acknowledged: held.spans,
    refused: end?.refused ?? null,
    failed: end?.failed ?? null,
    held_back: end?.heldBack ?? null,
    records: held.records,
    traces: held.traces,
    bytes: held.bytes,
    continues: facts.continues,
    resume:
      facts.command === null || !canBeResumed
        ? null
        : { ...facts.command, command: resumeCommand(facts.command) },
  };
}
