import { sessionOfTrace } from '../../span/session.js';
import type { Span } from '../../span/span.js';
import { isRefusal, type SpanFinding, type TargetFinding } from './findings.js';
import { logSpanOf, type TraceContext } from './log-span.js';
import { hashedId, referenceIdOf } from './reference-id.js';
import type { AdalineOptions, LogTraceRequest } from './request.js';
import { earliestOf } from './span-times.js';
import { traceOf, type MadeSpan } from './trace-of-spans.js';

export type { AdalineOptions, LogSpan, LogTrace, LogTraceRequest } from './request.js';
export type { TargetFinding } from './findings.js';

/**
 * The request of one trace: its spans, parents first, in Respan's shape. What a rule of the destination does to
 * a span, or why it refuses it, is in the findings. Of a span whose parent is refused the parent becomes an attribute.
 *
 * @param context of the whole trace, where these may not be all of its spans
 */
export function logTraceOf(
  spans: readonly Span[],
  options: AdalineOptions,
  context: TraceContext = contextOf(spans),
): LogTraceRequest {
  const sent = new Set<string>();
  const around = { ...context, sent };
  const made: MadeSpan[] = [];
  const positions: number[] = [];
  const findings: TargetFinding[] = [];
  spans.forEach((told, position) => {
    const found: SpanFinding[] = position === 0 ? findingsOfTrace(told) : [];
    const span = logSpanOf(told, around, options, found);
    const isRefused = span === undefined || found.some(isRefusal);
    for (const finding of found) findings.push({ ...finding, span: position, refused: isRefusal(finding) });
    if (isRefused) return;
    sent.add(span.referenceId);
    made.push({ told, made: span });
    positions.push(position);
  });
  return { trace: traceOf(made, context.session), spans: made.map((each) => each.made), positions, findings };
}

function contextOf(spans: readonly Span[]): TraceContext {
  return {
    session: sessionOfTrace(spans),
    earliest: earliestOf(spans),
    parents: new Set(spans.map(({ span_parent_id: parent }) => parent)),
  };
}

function findingsOfTrace({ trace_unique_id: id }: Span): SpanFinding[] {
  if (referenceIdOf(id) === id) return [];
  return [hashedId('trace_unique_id', id, 'the trace id')];
}
