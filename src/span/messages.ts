import { convertPart, isAcceptedPart, type ConvertedParts } from './message-parts.js';
import { convertToolCalls } from './tool-calls.js';
import { asText, isObject } from './text.js';

const acceptedRoles = new Set(['user', 'assistant', 'system', 'tool', 'none', 'developer']);

const roleMap: ReadonlyMap<string, string> = new Map(
  Object.entries({
    human: 'user',
    ai: 'assistant',
    aimessagechunk: 'assistant',
    model: 'assistant',
    bot: 'assistant',
    chatbot: 'assistant',
    function: 'tool',
    chat: 'user',
  }),
);

export interface ConvertedMessages {
  messages: Record<string, unknown>[];
  /** Roles that the server refuses, in the order of the messages: what they were, and whether their meaning is known. */
  roles: { index: number; role: string; known: boolean }[];
}

function isAcceptedContent(content: unknown): boolean {
  if (content === undefined || content === null || typeof content === 'string') return true;
  return Array.isArray(content) && content.every((part) => typeof part === 'string' || isAcceptedPart(part));
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

/** Whether the server takes a message as it is. From the `Message` model of `respan-sdk` 2.6. */
export function isAcceptedMessage(message: unknown): boolean {
  if (!isObject(message)) return false;
  const { role, content, name, tool_call_id: callId, tool_calls: calls } = message;
  return (
    typeof role === 'string' &&
    acceptedRoles.has(role) &&
    isAcceptedContent(content) &&
    isOptionalString(name) &&
    isOptionalString(callId) &&
    (calls === undefined || calls === null || (Array.isArray(calls) && calls.every(isObject)))
  );
}

export function areAcceptedMessages(value: unknown): boolean {
  return Array.isArray(value) && value.every(isAcceptedMessage);
}

/** LangChain serialises messages as `{lc, type: "constructor", id: […, "HumanMessage"], kwargs}` or `{type, data}`. */
function unwrap(message: Record<string, unknown>): Record<string, unknown> {
  const { id, kwargs, data, type } = message;
  if (isObject(kwargs)) {
    const className: unknown = Array.isArray(id) ? id.at(-1) : undefined;
    const kind =
      typeof className === 'string' ? className.replace(/Message(?:Chunk)?$/, '').toLowerCase() : type;
    return { type: kind, ...kwargs };
  }
  return isObject(data) && 'content' in data ? { type, ...data } : message;
}

/** Items of OpenAI's Responses API that are messages without a role. */
function fromResponseItem(item: Record<string, unknown>): Record<string, unknown> | undefined {
  if (item['role'] !== undefined) return undefined;
  switch (item['type']) {
    case 'function_call':
    case 'custom_tool_call':
      return { role: 'assistant', content: null, tool_calls: convertToolCalls([item]) };
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { role: 'tool', tool_call_id: item['call_id'], content: asText(item['output'] ?? '') };
    case 'reasoning': {
      const parts = [item['summary'], item['content']].flat().filter(isObject);
      const text = parts.map((part) => asText(part['text'] ?? '')).join('\n');
      return { role: 'assistant', content: null, reasoning_content: text };
    }
    default:
      return undefined;
  }
}

interface Role {
  role: string;
  original?: { role: string; known: boolean };
}

function readRole(message: Record<string, unknown>, speaker: string): Role {
  const written = message['role'] ?? message['type'];
  if (typeof written !== 'string') return { role: speaker };
  if (acceptedRoles.has(written)) return { role: written };
  const lower = written.toLowerCase();
  const role = acceptedRoles.has(lower) ? lower : roleMap.get(lower);
  // `{type: "message"}` without a role says nothing about the speaker.
  if (role === undefined && message['role'] === undefined) return { role: speaker };
  return { role: role ?? 'user', original: { role: written, known: role !== undefined } };
}

function convertContent(message: Record<string, unknown>): ConvertedParts {
  const content = message['content'] ?? message['parts'];
  const converted: ConvertedParts = {
    parts: [],
    toolCalls: [],
    toolResults: [],
    reasoning: [],
    thinkingBlocks: [],
  };
  if (content === undefined || content === null) return converted;
  const list: unknown[] = Array.isArray(content) ? content : [content];
  for (const part of list) convertPart(part, converted);
  return converted;
}

function simplify(parts: readonly unknown[]): unknown {
  if (parts.length === 0) return null;
  const only = parts.length === 1 ? parts[0] : undefined;
  if (typeof only === 'string') return only;
  const isPlainText = isObject(only) && only['type'] === 'text' && Object.keys(only).length === 2;
  return isPlainText ? only['text'] : parts;
}

const consumed = new Set([
  'role',
  'type',
  'content',
  'parts',
  'tool_calls',
  'function_call',
  'additional_kwargs',
]);

function convertMessage(
  value: unknown,
  speaker: string,
): {
  messages: Record<string, unknown>[];
  original?: Role['original'];
} {
  if (!isObject(value)) return { messages: [{ role: speaker, content: asText(value) }] };
  const item = fromResponseItem(value);
  if (item !== undefined) return { messages: [item] };
  const message = unwrap(value);
  const { role, original } = readRole(message, speaker);
  const content = convertContent(message);
  const extra = isObject(message['additional_kwargs']) ? message['additional_kwargs'] : {};
  const calls = [
    ...content.toolCalls,
    ...convertToolCalls(message['tool_calls'] ?? message['toolCalls'] ?? extra['tool_calls']),
    ...convertToolCalls(message['function_call'] ?? extra['function_call']),
  ];
  const converted: Record<string, unknown> = { role, content: simplify(content.parts) };
  if (calls.length > 0) converted['tool_calls'] = calls;
  if (content.reasoning.length > 0) converted['reasoning_content'] = content.reasoning.join('\n');
  if (content.thinkingBlocks.length > 0) converted['thinking_blocks'] = content.thinkingBlocks;
  for (const [name, field] of Object.entries(message)) {
    if (consumed.has(name) || field === undefined || field === null || name in converted) continue;
    converted[name] = name === 'name' || name === 'tool_call_id' ? asText(field) : field;
  }
  // Anthropic and Gemini put tool results into user turns; the target wants a message for each, before the words.
  const says =
    content.parts.length > 0 || Object.keys(converted).length > 2 || content.toolResults.length === 0;
  const messages = says ? [...content.toolResults, converted] : content.toolResults;
  return original === undefined ? { messages } : { messages, original };
}

const plainMembers: readonly string[] = ['role', 'content'];

/** Whether a message is what `convertMessage` would make of it: most say who speaks and what, and nothing else. */
function isConverted(message: unknown): message is Record<string, unknown> {
  if (!isObject(message)) return false;
  const { role, content } = message;
  if (typeof content !== 'string' || typeof role !== 'string' || !acceptedRoles.has(role)) return false;
  let members = 0;
  for (const name in message) {
    if (name !== plainMembers[members]) return false;
    members += 1;
  }
  return true;
}

/**
 * Messages of any known shape (OpenAI chat and responses, Anthropic, Gemini, LangChain, OpenTelemetry, Vercel) as
 * OpenAI chat messages. Takes a list, one message or a text. What has no place in the shape stays in the message
 * under its own name; parts of unknown types become JSON text. `speaker` is the role of what names none.
 */
export function convertMessages(value: unknown, speaker: 'user' | 'assistant' = 'user'): ConvertedMessages {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const result: ConvertedMessages = { messages: [], roles: [] };
  for (const item of list) {
    if (isConverted(item)) {
      result.messages.push(item);
      continue;
    }
    const { messages, original } = convertMessage(item, speaker);
    if (original !== undefined) result.roles.push({ index: result.messages.length, ...original });
    result.messages.push(...messages);
  }
  return result;
}

/** Whether a value is a list of chat messages, and not just any list. */
export function looksLikeMessages(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (item) =>
        isObject(item) &&
        typeof item['role'] === 'string' &&
        ('content' in item || 'parts' in item || 'tool_calls' in item),
    )
  );
}
