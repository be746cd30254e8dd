import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { badField, DraftWriter, notASpan } from './draft-writer.js';
import { addResource } from './otel/attributes.js';
import { addEvents } from './otel/events.js';
import { addStatus } from './otel/status.js';
import { type Nested, isSpan, topSpans, recogniser } from './recognisers/trail.js';
import type { Mapped, Source } from './source.js';

const taken = new Set([
  'trace_id',
  'span_id',
  'parent_span_id',
  'timestamp',
  'duration',
  'span_name',
  'span_attributes',
  'resource_attributes',
  'service_name',
  'status_code',
  'status_message',
  'events',
  'logs',
  'child_spans',
]);

function mapSpan(span: Record<string, unknown>, enclosing: Nested): SpanDraft {
  const writer = new DraftWriter();
  const { draft } = writer;
  writer.place('traceId', isAbsent(span['trace_id']) ? enclosing.traceId : span['trace_id'], 'trace_id');
  writer.place('spanId', span['span_id'], 'span_id');
  const own = span['parent_span_id'];
  writer.place('parentId', isAbsent(own) ? enclosing.parentId : own, 'parent_span_id');
  draft.parentByPath = isAbsent(own);
  writer.place('start', span['timestamp'], 'timestamp');
  draft.latency = { value: span['duration'], unit: 's' };
  draft.sourceNames['latency'] = 'duration';
  writer.set('span_name', span['span_name'], 'span_name');
  addStatus(draft, span['status_code'], span['status_message']);
  const { span_attributes: attributes, resource_attributes: resource } = span;
  if (isObject(attributes)) writer.addAttributes(attributes);
  addEvents(draft, span['events']);
  writer.keep('logs', span['logs']);
  addResource(draft, {
    'service.name': span['service_name'],
    ...(isObject(resource) ? resource : {}),
  });
  if (isObject(resource) && resource['service.name'] !== span['service_name']) {
    writer.keep('service_name', span['service_name']);
  }
  writer.keepRest(span, taken);
  return draft;
}

function wrongField(span: Record<string, unknown>): Mapped | undefined {
  const expected = [
    ['span_attributes', 'an object', isObject],
    ['resource_attributes', 'an object', isObject],
    ['child_spans', 'a list', Array.isArray],
  ] as const;
  for (const [name, shape, isShape] of expected) {
    const value = span[name];
    if (isAbsent(value) || isShape(value)) continue;
    return { kind: 'reject', problem: badField(name, value, shape) };
  }
  return undefined;
}

function map(row: unknown): Mapped {
  if (isObject(row) && Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const top = topSpans(row);
  if (top === undefined) return { kind: 'reject', problem: notASpan(row, 'a trace of TRAIL') };
  const drafts: SpanDraft[] = [];
  // A stack in place of recursion: agents nest deeply.
  const open = top.toReversed();
  for (let nested = open.pop(); nested !== undefined; nested = open.pop()) {
    const { span } = nested;
    if (!isObject(span)) return { kind: 'reject', problem: notASpan(span, 'a span of TRAIL') };
    const wrong = wrongField(span);
    if (wrong !== undefined) return wrong;
    const draft = mapSpan(span, nested);
    drafts.push(draft);
    const children: unknown = span['child_spans'];
    if (!Array.isArray(children)) continue;
    for (const child of children.toReversed()) {
      open.push({ span: child, parentId: draft.spanId, traceId: draft.traceId });
    }
  }
  if (drafts.length === 0) return { kind: 'skip', reason: 'empty_trace' };
  addTraceFacts(row, drafts);
  return { kind: 'drafts', drafts };
}

/** What the document says beside its spans belongs to the trace: its first span keeps it. */
function addTraceFacts(row: unknown, drafts: readonly SpanDraft[]): void {
  const [first] = drafts;
  if (!isObject(row) || isSpan(row) || first === undefined) return;
  const writer = new DraftWriter(first);
  const taken = row['trace_id'] === first.traceId ? ['spans', 'trace_id'] : ['spans'];
  writer.keepRest(row, new Set(taken), 'trace.');
}

/**
 * Traces in the shape of the TRAIL benchmark: spans nested in `child_spans`, with OpenInference attributes. Known from
 * programs that read the data set. `timestamp` is the start, `duration` an ISO 8601 duration (`PT1.5S`) or seconds.
 * A span without `parent_span_id` is a child of the span that it stands in.
 *
 * Dropped: status words that the status code tells, a `service_name` that the resource repeats, the trace id of the
 * document where its spans have one.
 */
export const trail: Source = {
  ...recogniser,
  map,
};
