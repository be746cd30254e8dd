import { isRoot } from '../../span/root.js';
import type { Span } from '../../span/span.js';
import { addMetadataAttributes, attributeOfField, fieldPrefix, setAttribute } from './attributes.js';
import { referenceIdOf } from './reference-id.js';
import type { Attributes, LogSpan, LogTrace } from './request.js';
import { nameOf } from './span-name.js';
import { statusOfTrace } from './span-status.js';
import { tagsOf } from './tags.js';

/** The trace's status and tags as they were sent: what is another one later was changed in Adaline. */
export const traceStatusAttribute = `${fieldPrefix}trace_status`;
export const traceTagsAttribute = `${fieldPrefix}trace_tags`;

/** Fields of the main span that tell of the whole trace, or by which one looks for it. */
const sharedFields = [
  'span_unique_id',
  'span_name',
  'span_workflow_name',
  'trace_name',
  'log_type',
  'latency',
  'session_identifier',
  'thread_identifier',
  'trace_group_identifier',
  'group_identifier',
  'customer_identifier',
  'customer_email',
  'customer_name',
  'environment',
  'status_code',
  'error_message',
];

/** Longer texts of the main span's metadata are on the span alone. */
const longestShared = 256;

/** A span and what was made of it. */
export interface MadeSpan {
  told: Span;
  made: LogSpan;
}

/**
 * The trace of the spans that are sent, at least one. Its main span, the first root or else the first of them, tells
 * what is told of the trace: so a list of traces alone still says which spans they are about, and when they were.
 */
export function traceOf(spans: readonly MadeSpan[], session: string | undefined): LogTrace | undefined {
  const roots = spans.filter(({ told }) => isRoot(told));
  const main = roots[0] ?? spans[0];
  if (main === undefined) return undefined;
  const { told, made } = main;
  const status = statusOfTrace((roots.length > 0 ? roots : spans).map((each) => each.made.status));
  const tags = tagsOf(told);
  const workflow = spans.find((each) => typeof each.told['span_workflow_name'] === 'string')?.told;
  return {
    referenceId: referenceIdOf(told.trace_unique_id),
    name: nameOf(told['trace_name'], told['span_workflow_name'], workflow?.['span_workflow_name'], made.name),
    status,
    ...windowOf(spans),
    ...(session === undefined ? {} : { sessionId: referenceIdOf(session) }),
    attributes: {
      ...attributesOf(main),
      [traceStatusAttribute]: status,
      ...(tags.length > 0 ? { [traceTagsAttribute]: JSON.stringify(tags) } : {}),
    },
    ...(tags.length > 0 ? { tags } : {}),
  };
}

function windowOf(spans: readonly MadeSpan[]): { startedAt: number; endedAt: number } {
  let [startedAt, endedAt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { made } of spans) {
    startedAt = Math.min(startedAt, made.startedAt);
    endedAt = Math.max(endedAt, made.endedAt);
  }
  return { startedAt, endedAt };
}

function attributesOf({ told, made }: MadeSpan): Attributes {
  const attributes: Attributes = { [`${fieldPrefix}trace_unique_id`]: told.trace_unique_id };
  for (const field of sharedFields) {
    setAttribute(attributes, fieldPrefix + field, attributeOfField(field, told[field]));
  }
  if ('start_time' in told) setAttribute(attributes, `${fieldPrefix}start_time`, made.startedAt);
  if ('timestamp' in told) setAttribute(attributes, `${fieldPrefix}timestamp`, made.endedAt);
  addMetadataAttributes(told, attributes, longestShared);
  return attributes;
}
