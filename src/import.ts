import type { BatchOptions, LedgerOptions, ReadOptions, UploadOptions } from './options.js';
import { makePlan, type Plan } from './plan/plan.js';
import type { OnEvent } from './report/events.js';
import { summarisePlan, summariseUpload } from './report/summarise.js';
import type { Summary } from './report/summary.js';
import { encodeWhole } from './span/encode.js';
import type { TraceIndex } from './trace/trace-index.js';
import { plannedBatches, uploadCost } from './upload/cost.js';

/**
 * Plans without sending: offline, without a key. Where the destination is known all the same, the ledger tells how much
 * of the plan it holds already.
 *
 * @param drawings traces to tell of in a `traces-drawn` event
 */
export async function dryRun(
  options: ReadOptions,
  batches: BatchOptions,
  ledger: LedgerOptions | undefined,
  onEvent: OnEvent,
  drawings = 0,
): Promise<Summary> {
  const started = performance.now();
  const checkTrace = batches.target.traces?.check;
  const plan = await makePlan({ ...options, checkTrace, dryRun: true }, onEvent);
  try {
    if (ledger?.resume === true) await markKnown(plan.index, ledger);
    plan.index.seal();
    const share = batches.gzip === true ? await gzippedShare(plan, batches) : undefined;
    const cost = uploadCost(plan.index, batches, plan.sizeOf, share);
    const summary = summarisePlan(plan, 'dry-run', batches.target.name, cost, secondsSince(started));
    if (drawings > 0) {
      const { excerptsOfPlan } = await import('./tree/trees-of-plan.js');
      const traces = excerptsOfPlan(plan, drawings);
      if (traces.length > 0) onEvent({ kind: 'traces-drawn', traces });
    }
    onEvent({ kind: 'planned', summary });
    return summary;
  } finally {
    plan.close();
  }
}

/** Plans, and once the whole input has been read and checked, sends. What sends is loaded by then: a plan needs none of it. */
export async function importFiles(
  options: ReadOptions,
  upload: UploadOptions,
  onEvent: OnEvent,
): Promise<Summary> {
  const started = performance.now();
  const checkTrace = upload.target.traces?.check;
  const plan = await makePlan({ ...options, checkTrace, dryRun: false }, onEvent);
  try {
    const summary = summarisePlan(plan, 'import', upload.target.name, undefined, secondsSince(started));
    onEvent({ kind: 'planned', summary });
    if (plan.stopped !== undefined) return summary;
    const { uploadPlan } = await import('./upload/upload-plan.js');
    const uploadStarted = performance.now();
    const result = await uploadPlan(plan, upload, onEvent);
    return summariseUpload(summary, result, secondsSince(uploadStarted));
  } finally {
    plan.close();
  }
}

async function markKnown(index: TraceIndex, ledger: LedgerOptions): Promise<void> {
  const [{ ledgerFolder }, { markImported }] = await Promise.all([
    import('./ledger/destination.js'),
    import('./ledger/mark-imported.js'),
  ]);
  await markImported(ledgerFolder(ledger.stateFolder, ledger.destination), index);
}

/** What compression would leave of the upload. Nothing is spooled in a dry run: spans are encoded once more. */
async function gzippedShare(plan: Plan, batches: BatchOptions): Promise<number> {
  const { compressedShare } = await import('./upload/compressed-share.js');
  return compressedShare(plannedBatches(plan.index, batches, plan.sizeOf), ({ spans }) =>
    Buffer.concat(spans.map((span) => encodeWhole(plan.spanOf(span)))),
  );
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
