import { looksLikeMessages } from '../../span/messages.js';
import { convertToolCalls } from '../../span/tool-calls.js';
import { asText, isObject, parseJsonContainer } from '../../span/text.js';
import type { AttributeReader } from './attribute-reader.js';
import { nest, spread } from './nest.js';
import { messageFromAttributes } from './openinference-message.js';

const indexed = /^\d+\./;

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? parseJsonContainer(value) : value;
}

/** Keys of a message that are read by meaning; next to content or calls of another spelling they might be passed over. */
const ambiguousKeys = ['parts', 'additional_kwargs', 'function_call', 'toolCalls', 'kwargs', 'data', 'type'];

function isMessage(item: unknown): boolean {
  return (
    isObject(item) && ['message', 'role', 'content', 'contents', 'tool_calls'].some((key) => key in item)
  );
}

/** Messages that an attribute lists, in nested objects with dotted keys or in attributes of their own for each part. */
function takeListed(reader: AttributeReader, name: string): unknown[] | undefined {
  const below = reader.takeBelow(`${name}.`, indexed);
  const whole = below.length === 0 ? parsed(reader.peek(name)) : undefined;
  const list = below.length > 0 ? nest(below) : spread(whole);
  if (!Array.isArray(list) || list.length === 0) return undefined;
  if (below.length === 0 && !list.every(isMessage)) return undefined;
  const messages = list.map(messageFromAttributes);
  const isWhole = messages.every(
    (message) => !isObject(message) || !ambiguousKeys.some((key) => key in message),
  );
  if (whole !== undefined) reader.remaining.delete(name);
  if (!isWhole) reader.remaining.set(reader.remaining.has(name) ? `${name}.messages` : name, list);
  return messages;
}

/** Messages whose conversion keeps every word, so that their source text need not be kept beside them. */
function arePlain(messages: readonly unknown[]): boolean {
  return messages.every((message) => {
    if (!isObject(message) || typeof message['role'] !== 'string') return false;
    const { content, parts } = message;
    const says = parts ?? content;
    const isPlain =
      typeof says === 'string' ||
      (Array.isArray(says) &&
        says.every(
          (part) =>
            isObject(part) &&
            part['type'] === 'text' &&
            Object.keys(part).length === 2 &&
            typeof (part['text'] ?? part['content']) === 'string',
        ));
    return isPlain && !('parts' in message && 'content' in message) && !ambiguous(message);
  });
}

function ambiguous(message: Record<string, unknown>): boolean {
  return ambiguousKeys.some((key) => key !== 'parts' && key in message) || 'tool_calls' in message;
}

interface Messages {
  name: string;
  messages: unknown[];
  /** The attribute's own spelling says no more than the messages. */
  plain: boolean;
}

/** Messages in one attribute, as a list or as JSON text of one. The attribute stays, for `input` and `output`. */
function peekMessages(reader: AttributeReader, names: readonly string[]): Messages | undefined {
  for (const name of names) {
    const value = parsed(reader.peek(name));
    const inner = isObject(value) ? requestMessages(value) : value;
    const list: unknown = isObject(inner) && 'role' in inner ? [inner] : inner;
    if (!looksLikeMessages(list)) continue;
    return { name, messages: list, plain: inner === value && arePlain(list) };
  }
  return undefined;
}

/** The messages of a whole request, as Vercel's `ai.prompt` holds it: `{system, messages}` or `{system, prompt}`. */
function requestMessages(request: Record<string, unknown>): unknown {
  const { system, messages, prompt } = request;
  const own: unknown[] = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : [];
  const turns: unknown[] = looksLikeMessages(messages) ? messages : own;
  if (turns.length === 0) return request;
  return typeof system === 'string' ? [{ role: 'system', content: system }, ...turns] : turns;
}

/** System instructions of the GenAI conventions: a list of parts, or a text. */
function takeInstructions(reader: AttributeReader): unknown[] {
  const name = 'gen_ai.system_instructions';
  const value = reader.peek(name);
  if (value === undefined) return [];
  const parts = parsed(value) ?? value;
  const message = { role: 'system', content: parts };
  if (arePlain([message])) reader.remaining.delete(name);
  return [message];
}

function firstListed(reader: AttributeReader, names: readonly string[]): Messages | undefined {
  for (const name of names) {
    const messages = takeListed(reader, name);
    if (messages !== undefined) return { name, messages, plain: true };
  }
  return undefined;
}

function takePrompt(reader: AttributeReader): void {
  const found =
    firstListed(reader, ['gen_ai.prompt', 'llm.input_messages']) ??
    peekMessages(reader, [
      'gen_ai.input.messages',
      'ai.prompt.messages',
      'ai.prompt',
      'gen_ai.prompt',
      'llm.request.messages',
    ]);
  if (found === undefined) return;
  const instructions = takeInstructions(reader);
  const messages = [...instructions, ...found.messages];
  reader.set('prompt_messages', found.name, messages);
}

/** Vercel's AI SDK tells the parts of an answer in attributes of their own. */
function vercelAnswer(reader: AttributeReader): Messages | undefined {
  const text = reader.peek('ai.response.text');
  const calls = convertToolCalls(reader.peek('ai.response.toolCalls'));
  if (text === undefined && calls.length === 0) return undefined;
  const reasoning = reader.take('ai.response.reasoning');
  const message = {
    role: 'assistant',
    content: text ?? null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...(reasoning === undefined ? {} : { reasoning_content: asText(reasoning) }),
  };
  return { name: 'ai.response.text', messages: [message], plain: true };
}

function takeAnswer(reader: AttributeReader): void {
  const found =
    firstListed(reader, ['gen_ai.completion', 'llm.output_messages']) ??
    peekMessages(reader, ['gen_ai.output.messages', 'gen_ai.completion']) ??
    vercelAnswer(reader);
  if (found === undefined) return;
  const [first] = found.messages;
  reader.set('completion_message', found.name, first);
  if (found.messages.length > 1) reader.set('completion_messages', found.name, found.messages);
}

/** Messages of the prompt and of the answer, from whichever convention tells them. */
export function takeConversation(reader: AttributeReader): void {
  takePrompt(reader);
  takeAnswer(reader);
}

/** Drops the source text of messages that say all of it, where another attribute has become the input or output. */
export function dropRepeatedMessages(reader: AttributeReader): void {
  for (const name of ['gen_ai.input.messages', 'gen_ai.output.messages', 'ai.prompt.messages']) {
    const list = parsed(reader.peek(name));
    const field = name === 'gen_ai.output.messages' ? 'completion_message' : 'prompt_messages';
    if (reader.sourceNames[field] !== name) continue;
    if (Array.isArray(list) && arePlain(list)) reader.remaining.delete(name);
  }
}
