import { looksLikeMessages } from '../span/messages.js';
import { readNumber } from '../span/numbers.js';
import { isObject } from '../span/text.js';
import { takeParameters } from './model-parameters.js';
import { missingField, notAnObject } from './not-an-object.js';
import { addRequestBody, addResponseBody } from './openai-bodies.js';
import { isOpenaiRequest, isOpenaiResponse } from './openai-shapes.js';
import { isLog, recogniser } from './recognisers/litellm.js';
import { decoded } from './decoded.js';
import { isNothing, RowFields, without } from './row-fields.js';
import type { MapContext, Mapped, Source } from './source.js';
import { addUsage } from './token-usage.js';
import { groupByConversation, standAlone } from './trace-by.js';
import { secondsBetween, utcTime } from './utc-time.js';

const expected = 'a log of LiteLLM: a standard logging payload, a spend log or what a callback wrote';

/** LiteLLM's word for what was called, e.g. `acompletion`, `aembedding`, `aresponses`. */
function logTypeOf(callType: unknown, isChat: boolean): string {
  const word = typeof callType === 'string' ? callType.toLowerCase() : '';
  if (word.includes('embedding')) return 'embedding';
  if (word.includes('transcription')) return 'transcription';
  if (word.includes('speech')) return 'speech';
  if (word.includes('responses')) return 'response';
  if (word.includes('text_completion')) return 'completion';
  if (word.includes('mcp')) return 'tool';
  return isChat ? 'chat' : 'generation';
}

function takeTimes(log: RowFields): void {
  const { draft } = log;
  log.moveTo('start', 'startTime', 'start_time');
  log.moveTo('end', 'endTime', 'end_time');
  // A callback writes its line when the call is over, in the zone of its own clock.
  if (draft.start === undefined && draft.end === undefined) log.moveTo('end', 'timestamp');
  else [draft.start, draft.end] = [utcTime(draft.start), utcTime(draft.end)];
  const took = log.peek('response_time');
  if (took !== undefined && (draft.start === undefined || draft.end === undefined)) {
    draft.latency = { value: log.take('response_time'), unit: 's' };
    draft.sourceNames['latency'] = 'response_time';
  }
  const firstToken = secondsBetween(draft.start, utcTime(log.peek('completionStartTime')));
  if (log.peek('stream') === true) log.set('time_to_first_token', firstToken, 'completionStartTime');
}

/** Spend logs keep the error in their metadata, where it stays. */
function spendLogError(log: RowFields): Record<string, unknown> | undefined {
  const error = log.draft.metadata['error_information'];
  return isObject(error) ? error : undefined;
}

function takeError(log: RowFields): void {
  const own = log.takeObject('error_information');
  const information = own ?? spendLogError(log);
  log.set('error_message', information?.['error_message'], 'error_information.error_message');
  const rest = without(own ?? {}, new Set(['error_message']));
  for (const [name, value] of Object.entries(rest ?? {})) log.keep(`error_information.${name}`, value);
  log.move('error_message', 'error_str', 'error');
  const status = log.peek('status');
  if (status === 'success' || status === 'failure') log.take('status');
  const code = readNumber(information?.['error_code']);
  if (status === 'failure' || 'error_message' in log.draft.fields) {
    log.set('status_code', code >= 400 && code < 600 ? code : 500, 'status');
  } else if (status === 'success') {
    log.set('status_code', 200, 'status');
  }
}

function takeBodies(log: RowFields): void {
  const response = decoded(log.take('response'));
  if (isOpenaiResponse(response)) addResponseBody(log, response, 'response');
  else if (isObject(response)) {
    log.set('full_response', response, 'response');
    addUsage(log, response['usage'], 'response.usage');
  }
  log.set('output', response, 'response');
  const messages = decoded(log.take('messages'));
  log.set('input', messages, 'messages');
  if (looksLikeMessages(messages)) log.set('prompt_messages', messages, 'messages');
  const request = log.takeObject('proxy_server_request');
  if (request === undefined) return;
  const body = isObject(request['body']) ? request['body'] : request;
  if (!isOpenaiRequest(body)) return log.keep('proxy_server_request', request);
  addRequestBody(log, body, 'proxy_server_request');
  if (body !== request) log.keep('proxy_server_request', without(request, new Set(['body'])));
}

