import { isObject } from '../span/text.js';
import { addBodies } from './chat-body.js';
import { missingField, notAnObject } from './not-an-object.js';
import { addRequestBody, addResponseBody, logTypeOfBody } from './openai-bodies.js';
import { isOpenaiRequest, isOpenaiResponse } from './openai-shapes.js';
import { recogniser } from './recognisers/openai-batch.js';
import { decoded } from './decoded.js';
import { RowFields, without } from './row-fields.js';
import type { MapContext, Mapped, Source } from './source.js';
import { addUsage } from './token-usage.js';
import { standAlone } from './trace-by.js';

function takeRequest(half: RowFields): void {
  const body = half.takeObject('body');
  if (body === undefined) return;
  if (isOpenaiRequest(body)) addRequestBody(half, body, 'body');
  else half.set('full_request', body, 'body');
  half.set('log_type', logTypeOfBody(body, half.peek('url')), 'url');
}

function takeResponse(half: RowFields): void {
  const response = half.takeObject('response');
  if (response === undefined) return;
  half.set('status_code', response['status_code'], 'response.status_code');
  const body = decoded(response['body']);
  const rest = without(response, new Set(['status_code', 'body']));
  for (const [name, value] of Object.entries(rest ?? {})) half.keep(`response.${name}`, value);
  if (!isObject(body)) return half.set('output', body, 'response.body');
  const created = body['created'] ?? body['created_at'];
  if (typeof created === 'number') {
    half.draft.end = created;
    half.draft.sourceNames['end'] = 'response.body.created';
  }
  if (isOpenaiResponse(body)) {
    addResponseBody(half, body, 'response.body');
    half.set('log_type', logTypeOfBody(body), 'response.body.object');
    return;
  }
  half.set('full_response', body, 'response.body');
  half.set('model', body['model'], 'response.body.model');
  addUsage(half, body['usage'], 'response.body.usage');
  if (body['object'] === 'list') half.set('log_type', 'embedding', 'response.body.object');
  addError(half, body['error'], 'response.body.error');
}

/** A request of Anthropic: `params` is the body. */
function takeParams(half: RowFields): void {
  const params = half.takeObject('params');
  if (params === undefined) return;
  addBodies(half.draft, params, undefined);
  addRequestBody(half, params, 'params');
  half.set('log_type', 'chat', 'params');
}

/** The words of a message of Anthropic; all of its content where it says none. */
function wordsOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const words = content.filter(isObject).map((part) => part['text']);
  const texts = words.filter((text) => typeof text === 'string');
  return texts.length === 0 ? content : texts.join('\n');
}

/** A result of Anthropic: `{type: "succeeded", message}`, `{type: "errored", error}`, `{type: "expired"}`. */
function takeResult(half: RowFields): void {
  const result = half.takeObject('result');
  if (result === undefined) return;
  const { type, message, error, ...rest } = result;
  for (const [name, value] of Object.entries(rest)) half.keep(`result.${name}`, value);
  half.set('status_code', type === 'succeeded' ? 200 : 500, 'result.type');
  half.set('log_type', 'chat', 'result');
  if (isObject(message)) {
    half.set('full_response', message, 'result.message');
    half.set('output', wordsOf(message['content']), 'result.message.content');
    addBodies(half.draft, undefined, message);
  }
  if (type === 'succeeded') return;
  addError(half, isObject(error) ? (error['error'] ?? error) : type, 'result.error');
}

function addError(half: RowFields, error: unknown, path: string): void {
  if (!isObject(error)) return half.set('error_message', error, path);
  half.set('error_message', error['message'] ?? error, path);
  const rest = without(error, new Set(['message']));
  for (const [name, value] of Object.entries(rest ?? {}))
    half.keep(`error.${name}`, value, `${path}.${name}`);
}

function map(row: unknown, context: MapContext): Mapped {
  const expected = 'a line of the input or the output file of a batch';
  if (!isObject(row)) return notAnObject(row, expected);
  const half = new RowFields(row, context.text);
  const { draft } = half;
  half.moveTo('spanId', 'custom_id');
  if (draft.spanId === undefined) return missingField('custom_id', expected);
  standAlone(draft);
  draft.partial = true;
  half.set('log_method', 'batch', 'custom_id');
  takeRequest(half);
  takeResponse(half);
  takeParams(half);
  takeResult(half);
  const error = decoded(half.take('error'));
  addError(half, error, 'error');
  if ('error_message' in draft.fields) half.set('status_code', 500, 'error');
  return { kind: 'drafts', drafts: [half.finish()] };
}

/**
 * Input and output files of OpenAI's Batch API, and of those who copy it (Groq, Azure, vLLM): `{custom_id, method, url,
 * body}` and `{id, custom_id, response: {status_code, request_id, body}, error}`. And those of Anthropic's Message
 * Batches: `{custom_id, params}` and `{custom_id, result: {type, message, error}}`, which tell no times.
 *
 * From OpenAI's Batch API reference. `body.created` is seconds and the end; the start is not told, so there is no
 * latency. A request and its answer share nothing but the `custom_id`, so that is the id of the span and of its trace:
 * files of one batch, imported together in any order, become one span per request. Two batches that number their
 * requests alike (`request-1`, …) become one as well: import each with `--remap-ids=SEED` and a seed of its own. A
 * request without its answer has no time.
 *
 * Dropped: empty containers and spellings of nothing; `api_key` and the like.
 */
export const openaiBatch: Source = {
  ...recogniser,
  map,
};
