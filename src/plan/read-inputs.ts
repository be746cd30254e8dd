import type { BodyStore } from '../bodies/body-store.js';
import { startDigester } from '../digest/start-digester.js';
import { defaultDigesting } from '../digest/digesting.js';
import { NativeRowDigester } from '../digest/row-digester.js';
import { defaultBlockBytes } from '../input/byte-window.js';
import type { InputFile } from '../input/input-file.js';
import type { PlanOptions } from '../options.js';
import type { OnEvent } from '../report/events.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { interrupted } from './interruptible.js';
import { RangePlacer } from './place-range.js';
import type { Planner } from './planner.js';
import { ReadingProgress } from './reading-progress.js';
import { readRows } from './read-rows.js';
import { readableValues } from './sampled-rows.js';
import { stretchesOf } from './stretches.js';

/** Reads all inputs one after another, each row into the plan. Resolves with the bytes that were read. */
export async function readInputs(
  inputs: readonly InputFile[],
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  options: PlanOptions,
  onEvent: OnEvent,
): Promise<number> {
  const { interrupt, skip, limit } = options;
  const quota = { skip, limit };
  const framing = { ...options.input, blockBytes: defaultBlockBytes };
  const digesting = { ...defaultDigesting, ...options.digesting };
  // Only who reads the rows before knows whether a row is to be passed over.
  const takesAll = skip === 0 && limit === Infinity;
  const digester = takesAll
    ? startDigester(inputs, digesting, { ...framing, now: options.normalise.now })
    : undefined;
  const rowDigester = new NativeRowDigester(options.normalise.now);
  const placer = new RangePlacer(planner, bodies, framing);
  const progress = new ReadingProgress(inputs, index, planner.counts, onEvent);
  let line = 1;
  try {
    for await (const stretch of stretchesOf(inputs, planner, digester, digesting)) {
      if (interrupt.aborted) throw interrupted();
      const { input } = stretch;
      if (stretch.isFirst) {
        bodies.extents.begin();
        progress.begin();
        line = 1;
      }
      if (stretch.kind === 'range') {
        const { end, nextLine } = await placer.place(input, stretch.range, await stretch.digest.get(), line);
        line = nextLine;
        progress.reach(end);
        continue;
      }
      rowDigester.turn('off');
      const batches = readRows(input, bodies, quota, interrupt, rowDigester);
      for await (const { batch, passedOver, sample } of batches) {
        // Where the sample holds no readable row, the first ones that come decide.
        const deciding = planner.knows(input) ? [] : (sample ?? readableValues(batch.rows));
        if (deciding.length > 0) await planner.begin(input, deciding);
        planner.add(input, batch, passedOver);
        progress.reach(batch.consumed);
        const isWorthIt = batch.consumed >= digesting.smallestFile;
        if (isWorthIt && planner.takesDigests(input)) rowDigester.turn('on');
      }
      if (quota.limit <= 0) break;
    }
  } finally {
    await digester?.close();
  }
  return progress.bytes;
}