/** In old versions the key itself; since then its hash, which tells whose call it was. */
function isPlainKey(name: string, value: unknown): boolean {
  return name === 'user_api_key' && typeof value === 'string' && value.startsWith('sk-');
}

function takeMetadata(log: RowFields): unknown {
  const metadata = log.takeObject('metadata');
  if (metadata === undefined) return undefined;
  addUsage(log, metadata['usage_object'], 'metadata.usage_object');
  for (const [name, value] of Object.entries(metadata)) {
    if (!isPlainKey(name, value)) {
      log.keep(name, value, `metadata.${name}`);
      continue;
    }
    const message = 'metadata.user_api_key holds a credential, which is never sent';
    log.draft.warnings = [{ code: 'credential_dropped', message, field: 'metadata.user_api_key' }];
  }
  const session = metadata['session_id'];
  const user = metadata['user_api_key_end_user_id'];
  if (!isNothing(user)) log.set('customer_identifier', user, 'metadata.user_api_key_end_user_id');
  return isNothing(session) ? undefined : session;
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  if (!isLog(row) && !('model' in row)) return missingField('startTime', expected);
  const log = new RowFields(row, context.text);
  const { draft } = log;
  log.take('model_map_information');
  log.moveTo('spanId', 'request_id', 'id', 'call_id');
  log.move('model', 'model', 'model_group');
  log.move('provider_id', 'custom_llm_provider');
  log.move('cost', 'response_cost', 'spend', 'cost');
  takeTimes(log);
  log.move('stream', 'stream');
  log.move('prompt_tokens', 'prompt_tokens');
  log.move('completion_tokens', 'completion_tokens');
  log.move('total_request_tokens', 'total_tokens');
  addUsage(log, decoded(log.peek('usage')), 'usage');
  log.move('customer_identifier', 'end_user', 'user');
  const namedInMetadata = takeMetadata(log);
  const session = log.peek('session_id') ?? namedInMetadata;
  takeBodies(log);
  takeError(log);
  const parameters = log.takeObject('model_parameters');
  if (parameters !== undefined)
    log.keep('model_parameters', takeParameters(log, parameters, 'model_parameters'));
  placeInTrace(log, session);
  const isChat = 'prompt_messages' in draft.fields || 'completion_message' in draft.fields;
  log.set('log_type', logTypeOf(log.peek('call_type'), isChat), 'call_type');
  return { kind: 'drafts', drafts: [log.finish()] };
}

function placeInTrace(log: RowFields, session: unknown): void {
  const { draft } = log;
  log.moveTo('traceId', 'trace_id');
  if (session !== undefined) {
    log.set('session_identifier', session, 'session_id');
    log.take('session_id');
  }
  groupByConversation(draft, session, 'session_id');
  standAlone(draft);
}

/**
 * Logs of LiteLLM: the standard logging payload (S3, GCS, Pub/Sub, callbacks), the table `LiteLLM_SpendLogs` as JSON or
 * CSV, and what custom callbacks of the proxy write (`metadata.user_api_key_hash`).
 *
 * From `StandardLoggingPayload` in `litellm/types/utils.py` and LiteLLM's logging tests. Times are epoch seconds or UTC
 * without a zone, but a callback's `timestamp` is in the zone of its own clock (`--timezone`); costs are US dollars,
 * `response_time` seconds. Calls have no parents. A trace is a `trace_id`, else what `--trace-by` names, else a
 * session, else the call itself. LiteLLM takes trace and session for one: its spend table writes the trace id of a call
 * as its `session_id` (`_get_session_id_for_spend_log`).
 *
 * Dropped: `model_map_information` (the price list entry of the model, repeated in every row), `api_key` and a
 * `user_api_key` that is the key itself; `status`, which becomes the status code; empty containers and spellings of nothing.
 */
export const litellm: Source = {
  ...recogniser,
  map,
};
