import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isMissing } from './unusable.js';

/**
 * Files of a run in its destination's folder, all under one id. `segment`: what the server acknowledged, for ever.
 * `claim`: the spans that it set out to send, until it has. `owner`: the process, while it runs.
 */
const suffixes = { segment: '.ledger.jsonl', claim: '.claim', owner: '.owner' } as const;
const kinds = ['segment', 'claim', 'owner'] as const;

export type LedgerFileKind = (typeof kinds)[number];

/** The files of one destination's ledger. An id is a number and the name of the run: it sorts by the order of opening. */
export class LedgerFiles {
  constructor(readonly folder: string) {}

  /** Creates the folder, for its user alone. */
  create(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Ids that have such a file, in the order in which their runs were opened; none where there is no folder. */
  ids(kind: LedgerFileKind): string[] {
    const suffix = suffixes[kind];
    try {
      const names = readdirSync(this.folder).filter((name) => name.endsWith(suffix));
      return names.map((name) => name.slice(0, -suffix.length)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** An id that sorts after all others. */
  nextId(run: string): string {
    const numbers = kinds.flatMap((kind) => this.ids(kind)).map((id) => Number.parseInt(id, 10) || 0);
    return `${String(Math.max(0, ...numbers) + 1).padStart(8, '0')}-${run}`;
  }

  path(kind: LedgerFileKind, id: string): string {
    return path.join(this.folder, id + suffixes[kind]);
  }

  remove(kind: LedgerFileKind, id: string): void {
    rmSync(this.path(kind, id), { force: true });
  }
}

/** The name of the run that an id is of. */
export function runOfId(id: string): string {
  return id.replace(/^\d+-/, '');
}
