import { convertToolCalls } from './tool-calls.js';
import { asText, isObject } from './text.js';

/** What the parts of one message's content become. */
export interface ConvertedParts {
  parts: unknown[];
  toolCalls: Record<string, unknown>[];
  /** Messages of their own: results of tools. */
  toolResults: Record<string, unknown>[];
  reasoning: string[];
  /** Signed or redacted thinking, kept as it is. */
  thinkingBlocks: Record<string, unknown>[];
}

/** Whether the server takes a content part as it is. From the content types of `respan-sdk` 2.6. */
export function isAcceptedPart(part: unknown): boolean {
  if (!isObject(part)) return false;
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return typeof part['text'] === 'string';
    case 'image_url': {
      const image = part['image_url'];
      return typeof image === 'string' || (isObject(image) && typeof image['url'] === 'string');
    }
    case 'file':
      return true;
    case 'input_file':
      return typeof part['file'] === 'string';
    case 'input_image':
      return typeof part['image'] === 'string';
    case 'image': {
      const source = part['source'];
      return (
        isObject(source) && ['type', 'media_type', 'data'].every((name) => typeof source[name] === 'string')
      );
    }
    case 'tool_use':
      return part['input'] === undefined || isObject(part['input']);
    case 'tool_result':
      return typeof part['tool_use_id'] === 'string' && typeof part['content'] === 'string';
    default:
      return false;
  }
}

function text(value: unknown): { type: 'text'; text: string } {
  return { type: 'text', text: asText(value) };
}

function image(url: unknown, mediaType?: unknown): unknown {
  if (typeof url !== 'string') return text(url);
  const isUrl = mediaType === undefined || /^(?:data|https?|gs):/.test(url);
  return { type: 'image_url', image_url: { url: isUrl ? url : `data:${asText(mediaType)};base64,${url}` } };
}

function anthropicImage(part: Record<string, unknown>): unknown {
  const source = isObject(part['source']) ? part['source'] : undefined;
  if (source === undefined) return image(part['image'] ?? part['url'], part['mediaType'] ?? part['mimeType']);
  return source['type'] === 'url' ? image(source['url']) : image(source['data'], source['media_type']);
}

/** The words of a tool's result: a text, text parts or any JSON value. */
function resultText(result: unknown): string {
  const texts = Array.isArray(result)
    ? result.map((part: unknown) => (isObject(part) ? part['text'] : part))
    : [];
  if (texts.length > 0 && texts.every((part) => typeof part === 'string')) return texts.join('\n');
  return asText(result ?? '');
}

function toolResult(id: unknown, result: unknown, name?: unknown): Record<string, unknown> {
  const message: Record<string, unknown> = { role: 'tool', content: resultText(result) };
  if (typeof id === 'string') message['tool_call_id'] = id;
  if (typeof name === 'string') message['name'] = name;
  return message;
}

/** The parts of Bedrock's Converse have no type either; false for those that it shares with Gemini. */
function convertConverse(part: Record<string, unknown>, into: ConvertedParts): boolean {
  const { toolUse, toolResult: result, reasoningContent } = part;
  if (isObject(toolUse)) {
    const { toolUseId, ...call } = toolUse;
    into.toolCalls.push(...convertToolCalls({ id: toolUseId, ...call }));
  } else if (isObject(result)) {
    const { content } = result;
    const values = Array.isArray(content) ? content.map((each: unknown) => jsonOf(each)) : content;
    into.toolResults.push(toolResult(result['toolUseId'], values));
  } else if (isObject(reasoningContent) && isObject(reasoningContent['reasoningText'])) {
    into.reasoning.push(asText(reasoningContent['reasoningText']['text'] ?? ''));
    // A signature must survive together with the words that it signs.
    if ('signature' in reasoningContent['reasoningText']) into.thinkingBlocks.push(part);
  } else return false;
  return true;
}

/** What a tool answered may be `{json}` in place of `{text}`. */
function jsonOf(part: unknown): unknown {
  return isObject(part) && 'json' in part ? { text: asText(part['json']) } : part;
}

/** Gemini's parts have no type; the key tells it. */
function convertGemini(part: Record<string, unknown>, into: ConvertedParts): void {
  const call = part['functionCall'] ?? part['function_call'];
  const response = part['functionResponse'] ?? part['function_response'];
  const inline = part['inlineData'] ?? part['inline_data'];
  const file = part['fileData'] ?? part['file_data'];
  if (isObject(call)) into.toolCalls.push(...convertToolCalls(call));
  else if (isObject(response)) {
    into.toolResults.push(
      toolResult(response['id'] ?? response['name'], response['response'], response['name']),
    );
  } else if (isObject(inline))
    into.parts.push(media(inline['data'], inline['mimeType'] ?? inline['mime_type']));
  else if (isObject(file)) into.parts.push({ type: 'file', file });
  else if (typeof part['text'] === 'string' && part['thought'] === true) into.reasoning.push(part['text']);
  else if (typeof part['text'] === 'string') into.parts.push({ ...part, type: 'text' });
  else into.parts.push(text(part));
}

function media(data: unknown, mediaType: unknown): unknown {
  if (typeof mediaType === 'string' && mediaType.startsWith('image/')) return image(data, mediaType);
  return { type: 'file', file: { data, media_type: mediaType } };
}

/** Converts one content part of any known vendor and adds what it means. */
export function convertPart(part: unknown, into: ConvertedParts): void {
  if (!isObject(part)) {
    into.parts.push(text(part));
    return;
  }
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
      if (typeof part['text'] === 'string') into.parts.push({ ...part, type: 'text' });
      else into.parts.push(text(part['content'] ?? part));
      return;
    case 'refusal':
      into.parts.push(text(part['refusal'] ?? part));
      return;
    case 'tool_use':
    case 'server_tool_use':
    case 'tool-call':
    case 'tool_call':
      into.toolCalls.push(...convertToolCalls(part));
      return;
    case 'tool_result':
      into.toolResults.push(toolResult(part['tool_use_id'], part['content'], part['name']));
      return;
    case 'tool-result':
      into.toolResults.push(
        toolResult(part['toolCallId'], part['result'] ?? part['output'], part['toolName']),
      );
      return;
    case 'tool_call_response':
      into.toolResults.push(toolResult(part['id'], part['response'] ?? part['result'], part['name']));
      return;
    case 'thinking':
    case 'reasoning':
    case 'redacted_thinking': {
      const words = part['thinking'] ?? part['text'] ?? part['content'];
      if (typeof words === 'string') into.reasoning.push(words);
      // A signature must survive together with the words that it signs.
      if (part['type'] !== 'reasoning') into.thinkingBlocks.push(part);
      return;
    }
    case 'image':
      into.parts.push(anthropicImage(part));
      return;
    case 'document':
    case 'input_audio':
      into.parts.push({ type: 'file', file: part });
      return;
    case undefined:
      if (!convertConverse(part, into)) convertGemini(part, into);
      return;
    default:
      into.parts.push(isAcceptedPart(part) ? part : text(part));
  }
}
