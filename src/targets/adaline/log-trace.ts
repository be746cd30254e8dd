import type { Span } from '../../span/span.js';
import { asText } from '../../span/text.js';
import { addMetadataAttributes, attributeOfField, fieldPrefix, setAttribute } from './attributes.js';
import { contentOf } from './content.js';
import { contentTypeOf } from './content-type.js';
import { isRefusal, type SpanFinding } from './findings.js';
import { limits } from './limits.js';
import { referenceIdOf } from './reference-id.js';
import type { AdalineOptions, Attributes, LogSpan, LogTraceRequest } from './request.js';
import { statusOf, statusOfTrace } from './span-status.js';
import { earliestOf, timesOf } from './span-times.js';

export type { AdalineOptions, LogSpan, LogTrace, LogTraceRequest } from './request.js';
export type { FindingCode, TargetFinding } from './findings.js';

/**
 * The request of one trace: all of its spans, parents first, in Respan's shape. What a rule of the destination does to
 * a span, or why it refuses it, is in the findings; a trace of which no span is left has no `spans`.
 */
export function logTraceOf(spans: readonly Span[], options: AdalineOptions): LogTraceRequest {
  const request: LogTraceRequest = { trace: traceOf(spans), spans: [], positions: [], findings: [] };
  const earliest = earliestOf(spans);
  const ids = new Set<string>();
  const parents = new Set(spans.map(({ span_parent_id: parent }) => parent));
  spans.forEach((span, position) => {
    const findings: SpanFinding[] = [];
    const made = spanOf(span, parents.has(span.span_unique_id), earliest, options, findings);
    const isRefused = made === undefined || findings.some(isRefusal);
    for (const finding of findings)
      request.findings.push({ ...finding, span: position, refused: isRefusal(finding) });
    if (isRefused) return;
    if (made.parentReferenceId !== undefined && !ids.has(made.parentReferenceId))
      delete made.parentReferenceId;
    ids.add(made.referenceId);
    request.spans.push(made);
    request.positions.push(position);
  });
  request.trace.startedAt = Math.min(...request.spans.map(({ startedAt }) => startedAt));
  request.trace.endedAt = Math.max(...request.spans.map(({ endedAt }) => endedAt));
  return request;
}

function traceOf(spans: readonly Span[]): LogTraceRequest['trace'] {
  const [first] = spans;
  const traceId = first?.trace_unique_id ?? '';
  const name = first?.['span_workflow_name'] ?? first?.['span_name'] ?? 'trace';
  return {
    referenceId: referenceIdOf(traceId),
    name: asText(name).slice(0, limits.nameLength),
    status: statusOfTrace(spans.filter(({ span_parent_id: parent }) => parent === undefined).map(statusOf)),
    startedAt: 0,
    endedAt: 0,
    attributes: { 'respan.trace_unique_id': traceId },
  };
}

function spanOf(
  span: Span,
  hasChildren: boolean,
  earliest: number | undefined,
  _options: AdalineOptions,
  findings: SpanFinding[],
): LogSpan | undefined {
  const times = timesOf(span, earliest, findings);
  if (times === undefined) return undefined;
  const attributes: Attributes = {};
  for (const [field, value] of Object.entries(span)) {
    if (field !== 'metadata') setAttribute(attributes, fieldPrefix + field, attributeOfField(field, value));
  }
  addMetadataAttributes(span, attributes);
  return {
    referenceId: referenceIdOf(span.span_unique_id),
    ...(typeof span.span_parent_id === 'string'
      ? { parentReferenceId: referenceIdOf(span.span_parent_id) }
      : {}),
    name: asText(span['span_name'] ?? 'span').slice(0, limits.nameLength),
    status: statusOf(span),
    ...times,
    content: contentOf(span, contentTypeOf(span, hasChildren), findings),
    attributes,
  };
}
