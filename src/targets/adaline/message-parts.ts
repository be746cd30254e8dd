import { asText, isObject } from '../../span/text.js';

/** A part of a message in Adaline's shape. From `@adaline/types` 1.12 (message/content). */
export type Part =
  | { modality: 'text'; value: string }
  | { modality: 'image'; detail: Detail; value: MediaValue }
  | { modality: 'pdf'; value: MediaValue }
  | {
      modality: 'reasoning';
      value: { type: 'thinking'; thinking: string; signature?: string } | { type: 'redacted'; data: string };
    }
  | { modality: 'tool-call'; index: number; id: string; name: string; arguments: string }
  | { modality: 'tool-response'; index: number; id: string; name: string; data: string };

type Detail = 'low' | 'medium' | 'high' | 'auto';
type MediaValue = { type: 'url'; url: string } | { type: 'base64'; base64: string; mediaType: string };

/** Stands where Adaline wants at least one character and nothing is known. */
export const unknown = 'unknown';

export function textPart(value: unknown): Part {
  return { modality: 'text', value: asText(value) };
}

const details: ReadonlySet<unknown> = new Set(['low', 'medium', 'high', 'auto']);

function isDetail(value: unknown): value is Detail {
  return details.has(value);
}

/** Adaline writes base64 as a data URL, and knows these types of images. */
function mediaOf(url: string, types: string): MediaValue {
  const mediaType = new RegExp(`^data:(?:image|application)/(${types});base64,`).exec(url)?.[1];
  return mediaType === undefined ? { type: 'url', url } : { type: 'base64', base64: url, mediaType };
}

function imagePart(url: string, detail?: unknown): Part {
  return {
    modality: 'image',
    detail: isDetail(detail) ? detail : 'auto',
    value: mediaOf(url, 'png|jpeg|jpg|webp|gif'),
  };
}

/** `{type: 'image', source}` of Anthropic; the server takes no other. */
function sourcePart(part: Record<string, unknown>): Part {
  const { source } = part;
  if (!isObject(source) || typeof source['data'] !== 'string') return textPart(part);
  const { type, data, media_type: mediaType } = source;
  return imagePart(type === 'url' ? data : `data:${asText(mediaType)};base64,${data}`);
}

/** A document: a PDF as OpenAI or this importer's sources write it; anything else has no modality. */
function filePart(part: Record<string, unknown>): Part {
  const { file } = part;
  if (!isObject(file)) return textPart(part);
  const { file_data: url, data, media_type: mediaType } = file;
  if (typeof url === 'string' && url.startsWith('data:application/pdf;base64,')) {
    return { modality: 'pdf', value: mediaOf(url, 'pdf') };
  }
  if (typeof data === 'string' && mediaType === 'application/pdf') {
    return {
      modality: 'pdf',
      value: { type: 'base64', base64: `data:application/pdf;base64,${data}`, mediaType: 'pdf' },
    };
  }
  return textPart(part);
}

export function toolCallPart(index: number, id: unknown, name: unknown, input: unknown): Part {
  return {
    modality: 'tool-call',
    index,
    id: nonEmpty(id),
    name: nonEmpty(name),
    arguments: asText(input ?? {}),
  };
}

export function toolResponsePart(index: number, id: unknown, name: unknown, data: unknown): Part {
  return {
    modality: 'tool-response',
    index,
    id: nonEmpty(id),
    name: nonEmpty(name),
    data: asText(data ?? ''),
  };
}

function nonEmpty(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : unknown;
}

/** A content part that the ingest contract accepts; `index` counts the parts of the message. */
export function partOf(part: unknown, index: number): Part {
  if (!isObject(part)) return textPart(part);
  const { text, image_url: image, id, name, input } = part;
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return textPart(text);
    case 'image_url':
      if (typeof image === 'string') return imagePart(image);
      return isObject(image) ? imagePart(asText(image['url']), image['detail']) : textPart(part);
    case 'input_image':
      return imagePart(asText(part['image']));
    case 'image':
      return sourcePart(part);
    case 'file':
      return filePart(part);
    case 'tool_use':
      return toolCallPart(index, id, name, input);
    case 'tool_result':
      return toolResponsePart(index, part['tool_use_id'], undefined, part['content']);
    default:
      return textPart(part);
  }
}
