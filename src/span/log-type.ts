/** The server's enum; case matters there. From `respan_sdk/constants/llm_logging.py`. */
const logTypes = new Set([
  'text',
  'chat',
  'completion',
  'response',
  'embedding',
  'transcription',
  'speech',
  'workflow',
  'task',
  'tool',
  'agent',
  'handoff',
  'guardrail',
  'function',
  'custom',
  'generation',
  'unknown',
  'score',
  'batch',
  'span',
]);

/** Words that systems use for kinds of spans, by substring, the more telling first. */
const kindWords: readonly (readonly [string, string])[] = [
  ['embed', 'embedding'],
  ['chat', 'chat'],
  ['completion', 'completion'],
  ['llm', 'generation'],
  ['generation', 'generation'],
  ['model', 'generation'],
  ['guardrail', 'guardrail'],
  ['handoff', 'handoff'],
  ['agent', 'agent'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['retriev', 'task'],
  ['rerank', 'task'],
  ['workflow', 'workflow'],
  ['trace', 'workflow'],
  ['chain', 'workflow'],
  ['transcri', 'transcription'],
  ['speech', 'speech'],
  ['task', 'task'],
  ['step', 'task'],
];

export function isLogType(value: unknown): boolean {
  return typeof value === 'string' && logTypes.has(value);
}

/** The log type that a source's word for a kind of span means; undefined where it means none. */
export function logTypeFromKind(kind: unknown): string | undefined {
  if (typeof kind !== 'string') return undefined;
  const word = kind.trim().toLowerCase();
  if (logTypes.has(word)) return word;
  return kindWords.find(([part]) => word.includes(part))?.[1];
}

/** What a span is that tells nothing of its kind, without and with a parent. */
export const logTypeOfRoot = 'workflow';
export const logTypeOfChild = 'task';

/** The types that `logTypeFromShape` falls back to; anything else said about a span is better evidence. */
export function isFallbackLogType(value: unknown): boolean {
  return value === logTypeOfRoot || value === logTypeOfChild;
}

/** The log type of a span that names none: what it holds tells what it is. */
export function logTypeFromShape(fields: Record<string, unknown>, hasParent: boolean): string {
  const model = fields['model'];
  if (fields['embedding'] !== undefined || (typeof model === 'string' && /embed/i.test(model)))
    return 'embedding';
  const messages = ['prompt_messages', 'completion_message', 'completion_messages'];
  if (model !== undefined) return messages.some((name) => fields[name] !== undefined) ? 'chat' : 'generation';
  if (fields['span_tools'] !== undefined) return 'tool';
  return hasParent ? logTypeOfChild : logTypeOfRoot;
}
