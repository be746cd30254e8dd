import type { Span } from '../../span/span.js';
import { isRefusal, type SpanFinding, type TargetFinding } from './findings.js';
import { logSpanOf } from './log-span.js';
import { limits } from './limits.js';
import { referenceIdOf } from './reference-id.js';
import type { AdalineOptions, LogTraceRequest } from './request.js';
import { sessionOfTrace } from './session.js';
import { earliestOf } from './span-times.js';
import { isRoot, traceOf, type MadeSpan } from './trace-of-spans.js';

export type { AdalineOptions, LogSpan, LogTrace, LogTraceRequest } from './request.js';
export type { TargetFinding } from './findings.js';

/**
 * The request of one trace: all of its spans, parents first, in Respan's shape. What a rule of the destination does to
 * a span, or why it refuses it, is in the findings. Of a span whose parent is refused the parent becomes an attribute.
 *
 * @param earliest time of the trace, where these are not all of its spans; milliseconds since the epoch
 */
export function logTraceOf(
  spans: readonly Span[],
  options: AdalineOptions,
  earliest = earliestOf(spans),
): LogTraceRequest {
  const session = sessionOfTrace(spans, spans.find(isRoot));
  const sent = new Set<string>();
  const parents = new Set<unknown>(spans.map(({ span_parent_id: parent }) => parent));
  const around = { session, earliest, parents, sent };
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
  return { trace: traceOf(made, session), spans: made.map((each) => each.made), positions, findings };
}

function findingsOfTrace({ trace_unique_id: id }: Span): SpanFinding[] {
  if (referenceIdOf(id) === id) return [];
  const message = `the trace id has ${id.length} characters, Adaline takes ${limits.idLength}; its SHA-256 is sent, the id in an attribute`;
  return [{ code: 'id_hashed', message, hint: '', field: 'trace_unique_id' }];
}
