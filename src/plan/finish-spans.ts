import type { BodyStore } from '../bodies/body-store.js';
import { usageError } from '../errors.js';
import { formatMicros, isWritable } from '../span/calendar.js';
import { encodeSpan } from '../span/encode.js';
import { isTypedAsRoot } from '../span/label.js';
import { logTypeOfChild } from '../span/log-type.js';
import { addProvenance, remapIds, shiftTimes, withoutParent } from '../span/rewrite.js';
import type { Span } from '../span/span.js';
import { membersByTrace } from '../trace/members-by-trace.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { Planner } from './planner.js';
import { pauses } from './interruptible.js';
import { definedSpans } from './select-traces.js';

/**
 * What becomes of every span once the plan is complete. The index and the ledger go on knowing the spans by the ids and
 * the content that the rows gave them, so neither the trees nor a resumed run depend on any of this.
 */
export interface Rewrite {
  /** All ids are replaced by what follows from them and this seed. */
  remapSeed: string | undefined;
  /** The latest end of all spans moves to this instant, and everything else with it. Microseconds since the epoch. */
  shiftTo: number | undefined;
  /** The name of the run: each span's metadata tells run, source, file and line. */
  provenance: string | undefined;
}

/** Writes the spans anew whose parent is no longer what their row says, or all of them where a rewrite wants it. */
export async function finishSpans(
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  rewrite: Rewrite | undefined,
  interrupt: AbortSignal,
): Promise<void> {
  const shift = rewrite?.shiftTo === undefined ? 0 : shiftOf(index, rewrite.shiftTo);
  const pause = pauses(interrupt);
  for (const members of membersByTrace(index)) {
    const wanted = rewrite === undefined ? members.filter((span) => index.needsPatch(span)) : members;
    const parentIds = await idsOfInferredParents(index, planner, wanted, pause);
    for (const span of wanted) {
      await pause();
      const place = bodies.placeOf(index, span);
      const planned = planner.placer.planned(span);
      let body = planned;
      const parentId = parentIds.get(index.parentOf(span));
      if (isInferred(index, span) && parentId !== undefined)
        body = withParent(body, parentId, index.labelOf(span));
      if (rewrite?.remapSeed !== undefined) body = remapIds(body, rewrite.remapSeed);
      if (index.needsPatch(span) && index.parentOf(span) === noSpan) {
        body = withoutParent(body, namesSpan(index, span, planned));
      }
      if (shift !== 0) {
        body = shiftTimes(body, shift);
        index.shift(span, shift);
      }
      if (rewrite?.provenance !== undefined) {
        const source = planner.sourceNames[place.input.index] ?? '';
        body = addProvenance(body, {
          run: rewrite.provenance,
          source,
          file: place.input.name,
          line: place.line,
        });
      }
      const noIds = { traceId: undefined, spanId: undefined, parentId: undefined };
      index.patched(span, bodies.keepChanged(index.location(span), place, encodeSpan(body, noIds)));
    }
  }
}

/** By number. Ids are in the bodies alone, and are read before the trace is written anew: its ids may change then. */
async function idsOfInferredParents(
  index: TraceIndex,
  planner: Planner,
  spans: Uint32Array,
  pause: () => Promise<void>,
): Promise<Map<number, string>> {
  const ids = new Map<number, string>();
  for (const span of spans) {
    const parent = index.parentOf(span);
    if (!isInferred(index, span) || ids.has(parent)) continue;
    await pause();
    ids.set(parent, planner.placer.planned(parent).span_unique_id);
  }
  return ids;
}

function isInferred(index: TraceIndex, span: number): boolean {
  const { origin } = index.edgeOf(span);
  return (origin === 'time' || origin === 'ambiguous') && index.parentOf(span) !== noSpan;
}

/** What was taken for a workflow only since it seemed to be a root is none. */
function withParent(span: Span, parentId: string, label: number): Span {
  const patched: Span = { ...span, span_parent_id: parentId };
  if (isTypedAsRoot(label)) patched['log_type'] = logTypeOfChild;
  return patched;
}

/** False where the parent's id is the trace's and no span's: that says no more than that the span is a root. */
function namesSpan(index: TraceIndex, span: number, planned: Span): boolean {
  const { trace_unique_id: trace } = planned;
  return !index.namesTraceAsParent(span) || index.hasSpan(trace, trace);
}

/** Microseconds from the latest end to the wanted one. Throws where the earliest time would leave the calendar. */
function shiftOf(index: TraceIndex, shiftTo: number): number {
  let earliest = Infinity;
  let latest = -Infinity;
  for (const span of definedSpans(index)) {
    for (const time of [index.startOf(span), index.endOf(span)]) {
      if (time < earliest) earliest = time;
      if (time > latest) latest = time;
    }
  }
  if (earliest > latest) return 0;
  const shift = shiftTo - latest;
  if (isWritable(earliest + shift)) return shift;
  throw usageError(
    'bad_option',
    `--shift-time-to: the spans reach back to ${formatMicros(earliest)}, too far before the wanted end`,
    'leave out the earliest with --since, or name a later time',
  );
}
