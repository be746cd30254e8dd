import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { badField, DraftWriter, notASpan } from './draft-writer.js';
import { keyValues } from './otel/any-value.js';
import { addResource } from './otel/attributes.js';
import { addEvents } from './otel/events.js';
import { isSpan, tracesOf, recogniser } from './recognisers/jaeger.js';
import type { Mapped, Source } from './source.js';
import { takeStatusTags } from './status-tags.js';

/**
 * The parent is the first `CHILD_OF` within the trace, else the first `FOLLOWS_FROM`, else the older `parentSpanID`.
 * A reference that says no more than that is not kept beside it.
 */
function addReferences(writer: DraftWriter, span: Record<string, unknown>): void {
  const { traceID, references, parentSpanID } = span;
  const list: unknown[] = Array.isArray(references) ? references : [];
  const inTrace = list.filter(isObject).filter((each) => each['traceID'] === traceID || !('traceID' in each));
  const parent =
    inTrace.find(({ refType }) => refType === 'CHILD_OF') ??
    inTrace.find(({ refType }) => refType === 'FOLLOWS_FROM');
  if (parent === undefined) writer.place('parentId', parentSpanID, 'parentSpanID');
  else {
    writer.place('parentId', parent['spanID'], 'references.spanID');
    if (parentSpanID !== parent['spanID']) writer.keep('parentSpanID', parentSpanID);
  }
  const others = list.filter((each) => each !== parent || parent === undefined || hasMore(parent));
  writer.keep('references', Array.isArray(references) ? others : references);
}

/** Whether a reference says more than that its span is the parent. */
function hasMore(reference: Record<string, unknown>): boolean {
  const isParent = reference['refType'] === 'CHILD_OF' || !('refType' in reference);
  return !isParent || Object.keys(reference).some((key) => !['refType', 'traceID', 'spanID'].includes(key));
}

/** Elasticsearch may hold tags as an object `tag` whose names have `@` in place of dots. */
function tagsOf(span: Record<string, unknown>): Record<string, unknown> {
  const { tag } = span;
  const flat = isObject(tag)
    ? Object.entries(tag).map(([name, value]) => [name.replaceAll('@', '.'), value] as const)
    : [];
  return { ...Object.fromEntries(flat), ...keyValues(span['tags']) };
}

/** Logs as events: the field `event` is the event's name, the others are its attributes. */
function eventsOf(logs: unknown): unknown {
  if (!Array.isArray(logs)) return logs;
  return logs.map((log: unknown) => {
    if (!isObject(log)) return log;
    const { fields, ...rest } = log;
    const { event, ...attributes } = keyValues(fields);
    return isAbsent(event) ? { ...rest, attributes } : { name: event, ...rest, attributes };
  });
}

const taken = new Set([
  'traceID',
  'spanID',
  'parentSpanID',
  'operationName',
  'references',
  'startTime',
  'startTimeMillis',
  'duration',
  'tags',
  'tag',
  'logs',
  'processID',
  'process',
]);

function mapSpan(span: Record<string, unknown>, processes: Record<string, unknown>): DraftWriter {
  const writer = new DraftWriter();
  const { draft } = writer;
  writer.place('traceId', span['traceID'], 'traceID');
  writer.place('spanId', span['spanID'], 'spanID');
  addReferences(writer, span);
  const startName = 'startTime' in span ? 'startTime' : 'startTimeMillis';
  writer.place('start', span[startName], startName);
  draft.latency = { value: span['duration'], unit: 'us' };
  draft.sourceNames['latency'] = 'duration';
  writer.set('span_name', span['operationName'], 'operationName');
  writer.addAttributes(takeStatusTags(writer, tagsOf(span)));
  addEvents(draft, eventsOf(span['logs']));
  const { processID, process } = span;
  const known = typeof processID === 'string' ? processes[processID] : undefined;
  const owner = isObject(process) ? process : known;
  if (!isObject(owner)) writer.keep('processID', processID);
  if (isObject(owner)) {
    const { serviceName, tags, tag, ...rest } = owner;
    addResource(draft, { 'service.name': serviceName, ...tagsOf({ tags, tag }) });
    writer.keepRest(rest, new Set(), 'process.');
  }
  writer.keepRest(span, taken);
  return writer;
}

/** A vendor's field that holds something else than its schema says. */
function wrongField(span: Record<string, unknown>): Mapped | undefined {
  for (const name of ['tags', 'logs', 'references']) {
    const value = span[name];
    if (isAbsent(value) || Array.isArray(value) || (name === 'tags' && isObject(value))) continue;
    return { kind: 'reject', problem: badField(name, value, 'a list') };
  }
  return undefined;
}

function map(row: unknown): Mapped {
  if (isObject(row) && Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const traces = tracesOf(row);
  if (traces === undefined) return { kind: 'reject', problem: notASpan(row, 'a trace or span of Jaeger') };
  const drafts: SpanDraft[] = [];
  for (const { spans, processes, rest } of traces) {
    const writers: DraftWriter[] = [];
    for (const span of spans) {
      if (!isSpan(span)) return { kind: 'reject', problem: notASpan(span, 'a span of Jaeger') };
      const wrong = wrongField(span);
      if (wrong !== undefined) return wrong;
      writers.push(mapSpan(span, processes));
    }
    const root = writers.find(({ draft }) => draft.parentId === undefined) ?? writers[0];
    root?.keepRest(rest, new Set(), 'trace.');
    for (const { draft } of writers) drafts.push(draft);
  }
  return drafts.length === 0 ? { kind: 'skip', reason: 'empty_trace' } : { kind: 'drafts', drafts };
}

/**
 * Traces of Jaeger: the UI's download and the query API's answers (`{data: [trace]}`), single traces, and spans as
 * Elasticsearch holds them (tags as an object, `process` inside). Schema: jaegertracing/jaeger,
 * `internal/uimodel/model.go`; run on the project's own test traces, which are synthetic. `startTime` and `duration`
 * are microseconds. Processes become `resource.…` of each of their spans; what a trace says of itself is kept in the
 * metadata of its first root, as `trace.…`.
 *
 * Dropped: an answer's `total`, `limit`, `offset` and `errors`; the types of tags (the values have them); `refType`,
 * ids and the process's name in the trace where they only tell the parent and the process; `startTimeMillis`, which
 * repeats `startTime`.
 */
export const jaeger: Source = {
  ...recogniser,
  map,
};
