import type { InputFile } from '../input/input-file.js';
import type { RowBatch } from '../input/row.js';
import type { BodyStore } from '../bodies/body-store.js';
import type { PlanOptions } from '../options.js';
import { interrupted, itemsUnlessInterrupted } from './interruptible.js';
import { withSample } from './sampled-rows.js';

/** Rows of one input, cut to what `--skip` and `--limit` leave. */
export interface InputRows {
  input: InputFile;
  batch: RowBatch;
  /** Rows of the batch that `--skip` passed over; they are no longer in it. */
  passedOver: number;
  /** Values of the input's first readable rows; beside its first batch only. */
  sample: readonly unknown[] | undefined;
}

/** Reads all inputs one after another. Stops reading where the limit is reached. */
export async function* readRows(
  inputs: readonly InputFile[],
  bodies: BodyStore,
  options: Pick<PlanOptions, 'skip' | 'limit' | 'interrupt'>,
): AsyncGenerator<InputRows> {
  let toSkip = options.skip;
  let toRead = options.limit;
  for (const input of inputs) {
    bodies.extents.begin();
    if (input.empty) continue;
    // Only a pipe can be silent for ever.
    const isPipe = input.bytes === undefined;
    const batches = isPipe ? itemsUnlessInterrupted(input.rows(), options.interrupt) : input.rows();
    for await (const { batch, sample } of withSample(batches)) {
      if (options.interrupt.aborted) throw interrupted();
      bodies.extents.reach(batch.consumed);
      const passedOver = Math.min(toSkip, batch.rows.length);
      toSkip -= passedOver;
      const wanted = passedOver === 0 && toRead >= batch.rows.length ? batch : cut(batch, passedOver, toRead);
      toRead -= wanted.rows.length;
      yield { input, batch: wanted, passedOver, sample };
      if (toRead <= 0) return;
    }
  }
}

/** The rows that are wanted, without the warnings about the others. */
function cut(batch: RowBatch, passedOver: number, wanted: number): RowBatch {
  const rows = batch.rows.slice(passedOver, passedOver + wanted);
  const kept = new Set(rows.map(({ offset }) => offset));
  const warnings = batch.warnings.filter(({ offset }) => offset === undefined || kept.has(offset));
  return { ...batch, rows, warnings };
}
