import { ledgerFolder } from './ledger/destination.js';
import { markImported } from './ledger/mark-imported.js';
import type { BatchOptions, LedgerOptions, PlanOptions, UploadOptions } from './options.js';
import { makePlan } from './plan/plan.js';
import type { OnEvent } from './report/events.js';
import { summarisePlan, summariseUpload } from './report/summarise.js';
import type { Summary } from './report/summary.js';
import { excerptsOfPlan } from './tree/trees-of-plan.js';
import { uploadCost } from './upload/cost.js';
import { uploadPlan } from './upload/upload-plan.js';

/**
 * Plans without sending: offline, without a key. Where the destination is known all the same, the ledger tells how much
 * of the plan it holds already.
 *
 * @param drawings traces to tell of in a `traces-drawn` event
 */
export async function dryRun(
  options: PlanOptions,
  batches: BatchOptions,
  ledger: LedgerOptions | undefined,
  onEvent: OnEvent,
  drawings = 0,
): Promise<Summary> {
  const started = performance.now();
  const plan = await makePlan(options, onEvent);
  try {
    if (ledger?.resume === true) {
      await markImported(ledgerFolder(ledger.stateFolder, ledger.destination), plan.index);
    }
    plan.index.seal();
    const cost = uploadCost(plan.index, batches, plan.sizeOf);
    const summary = summarisePlan(plan, 'dry-run', batches.target.name, cost, secondsSince(started));
    const traces = excerptsOfPlan(plan, drawings);
    if (traces.length > 0) onEvent({ kind: 'traces-drawn', traces });
    onEvent({ kind: 'planned', summary });
    return summary;
  } finally {
    plan.close();
  }
}

/** Plans, and once the whole input has been read and checked, sends. */
export async function importFiles(
  options: PlanOptions,
  upload: UploadOptions,
  onEvent: OnEvent,
): Promise<Summary> {
  const started = performance.now();
  const plan = await makePlan(options, onEvent);
  try {
    const summary = summarisePlan(plan, 'import', upload.target.name, undefined, secondsSince(started));
    onEvent({ kind: 'planned', summary });
    if (plan.stopped !== undefined) return summary;
    const uploadStarted = performance.now();
    const result = await uploadPlan(plan, upload, onEvent);
    return summariseUpload(summary, result, secondsSince(uploadStarted));
  } finally {
    plan.close();
  }
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
