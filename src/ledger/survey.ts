import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { hashOfTraceId } from '../trace/hash.js';
import { IdTable } from '../trace/id-table.js';
import { LedgerFiles, runOfId } from './ledger-files.js';
import { readOwner, type Owner } from './owner.js';
import { entryBytes, readRecords, type LedgerRecord, type RunEnd, type RunFacts } from './record.js';
import { isMissing, ledgerError } from './unusable.js';

/**
 * `running`: its process lives. `unfinished`: it left spans that no other run went on with. `continued`: another run
 * went on with them. `finished`: all of its spans were acknowledged, or refused.
 */
export type RunState = 'running' | 'unfinished' | 'continued' | 'finished';

/** What the ledger holds of a run. */
export interface KnownRun {
  facts: RunFacts;
  state: RunState;
  /** The process that does it; undefined unless it is running. */
  owner: Owner | undefined;
  /** Undefined where it runs, or was killed. */
  end: RunEnd | undefined;
  /** Acknowledged spans that no later run sent again, once the ledger was compacted; all of them before. */
  spans: number;
  /** Acknowledgements: requests, or lines of a compacted ledger. */
  records: number;
  /** Distinct. */
  traces: number;
  /** On the disk. */
  bytes: number;
}

export interface KnownDestination {
  /** Name of the folder: readable, and unlike that of any other destination. */
  id: string;
  folder: string;
  /** In the order in which they were begun. */
  runs: readonly KnownRun[];
}

/** Folders of all destinations that the ledger knows; none where there is no ledger yet. */
export function destinationFolders(ledgers: string): string[] {
  try {
    const entries = readdirSync(ledgers, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(ledgers, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw ledgerError(ledgers, error);
  }
}

/** Reads all that the ledger of a destination holds. Writes nothing. */
export async function surveyDestination(
  folder: string,
  isAlive: (owner: string) => Promise<boolean>,
): Promise<KnownDestination> {
  const files = new LedgerFiles(folder);
  try {
    const runs = new Map<string, KnownRun>();
    for (const id of files.ids('segment'))
      for (const run of await readRuns(files, id)) runs.set(run.facts.name, run);
    await settleStates(files, runs, isAlive);
    return { id: path.basename(folder), folder, runs: [...runs.values()] };
  } catch (error) {
    throw ledgerError(folder, error);
  }
}

/** Trace ids of a run, as they were sent, each once. */
export async function* traceIdsOfRun(folder: string, run: string): AsyncGenerator<string> {
  const seen = new DistinctIds();
  for await (const record of recordsOfRun(folder, run)) {
    if (record.kind !== 'acknowledged') continue;
    for (const traceId of record.traceIds) if (seen.add(traceId)) yield traceId;
  }
}

async function* recordsOfRun(folder: string, run: string): AsyncGenerator<LedgerRecord> {
  const files = new LedgerFiles(folder);
  for (const id of files.ids('segment')) {
    let current = runOfId(id);
    for await (const { record } of readSegment(files.path('segment', id))) {
      if (record.kind === 'run') current = record.run.name;
      if (current === run) yield record;
    }
  }
}

async function readRuns(files: LedgerFiles, id: string): Promise<KnownRun[]> {
  const runs: KnownRun[] = [];
  let traces = new DistinctIds();
  for await (const { record, bytes } of readSegment(files.path('segment', id))) {
    if (record.kind === 'run') {
      runs.push(newRun(record.run));
      traces = new DistinctIds();
    }
    const run = runs.at(-1);
    if (run === undefined) continue;
    run.bytes += bytes;
    if (record.kind === 'end') run.end = record.end;
    if (record.kind !== 'acknowledged') continue;
    run.spans += record.keys.length / entryBytes;
    run.records += 1;
    for (const traceId of record.traceIds) traces.add(traceId);
    run.traces = traces.size;
  }
  return runs;
}

/** A compaction may have taken the segment away: then a later one has its records. */
async function* readSegment(segment: string): ReturnType<typeof readRecords> {
  try {
    yield* readRecords(segment);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function settleStates(
  files: LedgerFiles,
  runs: ReadonlyMap<string, KnownRun>,
  isAlive: (owner: string) => Promise<boolean>,
): Promise<void> {
  for (const { facts } of runs.values()) {
    for (const name of facts.continues) {
      const continued = runs.get(name);
      if (continued !== undefined) continued.state = 'continued';
    }
  }
  for (const id of files.ids('claim')) {
    const run = runs.get(runOfId(id));
    if (run === undefined) continue;
    run.state = 'unfinished';
    run.bytes += statSync(files.path('claim', id), { throwIfNoEntry: false })?.size ?? 0;
  }
  for (const id of files.ids('owner')) {
    const run = runs.get(runOfId(id));
    const file = files.path('owner', id);
    if (run === undefined || !(await isAlive(file))) continue;
    run.state = 'running';
    run.owner = readOwner(file);
  }
}

function newRun(facts: RunFacts): KnownRun {
  return {
    facts,
    state: 'finished',
    owner: undefined,
    end: undefined,
    spans: 0,
    records: 0,
    traces: 0,
    bytes: 0,
  };
}

/** Counts ids by their hashes, without holding them. */
class DistinctIds {
  private readonly ids = new IdTable();
  private readonly hash = { low: 0, high: 0 };

  get size(): number {
    return this.ids.size;
  }

  /** True where the id is new. */
  add(id: string): boolean {
    const { size } = this.ids;
    hashOfTraceId(this.hash, id);
    this.ids.intern(this.hash);
    return this.ids.size > size;
  }
}
