import type { BodyStore } from '../bodies/body-store.js';
import { usageError } from '../errors.js';
import { formatMicros, isWritable } from '../span/calendar.js';
import { encodeWhole } from '../span/encode.js';
import { addProvenance, remapIds, shiftTimes, type Provenance } from '../span/rewrite.js';
import type { Span } from '../span/span.js';
import { timeWindowOf } from '../trace/time-window.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { Planner } from './planner.js';
import { pauses } from './interruptible.js';
import { definedSpans } from '../trace/defined-spans.js';
import { SpanPatcher } from './patch-spans.js';
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
  const patcher = new SpanPatcher(index, bodies, planner.placer, traceIds);
  if (rewrite === undefined) return patcher.patchAll(pause);
  // Ids are read from other spans, so all are patched before the first is rewritten. A dry run gives spans as their
  // rows did, however often they were changed.
  if (!bodies.dryRun) await patcher.patchAll(pause);
  const shift = rewrite.shiftTo === undefined ? 0 : shiftOf(index, rewrite.shiftTo, rewrite.shiftFrom);
  for (const span of definedSpans(index)) {
    await pause();
    const isUnpatched = bodies.dryRun && patcher.needsPatch(span);
    const body = isUnpatched ? patcher.patched(span) : planner.placer.planned(span);
    if (shift !== 0) index.shift(span, shift);
    const changed = rewritten(body, rewrite, shift, () => originOf(index, bodies, planner, span));
    const place = bodies.placeOf(index, span);
    index.patched(span, bodies.keepChanged(index.location(span), place, encodeWhole(changed)));
  }
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
