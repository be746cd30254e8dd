import type { Row, RowBatch } from '../input/row.js';

/** Readable rows that decide about the source of an input. */
export const sampleSize = 20;
/** No more is held back to fill a sample. */
const maximumHeld = 1024 * 1024;

export interface SampledBatch {
  batch: RowBatch;
  /** Values of the first readable rows; of the input's first batch only. */
  sample: readonly unknown[] | undefined;
}

/** The same batches, the first of them with a sample of the input: batches are small, and one may be a single row. */
export async function* withSample(batches: AsyncIterable<RowBatch>): AsyncGenerator<SampledBatch> {
  let held: RowBatch[] | undefined = [];
  let bytes = 0;
  for await (const batch of batches) {
    if (held === undefined) {
      yield { batch, sample: undefined };
      continue;
    }
    const copy = copyOf(batch);
    held.push(copy);
    bytes += copy.block.length;
    if (bytes < maximumHeld && readableValues(held.flatMap(({ rows }) => rows)).length < sampleSize) continue;
    yield* release(held);
    held = undefined;
  }
  if (held !== undefined) yield* release(held);
}

function* release(held: readonly RowBatch[]): Generator<SampledBatch> {
  const sample = readableValues(held.flatMap(({ rows }) => rows)).slice(0, sampleSize);
  for (const [position, batch] of held.entries())
    yield { batch, sample: position === 0 ? sample : undefined };
}

/** Values of the rows that could be parsed. */
export function readableValues(rows: readonly Row[]): unknown[] {
  return rows.filter(({ problem }) => problem === undefined).map(({ value }) => value);
}

/** Block and rows are reused by whoever framed them: what is held must be our own. */
function copyOf(batch: RowBatch): RowBatch {
  const from = batch.rows[0]?.start ?? 0;
  const block = Buffer.from(batch.block.subarray(from, batch.rows.at(-1)?.end ?? 0));
  const rows = batch.rows.map((row) => ({ ...row, start: row.start - from, end: row.end - from }));
  return { ...batch, block, rows };
}
