import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { sortColumns } from './columns.js';
import { buildGenericDraft } from './generic-draft.js';
import { missingField, notAnObject } from './not-an-object.js';
import {
  addRequestBody,
  addResponseBody,
  isOpenaiRequest,
  isOpenaiResponse,
  logTypeOfBody,
} from './openai-bodies.js';
import { decoded, RowFields } from './row-fields.js';
import type { Evidence, MapContext, Mapped, Source } from './source.js';
import { standAlone } from './trace-by.js';

/** Names under which logs keep the bodies of a call. */
const requestNames = ['request', 'request_body', 'body'];
const responseNames = ['response', 'response_body', 'completion'];

interface Exchange {
  request: { name: string; body: Record<string, unknown> } | undefined;
  response: { name: string; body: Record<string, unknown> } | undefined;
}

function find(
  row: Record<string, unknown>,
  names: readonly string[],
  is: (body: unknown) => body is Record<string, unknown>,
): { name: string; body: Record<string, unknown> } | undefined {
  for (const name of names) {
    const body = decoded(row[name]);
    if (is(body)) return { name, body };
  }
  return undefined;
}

function exchangeOf(row: Record<string, unknown>): Exchange {
  return {
    request: find(row, requestNames, isOpenaiRequest),
    response: find(row, responseNames, isOpenaiResponse),
  };
}

/** A response on its own, as an SDK prints it. */
function isBareResponse(row: unknown): row is Record<string, unknown> {
  if (!isObject(row) || !isOpenaiResponse(row)) return false;
  return ['chat.completion', 'text_completion', 'response'].includes(String(row['object']));
}

/** What the row says beside the bodies, by the names of its columns. */
function draftOfRest(row: Record<string, unknown>, taken: readonly string[], context: MapContext): SpanDraft {
  const rest = Object.entries(row).filter(([name]) => !taken.includes(name));
  return buildGenericDraft(sortColumns(Object.fromEntries(rest), context.text));
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

function isChatLog(row: unknown): boolean {
  if (isBareResponse(row)) return true;
  if (!isObject(row) || 'custom_id' in row) return false;
  const { request, response } = exchangeOf(row);
  return request !== undefined && response !== undefined;
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isChatLog).length;
  return { agreeing, because: 'responses of an OpenAI API, alone or beside their requests, in the rows' };
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
  name: 'openai-chat',
  title: 'OpenAI responses',
  checked: 'schema',
  recognisedBy:
    '`object` is `chat.completion`, `text_completion` or `response`, or `request` beside `response`',
  detect,
  map,
};
