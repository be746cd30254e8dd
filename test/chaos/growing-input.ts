import { appendFileSync, renameSync, writeFileSync } from 'node:fs';

import type { ImportFolder, RunOptions } from './chaos-import.js';
import type { ChaosInput } from './inputs.js';

/** Flags that may differ from run to run. */
export interface Knobs {
  batchSpans: number;
  concurrency: number;
}

/** An input as it lies before the program, its first piece at the start; it may grow and change its name. */
export class GrowingInput {
  private shown = 1;
  private renamed = 0;

  constructor(
    private readonly folder: ImportFolder,
    private readonly input: ChaosInput,
  ) {
    writeFileSync(folder.file(this.name), input.pieces[0]!);
  }

  get isComplete(): boolean {
    return this.shown === this.input.pieces.length;
  }

  /** Spans that it has so far. */
  get spans(): number {
    return this.input.spans[this.shown - 1]!;
  }

  given({ batchSpans, concurrency }: Knobs): Pick<RunOptions, 'args' | 'stdin'> {
    const { input } = this;
    const knobs = ['--batch-spans', String(batchSpans), '--concurrency', String(concurrency)];
    const args = [...input.flags, ...knobs, input.from === 'stdin' ? '-' : this.name];
    if (input.from === 'file') return { args };
    return { args, stdin: Buffer.concat(input.pieces.slice(0, this.shown)) };
  }

  grow(): void {
    if (this.isComplete) return;
    appendFileSync(this.folder.file(this.name), this.input.pieces[this.shown]!);
    this.shown += 1;
  }

  rename(): void {
    const before = this.folder.file(this.name);
    this.renamed += 1;
    renameSync(before, this.folder.file(this.name));
  }

  private get name(): string {
    return `rows-${this.renamed}.jsonl`;
  }
}
