import type { BodyStore } from '../bodies/body-store.js';
import { usageError } from '../errors.js';
import { formatMicros, isWritable } from '../span/calendar.js';
import { encodeWhole } from '../span/encode.js';
import { addProvenance, remapIds, shiftTimes, withoutParent } from '../span/rewrite.js';
import type { Span } from '../span/span.js';
import type { TraceIndex } from '../trace/trace-index.js';
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
  for (const span of definedSpans(index)) {
    if (rewrite === undefined && !index.needsPatch(span)) continue;
    await pause();
    const place = bodies.placeOf(index, span);
    const planned = planner.placer.planned(span);
    let body = planned;
    if (rewrite?.remapSeed !== undefined) body = remapIds(body, rewrite.remapSeed);
    if (index.needsPatch(span)) body = withoutParent(body, namesSpan(index, span, planned));
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
    index.patched(span, bodies.keepChanged(index.location(span), place, encodeWhole(body)));
  }
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
