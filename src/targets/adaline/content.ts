import type { Span } from '../../span/span.js';
import type { SpanFinding } from './findings.js';
import { limits } from './limits.js';
import type { Content, ContentType } from './request.js';

/** Stands for an input or an output that a span does not have: the API wants both. */
export const nothing = '{}';

/**
 * A text as the JSON that the API wants: as it is where it is the JSON of anything but a text, else as a JSON string.
 * `textOfJson` undoes it.
 */
export function jsonOfText(text: unknown): string {
  if (typeof text !== 'string') return text === undefined ? nothing : JSON.stringify(text);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'string' && text !== nothing) return text;
  } catch {
    // Plain words.
  }
  return JSON.stringify(text);
}

/** The content of a span, whatever its size. */
export function contentOf(span: Span, type: ContentType, findings: SpanFinding[]): Content {
  const input = jsonOfText(span['input']);
  const output = jsonOfText(span['output']);
  if (type !== 'Model') return { type, input, output };
  const { model, provider_id: provider } = span;
  if (typeof model !== 'string') {
    findings.push({
      code: 'model_missing',
      message: 'the call names no model; sent as "unknown"',
      hint: '',
      field: 'model',
    });
  }
  return {
    type,
    provider: typeof provider === 'string' ? provider.slice(0, limits.modelLength) : 'unknown',
    model: typeof model === 'string' ? model.slice(0, limits.modelLength) : 'unknown',
    input,
    output,
  };
}
