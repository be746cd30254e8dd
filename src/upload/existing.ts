import { inquire } from './inquire.js';
import type { Batch } from './batches.js';
import type { PreparedRequest } from './requests.js';
import { settleExisting, settleRefused } from './settle.js';
import type { UploadRun } from './upload-run.js';

/** What the destination says it holds of a batch. */
export type Held = 'all' | 'fewer' | 'unknown' | 'stopped';

export async function askHeld(run: UploadRun, batch: Batch, { countHeld }: PreparedRequest): Promise<Held> {
  if (countHeld === undefined) return 'all';
  const asked = await inquire(run, countHeld());
  if (asked.kind === 'stopped') return 'stopped';
  if (asked.kind === 'unanswered' || asked.result === undefined) return 'unknown';
  return asked.result >= batch.spans.length ? 'all' : 'fewer';
}

/** Books spans that were found. What the destination never changes cannot take the place of what it has. */
export function settleHeld(run: UploadRun, batch: Batch, wasSent: boolean): void {
  const [span] = batch.spans;
  const differs = batch.spans.length === 1 && span !== undefined && run.index.isChanged(span);
  if (differs && !wasSent)
    settleRefused(run, batch, 'it holds the span with other content, and changes none');
  else settleExisting(run, batch, wasSent);
}
