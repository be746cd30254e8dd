import { setImmediate } from 'node:timers/promises';

import { packBatches, type Batch } from './batches.js';
import { deliver } from './deliver.js';
import type { Prepared } from './requests.js';
import { settleHeldBack } from './settle.js';
import type { UploadRun } from './upload-run.js';

/**
 * Sends all batches. The first one goes alone: a wrong key, address or schema costs one request. Then as many at once
 * as the pace allows. A piece of a trace that was cut waits for the piece with the root.
 *
 * @param most requests at once that were asked for. Bodies for so many exist at most, and one more.
 */
export async function uploadTraces(
  run: UploadRun,
  traces: Iterable<readonly number[]>,
  most: number,
): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const settled = new WeakMap<Batch, Promise<void>>();
  /** Made while answers are awaited, so that a place that becomes free is taken at once. */
  const ready: { batch: Batch; prepared: Prepared | undefined }[] = [];
  const takePlaces = (): void => {
    while (run.stop.requested || inFlight.size < run.pace.concurrency) {
      const next = ready.shift();
      if (next === undefined) return;
      if (run.stop.requested) settleHeldBack(run, next.batch);
      else send(next.batch, next.prepared);
    }
  };
  const send = (batch: Batch, prepared: Prepared | undefined): void => {
    const root = batch.after === undefined ? undefined : settled.get(batch.after);
    const settle = async (): Promise<void> => {
      await root;
      await deliver(run, batch, prepared);
      inFlight.delete(delivery);
      takePlaces();
    };
    const delivery = settle();
    inFlight.add(delivery);
    settled.set(batch, delivery);
  };

  const batches = packBatches(
    traces,
    run.sizeOf,
    run.frame,
    () => run.limits,
    run.traces === undefined ? 'together' : 'apart',
  );
  for (const batch of batches) {
    ready.push({ batch, prepared: run.stop.requested ? undefined : prepare(run, batch) });
    takePlaces();
    // Backpressure: no further batch is taken up before a place is free for one that is made.
    while (inFlight.size + ready.length > most) await Promise.race(inFlight);
    // Requests go out, and answers are heard, before the next body is made. A new connection takes a turn of its own.
    await setImmediate();
    await setImmediate();
  }
  while (inFlight.size > 0) await Promise.race(inFlight);
}

/**
 * A foreseen error (a changed input) stops the run; requests in flight end. How a piece of a trace travels follows from
 * what became of the pieces before, where traces travel apart.
 */
function prepare(run: UploadRun, batch: Batch): Prepared | undefined {
  if (run.traces !== undefined && batch.after !== undefined) return undefined;
  let prepared: Prepared | undefined;
  run.stop.guard(() => {
    prepared = run.requests.prepare(batch);
  });
  return prepared;
}
