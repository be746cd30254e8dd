import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { sortColumns } from './columns.js';
import { buildGenericDraft } from './generic-draft.js';
import { missingField, notAnObject } from './not-an-object.js';
import { addRequestBody, addResponseBody, logTypeOfBody } from './openai-bodies.js';
import { type Exchange, exchangeOf, isBareResponse, recogniser } from './recognisers/openai-chat.js';
import { RowFields } from './row-fields.js';
import type { MapContext, Mapped, Source } from './source.js';
import { standAlone } from './trace-by.js';

/** What the row says beside the bodies, by the names of its columns. */
function draftOfRest(row: Record<string, unknown>, taken: readonly string[], context: MapContext): SpanDraft {
  const rest = Object.entries(row).filter(([name]) => !taken.includes(name));
  const draft = buildGenericDraft(sortColumns(Object.fromEntries(rest), context.text));
  return { ...draft, sourceNames: { ...draft.sourceNames } };
}

function draftOf(row: Record<string, unknown>, exchange: Exchange, context: MapContext): SpanDraft {
  const { request, response } = exchange;
  const names = [request?.name, response?.name].filter((name) => name !== undefined);
  const bodies = new RowFields({});
  if (request !== undefined) addRequestBody(bodies, request.body, request.name);
  if (response !== undefined) addResponseBody(bodies, response.body, response.name);
  const own = draftOfRest(row, names, context);
  return complete(own, bodies.draft);
}

/** What columns of their own say wins; a value of a body that they outweigh still stands in the full body. */
function complete(own: SpanDraft, bodies: SpanDraft): SpanDraft {
  for (const [field, value] of Object.entries(bodies.fields)) {
    if (field in own.fields) continue;
    own.fields[field] = value;
    own.sourceNames[field] = bodies.sourceNames[field] ?? field;
  }
  return own;
}

const expected = 'a response of an OpenAI API, or a request with its response';

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const isBare = isBareResponse(row);
  const exchange = isBare ? bareExchange(row) : exchangeOf(row);
  const { request, response } = exchange;
  const told = response?.body ?? request?.body;
  if (told === undefined) return missingField('response', expected);
  const draft = draftOf(isBare ? {} : row, exchange, context);
  if (response !== undefined) fillFromResponse(draft, response.body);
  draft.fields['log_type'] ??= logTypeOfBody(told);
  standAlone(draft);
  return { kind: 'drafts', drafts: [draft] };
}

function bareExchange(row: Record<string, unknown>): Exchange {
  return { request: undefined, response: { name: 'response', body: row } };
}

/** Id and end, where no column tells them. */
function fillFromResponse(draft: SpanDraft, body: Record<string, unknown>): void {
  if (isAbsent(draft.spanId)) draft.spanId = body['id'];
  const created = body['created'] ?? body['created_at'];
  if (isAbsent(draft.start) && isAbsent(draft.end) && !isAbsent(created)) {
    draft.end = created;
    draft.sourceNames['end'] = 'response.created';
  }
}

/**
 * Responses of OpenAI's chat, completions and responses APIs as an SDK returned them, alone or beside the request:
 * `{request: {model, messages, …}, response: {…}}` with any columns around them, read by their names.
 *
 * From OpenAI's API reference. `created` is seconds and the end where no column tells times. The id of the response is
 * the span's and the trace's where no column tells them (`--trace-by`). Bodies are kept whole as full request and
 * full response. Dropped: spellings of nothing among the columns; `api_key` and the like.
 */
export const openaiChat: Source = {
  ...recogniser,
  map,
};
