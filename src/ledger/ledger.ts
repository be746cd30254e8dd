import { writeFileSync } from 'node:fs';

import type { Clock } from '../clock.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { writeClaim, type Decisions } from './claim.js';
import { compactWhereGrown } from './compact.js';
import { exclusively } from './exclusively.js';
import { LedgerFiles, runOfId } from './ledger-files.js';
import { markImported } from './mark-imported.js';
import { continuedRuns, hasEnded, livingRuns, refuseContention } from './other-runs.js';
import { beat, thisProcess } from './owner.js';
import type { RunEnd, RunFacts } from './record.js';
import { Segment } from './segment.js';
import { syncFolder } from './sync-folder.js';
import { ledgerError } from './unusable.js';

/** A run as it is known before it asks the ledger. */
export interface RunIntent {
  facts: Omit<RunFacts, 'begun' | 'planned' | 'toSend' | 'continues'>;
  decided: Decisions;
  /** False: offers spans again that the ledger knows. */
  resume: boolean;
}

/** How a run ended, and whether it left something to send. */
export interface RunOutcome extends Omit<RunEnd, 'at'> {
  isComplete: boolean;
}

/**
 * Remembers on disk what the server acknowledged: a folder a destination, a segment a run. While a run goes on, no
 * other one sends the same spans; other runs to the same destination go on beside it.
 */
export class Ledger {
  private readonly files: LedgerFiles;
  private id: string | undefined;
  private segment: Segment | undefined;
  private stopBeating: () => void = () => {};
  /** Something must be repeated, since a request may have arrived whose answer was lost; or a run was taken over. */
  private mustRemain = false;

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {
    this.files = new LedgerFiles(folder);
  }

  /**
   * Marks what earlier runs delivered and begins a run for the rest; none where there is none. What is wrong with the
   * folder is found here, before anything is sent.
   *
   * @throws `already_running`, `ledger_unusable`
   */
  async begin(index: TraceIndex, intent: RunIntent, signal: AbortSignal): Promise<void> {
    const { files, clock } = this;
    try {
      files.create();
      await exclusively(this.folder, clock, signal, async () => {
        const living = await this.settleWithOthers(index, intent.resume, signal);
        const continued = continuedRuns(files, index, living);
        this.open(index, intent, continued.map(runOfId));
        for (const id of continued) files.remove('claim', id);
      });
    } catch (error) {
      throw ledgerError(this.folder, error);
    }
  }

  /** Remembers spans that were acknowledged, and the ids of their traces as they were sent. */
  append(index: TraceIndex, spans: readonly number[], traceIds: readonly string[]): void {
    if (spans.length === 0) return;
    if (this.segment === undefined) throw new Error('the ledger is not open');
    try {
      this.segment.acknowledge(index, spans, traceIds);
    } catch (error) {
      throw ledgerError(this.folder, error);
    }
  }

  /** A run that delivered nothing leaves nothing, unless whoever goes on with it needs to know of it. */
  close({ isComplete, ...end }: RunOutcome): void {
    const { id, segment, files } = this;
    this.stopBeating();
    if (id === undefined || segment === undefined) return;
    this.segment = undefined;
    try {
      const isNothing = segment.empty && (isComplete || !this.mustRemain);
      try {
        if (!isNothing) segment.end({ at: this.time(), ...end });
      } finally {
        segment.close();
      }
      if (isNothing) files.remove('segment', id);
      if (isNothing || isComplete) files.remove('claim', id);
    } catch (error) {
      throw ledgerError(this.folder, error);
    } finally {
      // Last of all: whoever finds no owner finds all that the run has written.
      files.remove('owner', id);
    }
  }

  /** Gives the ids of the runs that go on beside this one. */
  private async settleWithOthers(index: TraceIndex, resume: boolean, signal: AbortSignal): Promise<string[]> {
    const { files, clock } = this;
    for (;;) {
      const living = await livingRuns(files, clock, signal);
      for (const id of files.ids('owner')) if (!living.includes(id)) files.remove('owner', id);
      await compactWhereGrown(files, living);
      if (resume) await markImported(this.folder, index);
      // What a run wrote after its segment was read here would be missing.
      if (hasEnded(files, living)) continue;
      refuseContention(files, index, living);
      return living;
    }
  }

  private open(index: TraceIndex, { facts, decided }: RunIntent, continues: readonly string[]): void {
    const toSend = countToSend(index);
    if (toSend === 0) return;
    const { files } = this;
    const id = files.nextId(facts.name);
    this.mustRemain = continues.length > 0 || Object.values(decided).some((value) => value !== undefined);
    const owner = files.path('owner', id);
    writeFileSync(owner, JSON.stringify(thisProcess(this.clock)), { flag: 'wx', mode: 0o600 });
    try {
      writeClaim(files.path('claim', id), index, decided);
      const run = { ...facts, begun: this.time(), planned: index.defined, toSend, continues };
      this.segment = new Segment(files.path('segment', id), run);
      syncFolder(this.folder);
    } catch (error) {
      for (const kind of ['segment', 'claim', 'owner'] as const) files.remove(kind, id);
      throw error;
    }
    this.id = id;
    this.stopBeating = beat(owner);
  }

  private time(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

function countToSend(index: TraceIndex): number {
  let count = 0;
  for (let span = 0; span < index.mentioned; span++)
    if (index.isDefined(span) && !index.isImported(span)) count += 1;
  return count;
}
