import { isCount, readNumber } from '../span/numbers.js';
import type { SpanDraft } from '../span/span.js';
import { isObject } from '../span/text.js';

const langchainKinds = new Set(['human', 'ai', 'system', 'tool', 'function', 'chat', 'AIMessageChunk']);
const responseItems = new Set([
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
]);

/** A message of OpenAI (chat and responses), Anthropic, Gemini, OpenTelemetry or LangChain. */
function isMessage(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const { role, type, kwargs } = value;
  const says = 'content' in value || 'parts' in value || 'tool_calls' in value;
  if (typeof role === 'string') return says;
  if (isObject(kwargs)) return 'content' in kwargs;
  if (typeof type !== 'string') return false;
  return responseItems.has(type) || (langchainKinds.has(type) && says);
}

function messageList(value: unknown): Record<string, unknown>[] | undefined {
  if (isMessage(value)) return [value];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  // LangChain passes batches; a batch of one is a conversation.
  if (value.length === 1 && Array.isArray(value[0])) return messageList(value[0]);
  return value.every(isMessage) ? value : undefined;
}

function systemPrompt(request: Record<string, unknown>): Record<string, unknown>[] {
  const config = isObject(request['config']) ? request['config'] : request;
  const content =
    request['system'] ??
    request['instructions'] ??
    config['system_instruction'] ??
    request['systemInstruction'];
  if (content === undefined || content === null || content === '') return [];
  const parts = isObject(content) ? content['parts'] : undefined;
  return [parts === undefined ? { role: 'system', content } : { role: 'system', parts }];
}

/** The messages in a request to a chat model: a list, one message, or a body that holds them. */
export function requestMessages(request: unknown): unknown[] | undefined {
  const list = messageList(request);
  if (list !== undefined || !isObject(request)) return list;
  for (const name of ['messages', 'contents', 'input']) {
    const messages = messageList(request[name]);
    if (messages !== undefined) return [...systemPrompt(request), ...messages];
  }
  return undefined;
}

/** The messages of choices or generations: `{index, message, …}`. */
function messagesOf(choices: readonly unknown[]): unknown[] | undefined {
  return messageList(choices.map((choice) => (isObject(choice) ? choice['message'] : undefined)));
}

/** The messages in a chat model's answer: messages, or a response body that holds them. Never a plain text. */
function answerMessages(response: unknown): unknown[] | undefined {
  const list = messageList(response);
  if (list !== undefined) return list;
  if (Array.isArray(response)) return response.length > 0 ? messagesOf(response) : undefined;
  if (!isObject(response)) return undefined;
  const { choices, candidates, generations, message, content, output } = response;
  if (Array.isArray(choices)) return messagesOf(choices);
  if (Array.isArray(candidates)) {
    return messageList(
      candidates.map((candidate) => ({ role: 'model', ...Object(Object(candidate)['content']) })),
    );
  }
  if (Array.isArray(generations)) {
    return messagesOf(generations.flat());
  }
  return messageList(message) ?? messageList(content) ?? messageList(output);
}

/**
 * Adds the messages that input and output of a model's call hold. An answer that is a plain text becomes a message
 * beside messages of the request only.
 */
export function addConversation(draft: SpanDraft, request: unknown, response: unknown): void {
  const prompt = requestMessages(request);
  if (prompt !== undefined) draft.fields['prompt_messages'] = prompt;
  const isText = typeof response === 'string' && response !== '' && prompt !== undefined;
  const answer = isText ? [{ role: 'assistant', content: response }] : answerMessages(response);
  if (answer === undefined) return;
  if (answer.length === 1) draft.fields['completion_message'] = answer[0];
  else draft.fields['completion_messages'] = answer;
}

const parameters = ['temperature', 'top_p', 'frequency_penalty', 'presence_penalty'];
const limits = ['max_tokens', 'max_completion_tokens'];

/** The parameters of a model's call that are fields of the target; "no limit" (-1, "null") is none. */
export function callParameters(given: Readonly<Record<string, unknown>>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of [...parameters, ...limits]) {
    const number = readNumber(given[name]);
    const fits = limits.includes(name) ? isCount(number) : Number.isFinite(number);
    if (fits) found[name] = number;
  }
  return found;
}
