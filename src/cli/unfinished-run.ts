import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { LedgerOptions } from '../options.js';
import type { Rewrite } from '../plan/finish-spans.js';
import type { Summary } from '../report/summary.js';
import { ledgerFolder } from '../upload/ledger.js';
import type { ImportFlags } from './flags.js';

/**
 * Keeps what chance and the clock decide in a run, a random seed of `--remap-ids` and the instant of `--shift-time-to
 * now`, until everything is sent. So the same command after a crash sends the missing spans under the ids and times of
 * those that arrived. One file beside the ledger for each list of inputs.
 */
export class UnfinishedRun {
  private readonly file: string;
  private readonly byChance: { seed: boolean; time: boolean };

  constructor(
    private readonly ledger: LedgerOptions,
    files: readonly string[],
    flags: Pick<ImportFlags, 'remapIds' | 'shiftTimeTo'>,
  ) {
    const inputs = JSON.stringify(files.map((file) => path.resolve(file)));
    const name = createHash('sha256').update(inputs).digest('hex').slice(0, 16);
    this.file = path.join(ledgerFolder(ledger.stateFolder, ledger.destination), `unfinished-${name}.json`);
    this.byChance = { seed: flags.remapIds === '', time: flags.shiftTimeTo === 'now' };
  }

  /** The rewrite as the unfinished run decided it, or as it is now; kept from here on. */
  repeat(rewrite: Rewrite | undefined): Rewrite | undefined {
    const { seed, time } = this.byChance;
    if (rewrite === undefined || !(seed || time)) return rewrite;
    const earlier: Partial<Record<string, unknown>> = this.ledger.resume ? this.read() : {};
    const { remapSeed, shiftTo } = earlier;
    const repeated = {
      ...rewrite,
      ...(seed && typeof remapSeed === 'string' ? { remapSeed } : {}),
      ...(time && typeof shiftTo === 'number' ? { shiftTo } : {}),
    };
    this.write(repeated);
    return repeated;
  }

  /** Forgets where nothing is left to send. */
  end({ spans, stopped }: Summary): void {
    const { seed, time } = this.byChance;
    if (!(seed || time)) return;
    if (stopped === null && spans.held_back === 0 && spans.failed === 0) rmSync(this.file, { force: true });
  }

  private read(): Partial<Record<string, unknown>> {
    try {
      const decided: unknown = JSON.parse(readFileSync(this.file, 'utf8'));
      return Object(decided);
    } catch {
      return {};
    }
  }

  private write({ remapSeed, shiftTo }: Rewrite): void {
    try {
      mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(this.file, JSON.stringify({ remapSeed, shiftTo }), { mode: 0o600 });
    } catch {
      // Then the ledger cannot be written either, and stops the run before anything is sent.
    }
  }
}
