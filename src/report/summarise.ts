import { ExitCode } from '../errors.js';
import type { Plan } from '../plan/plan.js';
import { total } from '../plan/plan-counts.js';
import { definedSpans } from '../trace/defined-spans.js';
import { formatMicros } from '../span/calendar.js';
import { timeWindowOf } from '../trace/time-window.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { UploadCost } from '../upload/cost.js';
import type { UploadResult } from '../upload/upload-plan.js';
import type { Summary } from './summary.js';

/** The summary of a plan; nothing has been sent. `cost` is known in a dry run. */
export function summarisePlan(
  plan: Plan,
  mode: Summary['mode'],
  target: string,
  cost: UploadCost | undefined,
  seconds: number,
): Summary {
  const { counts, index } = plan;
  const skipped = total(counts.skippedByReason);
  const known = countImported(index);
  const summary: Summary = {
    version: 1,
    mode,
    target,
    inputs: plan.inputs.map((input) => ({
      name: input.name,
      format: input.format,
      compression: input.compression,
      source: plan.sourceNames[input.index] ?? null,
      rows: counts.byInput[input.index] ?? 0,
    })),
    rows: {
      read: counts.read,
      used: counts.used,
      skipped,
      rejected: counts.rejected,
      passed_over: counts.passedOver,
      merged: counts.merged,
      duplicate: counts.duplicate,
      conflicting: counts.conflicting,
      bytes: plan.bytes,
      skipped_by_reason: counts.skippedByReason,
      rejected_by_code: counts.rejectedByCode,
    },
    spans: {
      planned: index.defined,
      ingested: 0,
      unconfirmed: 0,
      already_imported: known,
      refused: 0,
      failed: 0,
      // Until an upload says otherwise, nothing was attempted.
      held_back: index.defined - known,
      changed: 0,
      possibly_repeated: 0,
    },
    traces: countTraces(index),
    regrouped: plan.regrouped,
    parents: plan.parents,
    ambiguous_parents: countCandidates(index),
    time_range: timeRange(index),
    rewritten: rewrittenOf(plan.rewrite),
    warnings: counts.warnings,
    notes: counts.notes,
    strict: plan.strict,
    upload: {
      endpoint: null,
      requests: cost?.requests ?? 0,
      bytes: cost?.bytes ?? 0,
      wire_bytes: cost?.wireBytes ?? null,
      seconds: cost?.seconds ?? 0,
      retries: 0,
    },
    ingested_spans: mode === 'dry-run' ? null : 0,
    created_traces: mode === 'dry-run' ? null : 0,
    errors: mode === 'dry-run' ? null : { count: 0, messages: [] },
    verification: null,
    rejects: null,
    missing: null,
    stopped: stoppedOf(plan.stopped),
    seconds: { plan: seconds, upload: 0 },
    balanced: { rows: counts.read === counts.used + skipped + counts.rejected, spans: true },
    exit_code: plan.stopped?.exitCode ?? (counts.rejected > 0 ? ExitCode.incomplete : ExitCode.ok),
  };
  return settleExitCode(summary);
}

/** The same summary once the upload has ended. */
export function summariseUpload(planned: Summary, result: UploadResult, seconds: number): Summary {
  const { counts, traffic, words } = result;
  const spans = {
    planned: planned.spans.planned,
    ingested: counts.ingested,
    unconfirmed: counts.unconfirmed,
    already_imported: counts.alreadyImported,
    refused: counts.refused,
    failed: counts.failed,
    held_back: counts.heldBack,
    changed: counts.changed,
    possibly_repeated: counts.possiblyRepeated,
  };
  const settled =
    spans.ingested +
    spans.unconfirmed +
    spans.already_imported +
    spans.refused +
    spans.failed +
    spans.held_back;
  const errors = words.errors;
  return settleExitCode({
    ...planned,
    spans,
    warnings: { ...planned.warnings, ...result.warnings },
    notes: { ...planned.notes, ...result.notes },
    upload: {
      endpoint: result.endpoint,
      requests: traffic.requests,
      bytes: traffic.bytes,
      wire_bytes: result.gzip ? traffic.wireBytes : null,
      seconds,
      retries: traffic.retries,
    },
    ingested_spans: counts.ingested,
    created_traces: words.createdTraces ?? (counts.ingested === 0 ? 0 : null),
    errors,
    verification: verificationOf(result.verification),
    stopped: stoppedOf(result.stopped),
    seconds: { ...planned.seconds, upload: seconds },
    balanced: { ...planned.balanced, spans: settled === spans.planned },
    exit_code: result.stopped?.exitCode ?? ExitCode.ok,
  });
}

/** 0 only where both equations balance and nothing was rejected, refused, failed or, if strict, warned about. */
function settleExitCode(summary: Summary): Summary {
  const { rows, spans, balanced, errors, verification } = summary;
  if (summary.exit_code !== ExitCode.ok) return summary;
  const complete =
    balanced.rows &&
    balanced.spans &&
    rows.rejected === 0 &&
    spans.refused === 0 &&
    spans.failed === 0 &&
    (spans.held_back === 0 || summary.mode === 'dry-run') &&
    (errors?.count ?? 0) === 0 &&
    (verification === null || verification.missing_spans + verification.unanswered === 0) &&
    (!summary.strict || total(summary.warnings) === 0);
  return { ...summary, exit_code: complete ? ExitCode.ok : ExitCode.incomplete };
}

function stoppedOf(
  reason: { code: string; message: string; hint: string | undefined } | undefined,
): Summary['stopped'] {
  return reason === undefined
    ? null
    : { code: reason.code, message: reason.message, hint: reason.hint ?? null };
}

function verificationOf(verification: UploadResult['verification']): Summary['verification'] {
  if (verification === undefined) return null;
  const { missingSpans, surplusSpans, differences, ...counts } = verification;
  return {
    ...counts,
    missing_spans: missingSpans,
    surplus_spans: surplusSpans,
    differences: differences.map(({ traceId, ...counted }) => ({ trace_id: traceId, ...counted })),
  };
}

function rewrittenOf(rewrite: Plan['rewrite']): Summary['rewritten'] {
  if (rewrite === undefined) return null;
  const { remapSeed, shiftTo, provenance } = rewrite;
  return {
    remap_ids: remapSeed ?? null,
    shift_time_to: shiftTo === undefined ? null : formatMicros(shiftTo),
    provenance: provenance ?? null,
  };
}

function countImported(index: TraceIndex): number {
  let imported = 0;
  if (!index.hasKnown) return imported;
  for (let span = 0; span < index.mentioned; span++) {
    if (index.isDefined(span) && index.isImported(span)) imported += 1;
  }
  return imported;
}

function countCandidates(index: TraceIndex): Summary['ambiguous_parents'] {
  const spans: Record<string, number> = {};
  if (index.hasExplicitEdgesOnly) return spans;
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span) || index.parentOf(span) === noSpan) continue;
    const { origin, candidates } = index.edgeOf(span);
    if (origin === 'ambiguous') spans[candidates] = (spans[candidates] ?? 0) + 1;
  }
  return spans;
}

/** Traces that have a span. */
export function countTraces(index: TraceIndex): number {
  const seen = new Uint8Array(index.traceCount);
  let traces = 0;
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const trace = index.traceOf(span);
    traces += 1 - seen[trace]!;
    seen[trace] = 1;
  }
  return traces;
}

function timeRange(index: TraceIndex): Summary['time_range'] {
  const window = timeWindowOf(index, definedSpans(index));
  return window === undefined ? null : { from: formatMicros(window.start), to: formatMicros(window.end) };
}
