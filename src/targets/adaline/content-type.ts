import { readNumber } from '../../span/numbers.js';
import type { Span } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import type { ContentType } from './request.js';

/** Log types that say what a span is; the rest leave it to the evidence. */
const byLogType: ReadonlyMap<unknown, ContentType> = new Map<unknown, ContentType>([
  ['chat', 'Model'],
  ['completion', 'Model'],
  ['response', 'Model'],
  ['generation', 'Model'],
  ['text', 'Model'],
  ['transcription', 'Model'],
  ['speech', 'Model'],
  ['embedding', 'Embeddings'],
  ['tool', 'Tool'],
  ['function', 'Function'],
  ['guardrail', 'Guardrail'],
  ['score', 'Other'],
]);

/** Steps that lead others. They may sum up tokens of the calls within them, which makes them no call. */
const leading: ReadonlySet<unknown> = new Set(['workflow', 'agent', 'handoff']);

/** Where sources keep the word of another system for the kind of a span. */
const kindNames = [
  'openinference.span.kind',
  'traceloop.span.kind',
  'span_kind',
  'kind',
  'type',
  'run_type',
  'contentType',
];

const words: readonly (readonly [RegExp, ContentType])[] = [
  [/embed/i, 'Embeddings'],
  [/retriev|rerank|(?:vector|similarity|semantic).?search/i, 'Retrieval'],
  [/guardrail|moderation/i, 'Guardrail'],
  [/(?:^|[^a-z])tool(?:[^a-z]|$)/i, 'Tool'],
];

function byWords(text: unknown): ContentType | undefined {
  return typeof text === 'string' ? words.find(([pattern]) => pattern.test(text))?.[1] : undefined;
}

function hasMessages(span: Span): boolean {
  return ['prompt_messages', 'messages', 'completion_message', 'completion_messages'].some(
    (field) => field in span,
  );
}

function byEvidence(span: Span): ContentType | undefined {
  if (hasMessages(span)) return 'Model';
  const named = byWords(span['span_name']) ?? byWords(span['model']);
  if (named !== undefined) return named;
  const counts = readNumber(span['prompt_tokens']) > 0 || readNumber(span['completion_tokens']) > 0;
  return counts ? 'Model' : undefined;
}

/**
 * What a span is to Adaline. First its log type tells, then the word of its own system for it, then messages, its name
 * and its tokens. A step that leads others and is nothing else is a `Function`, a step alone is `Other`.
 */
export function contentTypeOf(span: Span, hasChildren: boolean): ContentType {
  const { metadata, log_type: logType } = span;
  const told = byLogType.get(logType);
  if (told !== undefined) return told;
  const kinds = isObject(metadata) ? kindNames.map((name) => byWords(metadata[name])) : [];
  const kind = kinds.find((each) => each !== undefined);
  if (kind !== undefined) return kind;
  if (leading.has(logType)) return 'Function';
  return byEvidence(span) ?? (hasChildren ? 'Function' : 'Other');
}
