import { asText, isObject } from '../../span/text.js';

function isPart(part: unknown): part is Record<string, unknown> {
  return isObject(part) && typeof part['modality'] === 'string';
}

/** Whether a value is a list of messages in Adaline's shape, which their modalities tell. */
export function areAdalineMessages(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item) =>
        isObject(item) &&
        typeof item['role'] === 'string' &&
        Array.isArray(item['content']) &&
        item['content'].every(isPart),
    )
  );
}

/** What the parts of one message become. */
interface ReadParts {
  content: Record<string, unknown>[];
  calls: Record<string, unknown>[];
  responses: Record<string, unknown>[];
  thinking: string[];
  blocks: Record<string, unknown>[];
  /** Thinking that must stay in blocks: it is signed or redacted. */
  isSigned: boolean;
}

function urlOf(value: unknown, kind: string): string | undefined {
  if (!isObject(value)) return undefined;
  const { url, base64, mediaType } = value;
  if (typeof url === 'string') return url;
  if (typeof base64 !== 'string') return undefined;
  return base64.startsWith('data:') ? base64 : `data:${kind}/${asText(mediaType)};base64,${base64}`;
}

function addReasoning(value: unknown, into: ReadParts): void {
  if (!isObject(value)) return;
  const { type, thinking, signature, data } = value;
  if (type === 'redacted') {
    into.isSigned = true;
    into.blocks.push({ type: 'redacted_thinking', data });
    return;
  }
  const words = asText(thinking ?? '');
  into.thinking.push(words);
  into.isSigned ||= signature !== undefined;
  into.blocks.push({ type: 'thinking', thinking: words, ...(signature === undefined ? {} : { signature }) });
}

function addPart(part: Record<string, unknown>, into: ReadParts): void {
  const { modality, value, detail, id, name, arguments: input, data } = part;
  switch (modality) {
    case 'text':
      into.content.push({ type: 'text', text: asText(value ?? '') });
      return;
    case 'image': {
      const url = urlOf(value, 'image');
      const shown = detail === undefined || detail === 'auto' ? {} : { detail };
      into.content.push(url === undefined ? text(part) : { type: 'image_url', image_url: { url, ...shown } });
      return;
    }
    case 'pdf': {
      const url = urlOf(value, 'application');
      const isFile = url?.startsWith('data:') === true;
      into.content.push(isFile ? { type: 'file', file: { file_data: url } } : text(url ?? part));
      return;
    }
    case 'reasoning':
      addReasoning(value, into);
      return;
    case 'tool-call':
      into.calls.push({ id, type: 'function', function: { name, arguments: asText(input ?? '') } });
      return;
    case 'tool-response':
      into.responses.push({ role: 'tool', tool_call_id: id, name, content: asText(data ?? '') });
      return;
    default:
      into.content.push(text(part));
  }
}

function text(value: unknown): Record<string, unknown> {
  return { type: 'text', text: asText(value) };
}

function simplified(content: Record<string, unknown>[]): unknown {
  const [only] = content;
  if (only === undefined) return null;
  return content.length === 1 && only['type'] === 'text' ? only['text'] : content;
}

/** A message of Adaline in the target's shape. Answers of several tools become a message each. */
export function readMessage({ role, content }: Record<string, unknown>): Record<string, unknown>[] {
  const read: ReadParts = {
    content: [],
    calls: [],
    responses: [],
    thinking: [],
    blocks: [],
    isSigned: false,
  };
  for (const part of Array.isArray(content) ? content.filter(isPart) : []) addPart(part, read);
  const message: Record<string, unknown> = { role, content: simplified(read.content) };
  if (read.calls.length > 0) message['tool_calls'] = read.calls;
  if (read.thinking.length > 0) message['reasoning_content'] = read.thinking.join('\n');
  if (read.isSigned) message['thinking_blocks'] = read.blocks;
  const says = read.content.length > 0 || Object.keys(message).length > 2 || read.responses.length === 0;
  return says ? [...read.responses, message] : read.responses;
}

export function readMessages(messages: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return messages.flatMap(readMessage);
}
