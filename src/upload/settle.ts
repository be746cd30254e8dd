import { ExitCode } from '../errors.js';
import { exceeds } from '../max-errors.js';
import type { MissingSpan } from '../report/events.js';
import type { Verdict } from '../targets/target.js';
import type { Batch } from './batches.js';
import { readIds, type SpanIds } from './read-ids.js';
import { traceIdsOfBatch } from './trace-ids-of-batch.js';
import type { UploadRun } from './upload-run.js';

/** Lone refusals, without one acceptance, after which the mapping is to blame and not the rows. */
const hopelessRefusals = 20;

/** Books a batch that the server took: ingested, refused by name, or missing from the server's count. */
export function settleAccepted(
  run: UploadRun,
  batch: Batch,
  body: Buffer,
  verdict: Extract<Verdict, { kind: 'accepted' }>,
): void {
  const size = batch.spans.length;
  const reported = verdict.ingested ?? size - verdict.rejected;
  const refused = refusedByName(batch, body, verdict, size - reported);
  const ingested = Math.max(0, Math.min(reported, size - refused.size));
  const missing = size - refused.size - ingested;

  // First of all: what is not in the ledger does not count as delivered.
  if (missing === 0) {
    remember(
      run,
      refused.size === 0 ? batch.spans : batch.spans.filter((span) => !refused.has(span)),
      // Where traces travel apart, the server names them by ids of its own.
      run.traces === undefined ? verdict.traceIds : [],
      run.requests.finder(batch, body),
    );
  } else {
    warn(
      run,
      'count_short',
      `the server counted ${ingested} of ${size} spans and names no span: a re-run offers them again`,
    );
    for (const span of batch.spans) {
      if (!refused.has(span)) reportAttempted(run, span, 'uncounted', true);
    }
  }
  if (reported > size) warn(run, 'count_over', `the server counted ${reported} spans of a batch of ${size}`);
  run.words.hear(verdict.traceIds, verdict.errors);
  for (const message of verdict.errors) run.onEvent({ kind: 'server-error', message });
  for (const [span, message] of refused) reportRefusal(run, span, message);
  run.traces?.keep(batch.spans[0]!, missing === 0 ? 'created' : 'found');
  run.counts.ingested += ingested;
  run.counts.failed += missing;
  run.pace.succeeded();
  settled(run, batch, ingested);
  if (refused.size > 0) stopWhereHopeless(run);
}

/** A 2xx that cannot be read: the spans are most likely there. They count apart, and a re-run does not repeat them. */
export function settleUnconfirmed(run: UploadRun, batch: Batch, reason: string): void {
  remember(run, batch.spans, []);
  run.traces?.keep(batch.spans[0]!, 'created');
  run.counts.unconfirmed += batch.spans.length;
  warn(run, 'unconfirmed', reason);
  run.pace.succeeded();
  settled(run, batch, 0);
}

/**
 * Spans that the destination holds already. `wasSent`: an attempt of this run brought them, and its answer was lost;
 * else an earlier run or somebody else did.
 */
export function settleExisting(run: UploadRun, batch: Batch, wasSent: boolean): void {
  const { spans } = batch;
  remember(run, spans, []);
  if (wasSent) {
    run.counts.ingested += spans.length;
    // What the lost answer would have named.
    if (isFirstOfTrace(run, batch)) run.words.hear(traceIdsOfBatch(run.index, spans, [], readAgain(run)), []);
  } else {
    run.counts.alreadyImported += spans.length;
  }
  // Also after a lost answer it may be somebody else's, and hold further spans.
  run.traces?.keep(spans[0]!, 'found');
  run.pace.succeeded();
  settled(run, batch, wasSent ? spans.length : 0);
}

function isFirstOfTrace({ traces }: UploadRun, { spans }: Batch): boolean {
  return traces?.get(spans[0]!) === 'absent';
}

/** One span that the server will not take, however it is sent. */
export function settleRefused(run: UploadRun, batch: Batch, reason: string): void {
  run.words.hearError(reason);
  reportRefusal(run, batch.spans[0]!, reason);
  settled(run, batch, 0);
  stopWhereHopeless(run);
}

function stopWhereHopeless(run: UploadRun): void {
  const { maxErrors, counts, progress } = run;
  if (maxErrors !== undefined && exceeds(maxErrors, counts.refused, progress.settledSpans)) {
    run.stop.request({
      code: 'too_many_errors',
      message: `the server refused ${counts.refused} spans, more than --max-errors permits`,
      hint: 'mend the spans that the rejects name, or raise --max-errors; the rest was held back',
      exitCode: ExitCode.stopped,
    });
  }
  const accepted = counts.ingested + counts.unconfirmed + counts.alreadyImported;
  if (counts.refused >= hopelessRefusals && accepted === 0) {
    run.stop.request({
      code: 'all_refused',
      message: `the server refused the first ${counts.refused} spans one by one and accepted none`,
      hint: 'the mapping is wrong, not the rows: read reasons.jsonl, then check --source and --set',
      exitCode: ExitCode.stopped,
    });
  }
}

