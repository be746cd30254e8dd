import { inquire } from './inquire.js';
import type { Batch } from './batches.js';
import type { PreparedRequest } from './requests.js';
import { settleExisting, settleRefused, warn } from './settle.js';
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

/**
 * What to do about a request that was refused because what it brings is there. A trace that somebody else has created
 * may hold fewer spans: then each is asked for.
 */
export async function reconcile(
  run: UploadRun,
  batch: Batch,
  prepared: PreparedRequest,
): Promise<Exclude<Held, 'unknown'>> {
  const held = prepared.ask === 'never' ? await askHeld(run, batch, prepared) : 'all';
  if (held === 'fewer') run.traces?.set(batch.spans[0]!, 'found');
  if (held !== 'unknown') return held;
  const message =
    'the destination has the trace already, and does not tell how many spans of it: see --verify';
  warn(run, 'existing_unchecked', message, batch.spans[0]);
  return 'all';
}

/** Books spans that were found. What the destination never changes cannot take the place of what it has. */
export function settleHeld(run: UploadRun, batch: Batch, wasSent: boolean): void {
  const [span] = batch.spans;
  const differs = batch.spans.length === 1 && span !== undefined && run.index.isChanged(span);
  if (differs && !wasSent)
    settleRefused(run, batch, 'it holds the span with other content, and changes none');
  else settleExisting(run, batch, wasSent);
}
