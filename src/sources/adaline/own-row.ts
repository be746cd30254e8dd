import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import { fieldPrefix, textsOf } from '../../targets/adaline/attributes.js';
import { readPlaces } from '../../targets/adaline/read-places.js';
import { metadataOf, restoreFields } from '../../targets/adaline/restore.js';
import { statusOf } from '../../targets/adaline/span-status.js';
import { tagsOf } from '../../targets/adaline/tags.js';
import { traceStatusAttribute, traceTagsAttribute } from '../../targets/adaline/trace-of-spans.js';
import { decoded } from '../decoded.js';
import { isNothing } from '../row-fields.js';
import { epochTime } from './epoch-time.js';
import { metadataNames } from './names.js';

type Fields = Record<string, unknown>;

/** The attributes of a row that this importer sent to Adaline: they name the trace; undefined for others. */
export function ownAttributes(row: Fields): Fields | undefined {
  const attributes = decoded(row['attributes']);
  return isObject(attributes) && `${fieldPrefix}trace_unique_id` in attributes ? attributes : undefined;
}

/** Columns of rows that follow from what was sent, or that tell how Adaline keeps it. */
const bookkeeping: ReadonlySet<string> = new Set([
  'id',
  'projectId',
  'logTraceId',
  'name',
  'contentType',
  'status',
  'startedAt',
  'endedAt',
  'latency',
  'referenceId',
  'parentReferenceId',
  'sessionId',
  'cost',
  'promptTokens',
  'completionTokens',
  'totalTokens',
  'totalCost',
  'totalInputTokens',
  'totalOutputTokens',
  'spanIds',
  'content',
  'parsedContent',
  'attributes',
  'tags',
  'promptId',
  'deploymentId',
  'events',
  'createdAt',
  'updatedAt',
]);

/** Takes what has a place of its own in a draft out of the fields. */
function draftOf(fields: Fields, metadata: Fields): SpanDraft {
  const {
    trace_unique_id: traceId,
    span_unique_id: spanId,
    span_parent_id: parentId,
    start_time: start,
    timestamp: end,
    truncated,
    absent: _,
    ...rest
  } = fields;
  if (truncated === true) metadata[metadataNames.truncated] = true;
  const sourceNames = { start: 'startedAt', end: 'endedAt' };
  return {
    asWritten: true,
    traceId,
    spanId,
    parentId,
    start: epochTime(start),
    end: epochTime(end),
    fields: rest,
    metadata,
    sourceNames,
  };
}

function keepNew(metadata: Fields, name: string, value: unknown): void {
  if (!isNothing(value) && !Object.hasOwn(metadata, name)) metadata[name] = value;
}

/** What Adaline has that was not sent: tags and a status that were set there, and columns that are not known. */
function keepAdded(row: Fields, { metadata }: SpanDraft, status: unknown, tags: readonly string[]): void {
  const added = textsOf(row['tags']).filter((tag) => !tags.includes(tag));
  keepNew(metadata, metadataNames.tags, added);
  if (row['status'] !== status) keepNew(metadata, metadataNames.status, row['status']);
  for (const [name, value] of Object.entries(row)) {
    if (!bookkeeping.has(name) && !isNothing(value) && !Object.hasOwn(metadata, name))
      define(metadata, name, value);
  }
}

/** A span as it was before it was sent, but for what the README says is lost. */
export function draftOfOwnSpan(row: Fields, attributes: Fields): SpanDraft {
  const content = decoded(row['content']);
  const { name, sessionId, startedAt, endedAt, referenceId, id, parentReferenceId } = row;
  const read = readPlaces({ name, sessionId, startedAt, endedAt, content: isObject(content) ? content : {} });
  const restored = restoreFields(read, attributes);
  restored['span_unique_id'] ??= referenceId ?? id;
  restored['span_parent_id'] ??= parentReferenceId ?? null;
  const draft = draftOf(restored, metadataOf(attributes));
  keepAdded(row, draft, statusOf(restored), tagsOf({ ...draft.fields, metadata: draft.metadata }));
  keepNew(draft.metadata, metadataNames.prompt, row['promptId']);
  keepNew(draft.metadata, metadataNames.deployment, row['deploymentId']);
  if (!Object.hasOwn(draft.fields, 'cost')) keepNew(draft.metadata, metadataNames.cost, row['cost']);
  if (!Object.hasOwn(draft.metadata, 'events')) keepNew(draft.metadata, 'events', decoded(row['events']));
  return draft;
}

/** The main span of a trace, as far as the trace tells it: with the spans in the input it adds nothing. */
export function draftOfOwnTrace(row: Fields, attributes: Fields): SpanDraft {
  const { [traceStatusAttribute]: status, [traceTagsAttribute]: tags, ...sent } = attributes;
  const draft = draftOf(restoreFields({}, sent), metadataOf(sent));
  draft.parentId ??= null;
  keepAdded(row, draft, status, textsOf(tags));
  return draft;
}
