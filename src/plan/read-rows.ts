import type { InputFile } from '../input/input-file.js';
import type { RowBatch, RowDigester } from '../input/row.js';
import type { BodyStore } from '../bodies/body-store.js';
import { interrupted, itemsUnlessInterrupted } from './interruptible.js';
import { withSample } from './sampled-rows.js';

/** Rows of one input, cut to what `--skip` and `--limit` leave. */
export interface InputRows {
  batch: RowBatch;
  /** Rows of the batch that `--skip` passed over; they are no longer in it. */
  passedOver: number;
  /** Values of the input's first readable rows; beside its first batch only. */
  sample: readonly unknown[] | undefined;
}

/** Rows to pass over, and rows to read, counted across all inputs. Reading counts them down. */
export interface Quota {
  skip: number;
  limit: number;
}

/** Reads an input row by row. Stops where the limit is reached. */
export async function* readRows(
  input: InputFile,
  bodies: BodyStore,
  quota: Quota,
  interrupt: AbortSignal,
  digester?: RowDigester,
): AsyncGenerator<InputRows> {
  if (input.empty) return;
  // Only a pipe can be silent for ever.
  const isPipe = input.bytes === undefined;
  const batches = isPipe ? itemsUnlessInterrupted(input.rows(digester), interrupt) : input.rows(digester);
  for await (const { batch, sample } of withSample(batches)) {
    if (interrupt.aborted) throw interrupted();
    bodies.extents.reach(batch.consumed);
    const passedOver = Math.min(quota.skip, batch.rows.length);
    quota.skip -= passedOver;
    const wanted =
      passedOver === 0 && quota.limit >= batch.rows.length ? batch : cut(batch, passedOver, quota.limit);
    quota.limit -= wanted.rows.length;
    yield { batch: wanted, passedOver, sample };
    if (quota.limit <= 0) return;
  }
}

/** The rows that are wanted, without the warnings about the others. */
function cut(batch: RowBatch, passedOver: number, wanted: number): RowBatch {
  const rows = batch.rows.slice(passedOver, passedOver + wanted);
  const kept = new Set(rows.map(({ offset }) => offset));
  const warnings = batch.warnings.filter(({ offset }) => offset === undefined || kept.has(offset));
  return { ...batch, rows, warnings };
}