/** Retries exhausted, or stopped while an answer was open. */
export function settleFailed(run: UploadRun, batch: Batch, mayHaveArrived: boolean): void {
  run.traces?.keep(batch.spans[0]!, 'lost');
  run.counts.failed += batch.spans.length;
  for (const span of batch.spans) reportAttempted(run, span, 'failed', mayHaveArrived);
  settled(run, batch, 0);
}

/** A stop came before the batch could be delivered, and the server does not hold it. */
export function settleHeldBack(run: UploadRun, batch: Batch): void {
  run.counts.heldBack += batch.spans.length;
  for (const span of batch.spans) {
    reportMissing(run, { fate: 'held_back', place: run.placeOf(span) });
  }
}

function reportAttempted(
  run: UploadRun,
  span: number,
  fate: 'failed' | 'uncounted',
  mayHaveArrived: boolean,
): void {
  reportMissing(run, { fate, place: run.placeOf(span), ...idsOf(run, span), mayHaveArrived });
}

type MaybeIds = { [Id in keyof SpanIds]: SpanIds[Id] | undefined };

/** Without ids where the input changed meanwhile: the place still names the span. */
function idsOf(run: UploadRun, span: number): MaybeIds {
  let ids: MaybeIds = { traceId: undefined, spanId: undefined };
  run.stop.guard(() => {
    ids = readIds(run.bodies.buildSpan(span));
  });
  return ids;
}

/** As with refusals, a report that cannot be written stops the run. */
function reportMissing(run: UploadRun, span: MissingSpan): void {
  run.stop.guard(() => run.onEvent({ kind: 'span-missing', span }));
}

/** The count comes first, and a report that cannot be written stops the run: the span is booked either way. */
function reportRefusal(run: UploadRun, span: number, reason: string): void {
  run.counts.refused += 1;
  run.traces?.refuse(span);
  run.stop.guard(() =>
    run.onEvent({
      kind: 'span-refused',
      place: run.placeOf(span),
      body: run.bodies.buildSpan(span),
      problem: {
        code: 'refused',
        message: `the server refused the span: ${reason}`,
        hint: 'mend the field that it names and import spans.jsonl of the rejects',
      },
    }),
  );
}

/** Ids that stand in a message by chance: `1 of 500 spans failed` does not name the span `1`. */
const tooShortToName = /^(?:\d{1,7}|.{1,2})$/s;

/** More names than spans that are missing from the server's own count are no evidence against any of them. */
function refusedByName(
  batch: Batch,
  body: Buffer,
  { errors, ingested }: Extract<Verdict, { kind: 'accepted' }>,
  missing: number,
): Map<number, string> {
  const named = namedSpans(batch, body, errors);
  return ingested !== undefined && named.size > missing ? new Map() : named;
}

/** Spans of the batch whose id stands in one of the server's messages. */
function namedSpans(batch: Batch, body: Buffer, errors: readonly string[]): Map<number, string> {
  const named = new Map<number, string>();
  if (errors.length === 0) return named;
  const sent: unknown = JSON.parse(body.toString());
  if (!Array.isArray(sent)) return named;
  sent.forEach((span: unknown, position) => {
    const id: unknown = Reflect.get(Object(span), 'span_unique_id');
    if (typeof id !== 'string' || tooShortToName.test(id)) return;
    const message = errors.find((error) => mentions(error, id));
    if (message !== undefined) named.set(batch.spans[position]!, message);
  });
  return named;
}

/** True where the id stands in the message as a whole, not as a part of a longer one. */
function mentions(message: string, id: string): boolean {
  for (let at = message.indexOf(id); at >= 0; at = message.indexOf(id, at + 1)) {
    const before = message[at - 1] ?? ' ';
    const after = message[at + id.length] ?? ' ';
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}

function remember(
  run: UploadRun,
  spans: readonly number[],
  named: readonly string[],
  bytesOf = readAgain(run),
): void {
  if (run.traces !== undefined) for (const span of spans) run.traces.expect(span);
  run.ledger.append(run.index, spans, traceIdsOfBatch(run.index, spans, named, bytesOf));
}

function readAgain({ bodies }: UploadRun): (span: number) => Buffer {
  return (span) => bodies.buildSpan(span);
}

function settled(run: UploadRun, batch: Batch, ingested: number): void {
  run.progress.settledSpans += batch.spans.length;
  run.onEvent({
    kind: 'batch-settled',
    spans: batch.spans.length,
    bytes: batch.bytes,
    ingested,
    settledSpans: run.progress.settledSpans,
    totalSpans: run.progress.totalSpans,
  });
}

export function warn(run: UploadRun, code: string, message: string, span?: number): void {
  run.warnings[code] = (run.warnings[code] ?? 0) + 1;
  const place = span === undefined ? undefined : run.placeOf(span);
  run.onEvent({ kind: 'warning', warning: { code, message }, place });
}

export function note(run: UploadRun, code: string, message: string): void {
  run.notes[code] = (run.notes[code] ?? 0) + 1;
  run.onEvent({ kind: 'note', note: { code, message }, place: undefined });
}
