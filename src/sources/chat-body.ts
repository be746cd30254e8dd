import { looksLikeMessages } from '../span/messages.js';
import type { SpanDraft } from '../span/span.js';
import { isObject, mayHoldKey, parseJsonContainer } from '../span/text.js';
import { requestMessages } from './conversation.js';
import { decoded } from './decoded.js';
import { usageCounts } from './token-usage.js';

type Body = Record<string, unknown>;

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

/** Where Gemini and Bedrock's Converse keep the parameters of a request, and what they call them there. */
const configs = ['generationConfig', 'generation_config', 'inferenceConfig'];
const configFields: readonly (readonly [string, string])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['top_p', 'top_p'],
  ['maxTokens', 'max_tokens'],
  ['maxOutputTokens', 'max_tokens'],
  ['max_output_tokens', 'max_tokens'],
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

/** What logs put around a body: gateways the whole HTTP message, Bedrock the number of its tokens. */
const envelopes = ['body', 'inputBodyJson', 'outputBodyJson'];

/** What Bedrock counts beside the body of a request. */
const requestCounts: readonly (readonly [string, string])[] = [
  ['inputTokenCount', 'prompt_tokens'],
  ['cacheReadInputTokenCount', 'prompt_cache_hit_tokens'],
  ['cacheWriteInputTokenCount', 'prompt_cache_creation_tokens'],
];

function withoutEnvelope(value: unknown): unknown {
  if (!isObject(value)) return value;
  for (const name of envelopes) {
    const body = decoded(value[name]);
    if (isObject(body)) return body;
  }
  return value;
}

function addRequest(draft: SpanDraft, request: Body): void {
  if (!looksLikeMessages(request['messages']) && !looksLikeMessages(request['contents'])) return;
  fill(draft, 'prompt_messages', requestMessages(request));
  for (const field of requestFields) fill(draft, field, request[field]);
  for (const name of configs) {
    const config = request[name];
    if (isObject(config)) for (const [key, field] of configFields) fill(draft, field, config[key]);
  }
}

function firstOf(list: unknown): Body | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : undefined;
}

function isMessage(value: unknown): value is Body {
  return isObject(value) && typeof value['role'] === 'string' && ('content' in value || 'parts' in value);
}

/**
 * The message of an answer: of OpenAI's choices, Gemini's candidates, Bedrock's Converse, Ollama and others who have
 * one `message`, or the answer itself (Anthropic, whose message is the body, and lists of messages).
 */
function answerOf(response: Body): Body | undefined {
  const { content, output, message } = response;
  if (Array.isArray(response['choices'])) {
    const choice = firstOf(response['choices'])?.['message'];
    return isObject(choice) ? choice : undefined;
  }
  const candidate = firstOf(response['candidates'])?.['content'];
  if (isObject(candidate)) return { role: 'model', ...candidate };
  if (isObject(output) && isMessage(output['message'])) return output['message'];
  if (isMessage(message)) return message;
  if (!isMessage(response)) return undefined;
  return response['type'] === 'message' ? { role: response['role'], content } : response;
}

/** A body of an API, as against a message that is all there is of the answer. */
function isBody(response: Body): boolean {
  return !isMessage(response) || response['type'] === 'message';
}

function addResponse(draft: SpanDraft, response: Body): void {
  const answer = answerOf(response);
  fill(draft, 'completion_message', answer);
  if ((answer === undefined && !('candidates' in response || 'choices' in response)) || !isBody(response))
    return;
  const model = response['model'] ?? response['modelVersion'] ?? response['model_version'];
  if (typeof model === 'string') fill(draft, 'model', model);
  const usage = response['usage'] ?? response['usageMetadata'] ?? response['usage_metadata'];
  for (const { field, value } of usageCounts(usage)) fill(draft, field, value);
}

/**
 * Reads what whole request and response bodies of a chat API tell beside being the input and the output: messages,
 * model, parameters, usage; also where a log has put the body into an envelope. Only fills what no column of its own
 * says. APIs: OpenAI's chat completions, Anthropic, Gemini, Bedrock (InvokeModel and Converse), Ollama.
 */
export function addBodies(draft: SpanDraft, request: unknown, response: unknown): void {
  const [asked, answered] = [withoutEnvelope(request), withoutEnvelope(response)];
  if (isObject(asked)) addRequest(draft, asked);
  if (isObject(answered)) addResponse(draft, answered);
  if (isObject(request)) for (const [name, field] of requestCounts) fill(draft, field, request[name]);
  if (isObject(response)) fill(draft, 'completion_tokens', response['outputTokenCount']);
}
