import type { Plan } from '../plan/plan.js';
import { isTypedAsRoot } from '../span/label.js';
import { logTypeOfChild } from '../span/log-type.js';
import type { Span } from '../span/span.js';
import { spansByTrace } from '../trace/order.js';
import { noSpan } from '../trace/trace-index.js';

/** The spans of one trace as an import would send them, parents first, and their numbers in the plan. */
export interface PlannedTrace {
  numbers: readonly number[];
  spans: Span[];
}

/** A dry run gives spans as their rows did; the parents that it found, or cut off, are in its index. */
function withPlannedParent(plan: Plan, number: number, ids: ReadonlyMap<number, string>): Span {
  const { index } = plan;
  const span: Span = { ...plan.spanOf(number), trace_unique_id: plan.traceIdOf(number) };
  const parent = index.parentOf(number);
  if (parent === noSpan) return { ...span, span_parent_id: null };
  const id = ids.get(parent);
  if (id === undefined || id === span.span_parent_id) return span;
  return {
    ...span,
    span_parent_id: id,
    ...(isTypedAsRoot(index.labelOf(number)) ? { log_type: logTypeOfChild } : {}),
  };
}

/** The traces of a plan that is a dry run, in the order of their first appearance. */
export function* plannedTraces(plan: Plan): Generator<PlannedTrace> {
  for (const numbers of spansByTrace(plan.index)) {
    const ids = new Map(numbers.map((number) => [number, plan.spanOf(number).span_unique_id]));
    yield { numbers, spans: numbers.map((number) => withPlannedParent(plan, number, ids)) };
  }
}
