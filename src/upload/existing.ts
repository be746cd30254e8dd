import type { FoundSpan } from '../targets/trace-protocol.js';
import { inquire } from './inquire.js';
import type { Batch } from './batches.js';
import { settleRefused, warn } from './settle.js';
import type { UploadRun } from './upload-run.js';

/**
 * What the destination holds of a batch. `other`: its only span, with other content. `fewer`: not all spans of it, or
 * not all of them as they are now.
 */
export type Held = 'all' | 'other' | 'fewer' | 'unknown' | 'stopped';

/** Asked span by span: how many a trace has does not tell which. */
export async function askHeld(run: UploadRun, { spans }: Batch): Promise<Held> {
  if (run.requests.find === undefined) return 'all';
  const asked = await inquire(run, run.requests.find(spans));
  if (asked.kind === 'stopped') return 'stopped';
  if (asked.kind === 'unanswered') return unknown(run, spans[0]!, asked.reason);
  if (asked.result === undefined) return unknown(run, spans[0]!, 'it finds no such trace');
  const found = asked.result;
  if (spans.every((span, at) => isThere(run, span, found[at]))) return 'all';
  return spans.length === 1 && found[0]!.copies > 0 ? 'other' : 'fewer';
}

/** Of a span whose content the destination does not tell, the ledger may know that it has changed. */
function isThere({ index }: UploadRun, span: number, found: FoundSpan | undefined): boolean {
  if (found === undefined || found.copies === 0) return false;
  return found.isSame ?? !index.isChanged(span);
}

function unknown(run: UploadRun, span: number, reason: string): 'unknown' {
  const message = `the destination has the trace already, and does not tell what it holds of it: ${reason}`;
  warn(run, 'existing_unchecked', message, span);
  return 'unknown';
}

/** Books a span that the destination has with other content, and will not change. */
export function settleOther(run: UploadRun, batch: Batch): void {
  settleRefused(run, batch, 'it holds the span with other content, and changes none');
  run.traces?.keepsOther(batch.spans[0]!);
}
