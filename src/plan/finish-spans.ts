import { setImmediate } from 'node:timers/promises';

import type { BodyStore } from '../bodies/body-store.js';
import { usageError } from '../errors.js';
import { formatMicros, isWritable } from '../span/calendar.js';
import { encodeSpan } from '../span/encode.js';
import { isTypedAsRoot } from '../span/label.js';
import { logTypeOfChild } from '../span/log-type.js';
import { addProvenance, remapIds, shiftTimes } from '../span/rewrite.js';
import type { Span } from '../span/span.js';
import { lintParents, type Finding, type FindingCode, type ParentCounts } from '../trace/lint.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { Planner } from './planner.js';
import { interrupted } from './interruptible.js';
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

/** Spans between two looks at the interrupt. */
const uninterrupted = 4096;
/** Ids of parents that are kept at hand. */
const rememberedIds = 10_000;

const messages: Record<FindingCode, string> = {
  orphan_parent: 'names a parent that is not in its trace; kept as it is',
  self_parent: 'names itself as its parent; sent as a root',
  parent_is_trace: "names the trace's own id as its parent; sent as a root",
  cycle: 'is its own ancestor; sent as a root, the earliest of the cycle',
};

/** Lints the edges, and writes the spans anew whose parent the lint changed, or all of them where a rewrite wants it. */
export async function finishSpans(
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  rewrite: Rewrite | undefined,
  interrupt: AbortSignal,
): Promise<ParentCounts> {
  const parents = lintParents(index, ({ code, span }: Finding) => {
    planner.warn({ code, message: messages[code] }, bodies.placeOf(index, span));
  });
  const idOf = createIdLookup(planner);
  const shift = rewrite?.shiftTo === undefined ? 0 : shiftOf(index, rewrite.shiftTo);
  let written = 0;
  for (const span of definedSpans(index)) {
    if (rewrite === undefined && !index.needsPatch(span)) continue;
    written += 1;
    if (written % uninterrupted === 0) await setImmediate();
    if (interrupt.aborted) throw interrupted();
    const place = bodies.placeOf(index, span);
    let body = planner.placer.planned(span);
    if (index.needsPatch(span)) body = withParent(body, index, span, idOf);
    if (rewrite?.remapSeed !== undefined) body = remapIds(body, rewrite.remapSeed);
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
  return parents;
}

/** Ids are in the bodies alone, and a parent of many children is read once. */
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

/** The span with the parent that the index has for it. */
function withParent(span: Span, index: TraceIndex, number: number, idOf: (span: number) => string): Span {
  const patched = { ...span };
  const parent = index.parentOf(number);
  if (parent === noSpan) {
    delete patched.span_parent_id;
    return patched;
  }
  patched.span_parent_id = idOf(parent);
  // It was taken for a workflow since it seemed to be a root.
  if (isTypedAsRoot(index.labelOf(number))) patched['log_type'] = logTypeOfChild;
  return patched;
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
