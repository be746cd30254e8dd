import { looksLikeMessages } from '../span/messages.js';
import type { SpanDraft } from '../span/span.js';
import { isObject, mayHoldKey, parseJsonContainer } from '../span/text.js';

const requestFields = [
  'model',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'frequency_penalty',
  'presence_penalty',
  'stream',
  'tools',
  'tool_choice',
];

const usageFields: readonly (readonly [string, string])[] = [
  ['prompt_tokens', 'prompt_tokens'],
  ['input_tokens', 'prompt_tokens'],
  ['completion_tokens', 'completion_tokens'],
  ['output_tokens', 'completion_tokens'],
  ['total_tokens', 'total_request_tokens'],
];

/**
 * What a text encodes that may be a conversation, one message, or the body of a chat request or response. Every other
 * value as it is: tools ask and answer in JSON too, and to parse that takes longer than to import it.
 */
export function parsedBody(value: unknown): unknown {
  if (typeof value !== 'string' || !mayHoldKey(value, 'role', 'choices')) return value;
  return parseJsonContainer(value) ?? value;
}

function fill(draft: SpanDraft, field: string, value: unknown): void {
  if (value !== undefined && value !== null && !(field in draft.fields)) draft.fields[field] = value;
}

/**
 * Reads what whole request and response bodies of a chat API tell beside being the input and the output: messages,
 * model, parameters, usage. Only fills what no column of its own says.
 */
export function addBodies(draft: SpanDraft, request: unknown, response: unknown): void {
  if (isObject(request) && looksLikeMessages(request['messages'])) {
    fill(draft, 'prompt_messages', request['messages']);
    for (const field of requestFields) fill(draft, field, request[field]);
  }
  if (isObject(response) && typeof response['role'] === 'string' && 'content' in response) {
    fill(draft, 'completion_message', response);
  }
  if (!isObject(response) || !Array.isArray(response['choices'])) return;
  const choice: unknown = response['choices'][0];
  if (isObject(choice) && isObject(choice['message'])) fill(draft, 'completion_message', choice['message']);
  if (typeof response['model'] === 'string') fill(draft, 'model', response['model']);
  const usage = response['usage'];
  if (isObject(usage)) for (const [name, field] of usageFields) fill(draft, field, usage[name]);
}
