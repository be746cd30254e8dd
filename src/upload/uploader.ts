import { setImmediate } from 'node:timers/promises';

import { packBatches, type Batch } from './batches.js';
import { deliver } from './deliver.js';
import { settleHeldBack } from './settle.js';
import type { UploadRun } from './upload-run.js';

/**
 * Sends all batches. The first one goes alone: a wrong key, address or schema costs one request. Then as many at once
 * as the pace allows, and one body more that is made and waits for a place. A piece of a trace that was cut waits for the
 * piece with the root.
 */
export async function uploadTraces(run: UploadRun, traces: Iterable<readonly number[]>): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const settled = new WeakMap<Batch, Promise<void>>();
  const batches = packBatches(
    traces,
    (span) => run.index.lengthOf(span),
    run.frame,
    () => run.limits,
  );

  for (const batch of batches) {
    // Made while answers are awaited, so that a place that becomes free is taken at once.
    const body = run.stop.requested ? undefined : bodyOf(run, batch);
    // Backpressure: no batch is taken up before a place for it is free.
    while (inFlight.size >= run.pace.concurrency) await Promise.race(inFlight);
    if (run.stop.requested) {
      settleHeldBack(run, batch);
      continue;
    }
    const root = batch.after === undefined ? undefined : settled.get(batch.after);
    const delivery = Promise.resolve(root)
      .then(() => deliver(run, batch, body))
      .finally(() => inFlight.delete(delivery));
    inFlight.add(delivery);
    settled.set(batch, delivery);
    // This request goes out before the next body is made.
    await setImmediate();
  }
  await Promise.all(inFlight);
}

/** A foreseen error (a changed input) stops the run; requests in flight end. */
function bodyOf(run: UploadRun, batch: Batch): Buffer | undefined {
  let body: Buffer | undefined;
  run.stop.guard(() => {
    body = run.bodies.build(batch);
  });
  return body;
}
