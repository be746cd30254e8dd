import type { BodyStore } from '../bodies/body-store.js';
import type { PlanOptions } from '../options.js';
import { connectByParents, type Doubt } from '../trace/connect.js';
import { cutByPauses } from '../trace/cut.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { Planner } from './planner.js';
import type { TraceIds } from './trace-ids.js';

/** Spans that are in another trace than their rows alone would have put them into. */
export interface Regrouped {
  /** Spans without a trace id that joined the trace of the parent that they name. */
  joined: number;
  /** Traces that began after a pause in a conversation. */
  begun: number;
}

const messages: Record<Doubt['code'], string> = {
  ambiguous_parent_id:
    'names no trace, and as its parent an id that several spans bear; the nearest of them was taken',
  repeated_span_id:
    'names no trace, and the trace of its parent has a span of the same id; it is a trace of its own',
};

/**
 * Puts spans into other traces once all rows are known: those that name a parent but no trace join their parent's, and
 * with `traceGap` (microseconds) conversations are cut at pauses. The index and the ledger go on knowing spans by the
 * traces of their rows, so a span that was sent is known in the next run whichever trace it is in then.
 */
export function regroupTraces(
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  traceIds: TraceIds,
  { traceBy, traceGap }: Pick<PlanOptions, 'traceBy' | 'traceGap'>,
): Regrouped {
  if (traceBy !== undefined && index.defined > 0 && !isAnyGrouped(index)) {
    const message = `--trace-by ${traceBy}: no row that names no trace has this field`;
    planner.warn({ code: 'nothing_to_group', message }, undefined);
  }
  const joined = connectByParents(
    index,
    (span) => bodies.placeOf(index, span).input.index,
    ({ code, span }) => planner.warn({ code, message: messages[code] }, bodies.placeOf(index, span)),
  );
  if (traceGap === undefined) {
    if (joined > 0) traceIds.settle();
    return { joined, begun: 0 };
  }
  const { conversations, begun } = cutByPauses(index, traceGap, (trace, start) =>
    traceIds.beginSegment(trace, start),
  );
  traceIds.settle();
  if (conversations === 0 && index.defined > 0) {
    const message =
      '--trace-gap cuts conversations, and no row was grouped into one (--trace-by FIELD groups rows that name no trace)';
    planner.warn({ code: 'nothing_to_cut', message }, undefined);
  }
  return { joined, begun };
}

function isAnyGrouped(index: TraceIndex): boolean {
  for (let span = 0; span < index.mentioned; span++) {
    if (index.isDefined(span) && index.memberships.originOf(span) === 'grouped') return true;
  }
  return false;
}
