import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { badField, DraftWriter, notASpan } from './draft-writer.js';
import { addResource } from './otel/attributes.js';
import { spansOf, recogniser } from './recognisers/zipkin.js';
import type { MapContext, Mapped, Source } from './source.js';
import { takeStatusTags } from './status-tags.js';

/** Ids of the spans of the trace at hand whose own half has come. Only of one trace, so that it stays small. */
interface OwnHalves {
  traceId: unknown;
  spanIds: Set<unknown>;
}

function ownHalves(memory: Map<string, unknown>, traceId: unknown): OwnHalves {
  const kept = memory.get('own halves');
  if (isOwnHalves(kept) && kept.traceId === traceId) return kept;
  const fresh: OwnHalves = { traceId, spanIds: new Set() };
  memory.set('own halves', fresh);
  return fresh;
}

function isOwnHalves(value: unknown): value is OwnHalves {
  return isObject(value) && value['spanIds'] instanceof Set;
}

const taken = new Set([
  'traceId',
  'id',
  'parentId',
  'name',
  'timestamp',
  'duration',
  'tags',
  'kind',
  'shared',
  'annotations',
]);

function mapSpan(span: Record<string, unknown>, memory: Map<string, unknown>): SpanDraft {
  const writer = new DraftWriter();
  const { draft } = writer;
  const { traceId, id, timestamp, duration, kind, tags } = span;
  writer.place('traceId', traceId, 'traceId');
  writer.place('spanId', id, 'id');
  writer.place('parentId', span['parentId'], 'parentId');

  const halves = ownHalves(memory, traceId);
  const shared = span['shared'] === true || span['shared'] === 'true';
  const isUntimed = isAbsent(timestamp);
  const isSecond = shared && halves.spanIds.has(id);
  if (!shared && !isUntimed) halves.spanIds.add(id);
  const prefix = shared ? `${typeof kind === 'string' ? kind.toLowerCase() : 'shared'}.` : '';

  if (isSecond || isUntimed) draft.partial = true;
  if (shared) {
    writer.keep(`${prefix}name`, span['name']);
    writer.keep(`${prefix}timestamp`, timestamp);
    writer.keep(`${prefix}duration`, duration);
    writer.keep(`${prefix}shared`, true);
  } else writer.keep('shared', span['shared']);
  if (isSecond) addSecondHalf(writer, tags, prefix);
  else {
    writer.set('span_name', span['name'], 'name');
    writer.place('start', timestamp, 'timestamp');
    if (!isAbsent(duration)) {
      draft.latency = { value: duration, unit: 'us' };
      draft.sourceNames['latency'] = 'duration';
      // Without a start there is nothing to add it to, and the other copy may have another one.
      if (isUntimed) writer.keep('duration', duration);
    }
    if (isObject(tags)) writer.addAttributes(takeStatusTags(writer, tags), prefix);
    const { localEndpoint: endpoint } = span;
    if (isObject(endpoint)) addResource(draft, { 'service.name': endpoint['serviceName'] });
  }
  writer.keep(`${prefix}kind`, kind);
  writer.keep(`${prefix}annotations`, span['annotations']);
  writer.keepRest(span, taken, prefix);
  return draft;
}

/** What the server tells about a call that the client has told already; only its failure is the call's own. */
function addSecondHalf(writer: DraftWriter, tags: unknown, prefix: string): void {
  if (!isObject(tags)) return;
  takeStatusTags(writer, tags);
  for (const [name, value] of Object.entries(tags)) writer.keep(`${prefix}${name}`, value);
}

function map(row: unknown, context: MapContext): Mapped {
  if (isObject(row) && Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const drafts: SpanDraft[] = [];
  for (const span of spansOf(row)) {
    if (!isObject(span) || !('traceId' in span || 'id' in span)) {
      return { kind: 'reject', problem: notASpan(span, 'a Zipkin span') };
    }
    if (!isAbsent(span['tags']) && !isObject(span['tags'])) {
      return { kind: 'reject', problem: badField('tags', span['tags'], 'an object of tags') };
    }
    drafts.push(mapSpan(span, context.memory));
  }
  return drafts.length === 0 ? { kind: 'skip', reason: 'empty_trace' } : { kind: 'drafts', drafts };
}

/**
 * Zipkin v2 spans: `GET /api/v2/trace/{id}` (a list), `/api/v2/traces` (lists in a list), or one span a line. Schema:
 * openzipkin/zipkin-api, zipkin2-api.yaml. `timestamp` and `duration` are microseconds.
 *
 * Client and server may report one call under one id; the server's half then says `shared`. They become one span with
 * the client's times, whichever comes first while the trace's spans stand together; name, times, endpoints and tags of
 * the shared half are kept in the metadata under `server.…` (`consumer.…`). A shared half alone is an ordinary span.
 * Copies without a timestamp only fill gaps. An empty tag says nothing and is left out.
 */
export const zipkin: Source = {
  ...recogniser,
  remembers: true,
  map,
};
