import type { BodyStore } from '../bodies/body-store.js';
import { usageError } from '../errors.js';
import { formatMicros, isWritable } from '../span/calendar.js';
import { encodeWhole } from '../span/encode.js';
import { isTypedAsRoot } from '../span/label.js';
import { logTypeOfChild } from '../span/log-type.js';
import { addProvenance, remapIds, shiftTimes, withoutParent, type Provenance } from '../span/rewrite.js';
import type { Span } from '../span/span.js';
import { timeWindowOf } from '../trace/time-window.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { Planner } from './planner.js';
import { pauses } from './interruptible.js';
import { definedSpans } from '../trace/defined-spans.js';
import type { TraceIds } from './trace-ids.js';

/**
 * What becomes of every span once the plan is complete. The index and the ledger go on knowing the spans by the ids and
 * the content that the rows gave them, so neither the trees nor a resumed run depend on any of this.
 */
export interface Rewrite {
  /** All ids are replaced by what follows from them and this seed. */
  remapSeed: string | undefined;
  /** The latest end of all spans moves to this instant, and everything else with it. Microseconds since the epoch. */
  shiftTo: number | undefined;
  /**
   * The instant that moves to `shiftTo`, where it is not the latest end of these spans: a run that goes on with another
   * one moves its spans by as much, also where later ones have come since. Microseconds since the epoch.
   */
  shiftFrom?: number | undefined;
  /** The name of the run: each span's metadata tells run, source, file and line. */
  provenance: string | undefined;
}

/** Patches what differs from the rows, and does to all spans what a rewrite wants. */
export async function finishSpans(
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  traceIds: TraceIds,
  rewrite: Rewrite | undefined,
  interrupt: AbortSignal,
): Promise<void> {
  const pause = pauses(interrupt);
  const keep = (span: number, body: Span): void => {
    const place = bodies.placeOf(index, span);
    index.patched(span, bodies.keepChanged(index.location(span), place, encodeWhole(body)));
  };
  const idOf = createIdLookup(planner);
  const patch = (span: number): Span =>
    isPatched(index, span) ? patchSpan(index, planner, traceIds, idOf, span) : planner.placer.planned(span);
  if (rewrite === undefined) {
    for (const span of definedSpans(index)) {
      if (!isPatched(index, span)) continue;
      await pause();
      keep(span, patch(span));
    }
    return;
  }
  // Ids are read from other spans, so all are patched before the first is rewritten. A dry run gives spans as their
  // rows did, however often they were changed.
  if (!bodies.dryRun) await finishSpans(index, bodies, planner, traceIds, undefined, interrupt);
  const shift = rewrite.shiftTo === undefined ? 0 : shiftOf(index, rewrite.shiftTo, rewrite.shiftFrom);
  for (const span of definedSpans(index)) {
    await pause();
    const body = bodies.dryRun ? patch(span) : planner.placer.planned(span);
    if (shift !== 0) index.shift(span, shift);
    keep(
      span,
      rewritten(body, rewrite, shift, () => originOf(index, bodies, planner, span)),
    );
  }
}

function isPatched(index: TraceIndex, span: number): boolean {
  return index.needsPatch(span) || index.memberships.isMoved(span);
}

/** The span with the parent and the trace that the index has for it. */
function patchSpan(
  index: TraceIndex,
  planner: Planner,
  traceIds: TraceIds,
  idOf: (span: number) => string,
  span: number,
): Span {
  const planned = planner.placer.planned(span);
  const parent = index.parentOf(span);
  let body = planned;
  if (index.memberships.isMoved(span))
    body = { ...body, trace_unique_id: traceIds.idOf(index.traceOf(span)) };
  if (!index.needsPatch(span)) return body;
  if (parent === noSpan) return withoutParent(body, namesSpan(index, span, planned));
  return withParent(body, idOf(parent), index.labelOf(span));
}

/** Ids of parents that are kept at hand. */
const rememberedIds = 10_000;

/** Ids are in the bodies alone, and the parent of many children is read once. */
function createIdLookup(planner: Planner): (span: number) => string {
  const ids = new Map<number, string>();
  return (span) => {
    const known = ids.get(span);
    if (known !== undefined) return known;
    if (ids.size >= rememberedIds) ids.clear();
    const id = planner.placer.planned(span).span_unique_id;
    ids.set(span, id);
    return id;
  };
}

/** What was taken for a workflow only since it seemed to be a root is none. */
function withParent(span: Span, parentId: string, label: number): Span {
  const patched: Span = { ...span, span_parent_id: parentId };
  if (isTypedAsRoot(label)) patched['log_type'] = logTypeOfChild;
  return patched;
}

function rewritten(
  span: Span,
  rewrite: Rewrite,
  shift: number,
  originOf: () => Omit<Provenance, 'run'>,
): Span {
  let body = span;
  if (rewrite.remapSeed !== undefined) body = remapIds(body, rewrite.remapSeed);
  if (shift !== 0) body = shiftTimes(body, shift);
  if (rewrite.provenance === undefined) return body;
  return addProvenance(body, { run: rewrite.provenance, ...originOf() });
}

function originOf(
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  span: number,
): Omit<Provenance, 'run'> {
  const { input, line } = bodies.placeOf(index, span);
  return { source: planner.sourceNames[input.index] ?? '', file: input.name, line };
}

/** False where the parent's id is the trace's and no span's: that says no more than that the span is a root. */
function namesSpan(index: TraceIndex, span: number, planned: Span): boolean {
  const { trace_unique_id: trace } = planned;
  return !index.namesTraceAsParent(span) || index.hasSpan(trace, trace);
}

/** The latest time of all spans, in microseconds since the epoch; undefined where none tells one. */
export function latestEnd(index: TraceIndex): number | undefined {
  return timeWindowOf(index, definedSpans(index))?.end;
}

/** Microseconds from the latest end to the wanted one. Throws where the earliest time would leave the calendar. */
function shiftOf(index: TraceIndex, shiftTo: number, shiftFrom: number | undefined): number {
  const window = timeWindowOf(index, definedSpans(index));
  if (window === undefined) return 0;
  const shift = shiftTo - (shiftFrom ?? window.end);
  if (isWritable(window.start + shift)) return shift;
  throw usageError(
    'bad_option',
    `--shift-time-to: the spans reach back to ${formatMicros(window.start)}, too far before the wanted end`,
    'leave out the earliest with --since, or name a later time',
  );
}
