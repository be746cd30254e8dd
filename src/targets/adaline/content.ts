import type { Span } from '../../span/span.js';
import type { SpanFinding } from './findings.js';
import { jsonOfText } from './json-text.js';
import { modelContentOf } from './model-content.js';
import type { Content, ContentType } from './request.js';

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The content of a span, whatever its size. */
export function contentOf(span: Span, type: ContentType, findings: SpanFinding[]): Content {
  if (type === 'Model') return modelContentOf(span, findings);
  return { type, input: jsonOfText(textOf(span['input'])), output: jsonOfText(textOf(span['output'])) };
}
