import { sessionOf } from '../../span/session.js';
import type { Span } from '../../span/span.js';
import { asText, isAbsent, isObject } from '../../span/text.js';
import { addMetadataAttributes, fieldPrefix, listOf, setAttribute } from './attributes.js';
import { contentOf } from './content.js';
import { fittingContent } from './content-size.js';
import { contentTypeOf } from './content-type.js';
import { addDifferences } from './differences.js';
import { loggable } from './disabled-log.js';
import type { SpanFinding } from './findings.js';
import { readPlaces } from './read-places.js';
import { hashedId, referenceIdOf } from './reference-id.js';
import type { AdalineOptions, Attributes, Content, LogSpan } from './request.js';
import { nameOf } from './span-name.js';
import { fittingSpan } from './span-size.js';
import { statusOf } from './span-status.js';
import { endsBeforeStart, timesOf } from './span-times.js';
import { tagsOf } from './tags.js';

/** What a span must know of its trace, whatever part of that is sent with it. */
export interface TraceContext {
  session: string | undefined;
  /** The earliest time that any span of the trace tells, in milliseconds since the epoch. */
  earliest: number | undefined;
  /** Ids of spans that are parents. */
  parents: ReadonlySet<unknown>;
}

export interface Surroundings extends TraceContext {
  /** Reference ids of the spans of the trace that were made before. */
  sent: ReadonlySet<string>;
}

/** Names in the metadata under which the source `adaline` keeps what has no field in Respan. */
export const promptName = 'adaline.promptId';
export const deploymentName = 'adaline.deploymentId';

/** The reference id; where it is not the id itself, an attribute keeps that. */
function ownId(span: Span, attributes: Attributes, findings: SpanFinding[]): string {
  const id = span.span_unique_id;
  const reference = referenceIdOf(id);
  if (reference === id) return id;
  setAttribute(attributes, `${fieldPrefix}span_unique_id`, id);
  findings.push(hashedId('span_unique_id', id));
  return reference;
}

/** The reference id of the parent, where that is in the request; else the attribute alone names it. */
function parentOf(
  span: Span,
  { sent }: Surroundings,
  attributes: Attributes,
  findings: SpanFinding[],
): string | undefined {
  const parent = span.span_parent_id;
  if (typeof parent !== 'string') return undefined;
  const reference = referenceIdOf(parent);
  if (reference !== parent || !sent.has(reference)) {
    setAttribute(attributes, `${fieldPrefix}span_parent_id`, parent);
  }
  if (sent.has(reference)) return reference;
  const message = 'the parent is not in the request, where Adaline wants it; it is kept in an attribute';
  findings.push({ code: 'parent_moved', message, hint: '', field: 'span_parent_id' });
  return undefined;
}

function sessionReference(
  span: Span,
  { session }: Surroundings,
  findings: SpanFinding[],
): string | undefined {
  if (session === undefined) return undefined;
  const own = sessionOf(span);
  if (own !== undefined && own !== session) {
    const message =
      'the trace has another session, and Adaline one for all of its spans; this one is kept in an attribute';
    findings.push({ code: 'session_differs', message, hint: '', field: 'session_identifier' });
  }
  const reference = referenceIdOf(session);
  if (reference !== session) findings.push(hashedId('session_identifier', session));
  return reference;
}

/** An id in the metadata; Adaline takes none that is empty. */
function namedId(value: unknown): string | undefined {
  return typeof value === 'string' && !isAbsent(value) ? value : undefined;
}

/** Prompt, deployment, evaluation and events: what is sent only where the input or the user says so. */
function extrasOf(span: Span, type: Content['type'], options: AdalineOptions): Partial<LogSpan> {
  const metadata = isObject(span['metadata']) ? span['metadata'] : {};
  const isCall = type === 'Model';
  const promptId = namedId(metadata[promptName]) ?? (isCall ? options.promptId : undefined);
  const deploymentId = namedId(metadata[deploymentName]) ?? (isCall ? options.deploymentId : undefined);
  const events = options.events ? listOf(metadata['events']) : [];
  const tags = tagsOf(span);
  return {
    ...(tags.length > 0 ? { tags } : {}),
    ...(promptId === undefined ? {} : { promptId }),
    ...(deploymentId === undefined ? {} : { deploymentId }),
    ...(isCall && options.runEvaluation ? { runEvaluation: true } : {}),
    ...(events.length > 0 ? { events } : {}),
  };
}

/** One span as the destination takes it; undefined, or findings that refuse it, where it cannot be expressed. */
export function logSpanOf(
  told: Span,
  around: Surroundings,
  options: AdalineOptions,
  findings: SpanFinding[],
): LogSpan | undefined {
  const times = timesOf(told, around.earliest, findings);
  if (times === undefined) return undefined;
  const span = loggable(told, findings);
  const attributes: Attributes = { [`${fieldPrefix}trace_unique_id`]: span.trace_unique_id };
  const referenceId = ownId(span, attributes, findings);
  if (around.sent.has(referenceId)) {
    const message = 'another span of the trace has the same id';
    findings.push({
      code: 'duplicate_id',
      message,
      hint: 'give each span an id of its own',
      field: 'span_unique_id',
    });
    return undefined;
  }
  const parentReferenceId = parentOf(span, around, attributes, findings);
  const sessionId = sessionReference(span, around, findings);
  const name = nameOf(span['span_name'], span['span_workflow_name'], span['log_type']);
  const content = contentOf(span, contentTypeOf(span, around.parents.has(span.span_unique_id)), findings);
  addDifferences(span, readPlaces({ name, sessionId, ...times, content: { ...content } }), attributes);
  addMetadataAttributes(span, attributes);
  // Where a row that tells such an end keeps it too.
  if (endsBeforeStart(span)) attributes['timestamp'] ??= asText(span['timestamp']);
  const fitting = fittingContent(content, options.onOversize, findings);
  if (fitting !== content) setAttribute(attributes, `${fieldPrefix}truncated`, true);
  const made: LogSpan = {
    referenceId,
    ...(parentReferenceId === undefined ? {} : { parentReferenceId }),
    name,
    status: statusOf(span),
    ...times,
    content: fitting,
    ...(sessionId === undefined ? {} : { sessionId }),
    attributes,
    ...extrasOf(span, content.type, options),
  };
  return fittingSpan(made, options.onOversize, findings);
}
