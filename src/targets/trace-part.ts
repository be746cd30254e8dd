import { sessionOfTrace } from '../span/session.js';
import type { Span } from '../span/span.js';
import { timeWindowOf } from '../trace/time-window.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { TracePart } from './trace-protocol.js';

/** What each part of a trace is told of the whole: so a span is the same, whatever travels beside it. */
export interface WholeTrace extends Pick<TracePart, 'window' | 'session'> {
  /** Numbers of the spans that have others below them. */
  leading: ReadonlySet<number>;
}

/**
 * @param numbers of all spans of the trace, parents before children
 * @param spans the same spans; no more of them are read than it takes
 */
export function wholeTrace(index: TraceIndex, numbers: readonly number[], spans: Iterable<Span>): WholeTrace {
  return {
    window: timeWindowOf(index, numbers),
    session: sessionOfTrace(spans),
    leading: new Set(numbers.map((span) => index.parentOf(span))),
  };
}

/** @param numbers of the spans of the part */
export function tracePart(
  { window, session, leading }: WholeTrace,
  numbers: readonly number[],
  spans: readonly Span[],
  present: readonly Span[],
): TracePart {
  const leads = spans.filter((_span, at) => leading.has(numbers[at]!));
  return {
    spans,
    present,
    window,
    session,
    leading: new Set(leads.map(({ span_unique_id: id }) => id)),
  };
}
