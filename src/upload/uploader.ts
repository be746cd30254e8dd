import { packBatches, type Batch } from './batches.js';
import { deliver } from './deliver.js';
import { settleHeldBack } from './settle.js';
import type { UploadRun } from './upload-run.js';

/**
 * Sends all batches. The first one goes alone: a wrong key, address or schema costs one request. Then as many at once
 * as the pace allows. A piece of a trace that was cut waits for the piece with the root.
 */
export async function uploadTraces(run: UploadRun, traces: Iterable<readonly number[]>): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const settled = new WeakMap<Batch, Promise<void>>();
  const batches = packBatches(
    traces,
    run.sizeOf,
    run.frame,
    () => run.limits,
    run.traces === undefined ? 'together' : 'apart',
  );

  for (const batch of batches) {
    // Backpressure: no batch is taken up before a place for it is free.
    while (inFlight.size >= run.pace.concurrency) await Promise.race(inFlight);
    if (run.stop.requested) {
      settleHeldBack(run, batch);
      continue;
    }
    const root = batch.after === undefined ? undefined : settled.get(batch.after);
    const delivery = Promise.resolve(root)
      .then(() => deliver(run, batch))
      .finally(() => inFlight.delete(delivery));
    inFlight.add(delivery);
    settled.set(batch, delivery);
  }
  await Promise.all(inFlight);
}
