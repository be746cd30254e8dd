import { readNumber } from '../../span/numbers.js';
import { looksLikeMessages } from '../../span/messages.js';
import type { Span } from '../../span/span.js';
import { configNames } from './config-names.js';
import type { SpanFinding } from './findings.js';
import { jsonOfText, nothing, parseJson } from './json-text.js';
import { limits } from './limits.js';
import { unknown } from './message-parts.js';
import { adalineMessages, type AdalineMessage } from './messages.js';
import { inputOfMessages } from './read-content.js';
import { readMessages } from './read-messages.js';
import type { ModelContent } from './request.js';
import { adalineTools } from './tools.js';

function configOf(span: Span): Record<string, number> | undefined {
  const config: Record<string, number> = {};
  for (const [field, name] of configNames) {
    const value = span[field];
    if (typeof value === 'number') config[name] = value;
  }
  return Object.keys(config).length > 0 ? config : undefined;
}

/** The messages that a span tells as such, or that its input is the JSON of. */
function promptOf(span: Span): AdalineMessage[] | undefined {
  const told = span['prompt_messages'] ?? span['messages'];
  if (Array.isArray(told)) return adalineMessages(told);
  const { input } = span;
  if (typeof input !== 'string') return undefined;
  const value = parseJson(input);
  if (value === undefined || typeof value === 'string')
    return adalineMessages([{ role: 'user', content: input }]);
  if (!looksLikeMessages(value)) return undefined;
  const messages = adalineMessages(value);
  // Other lists of messages go as they are, since their letters could not be told from their messages.
  return inputOfMessages(readMessages(messages.map((message) => ({ ...message })))) === input
    ? messages
    : undefined;
}

function inputOf(span: Span): string {
  const messages = promptOf(span);
  const { input, tools } = span;
  if (messages === undefined && typeof input === 'string') return jsonOfText(input);
  const config = configOf(span);
  const listed = Array.isArray(tools) ? adalineTools(tools) : [];
  if (messages === undefined && config === undefined && listed.length === 0) return nothing;
  return JSON.stringify({
    messages: messages ?? [],
    ...(config === undefined ? {} : { config }),
    ...(listed.length === 0 ? {} : { tools: listed }),
  });
}

function answerOf(span: Span): AdalineMessage[] | undefined {
  const { completion_messages: several, completion_message: one, output } = span;
  if (Array.isArray(several)) return adalineMessages(several);
  if (one !== undefined) return adalineMessages([one]);
  return typeof output === 'string' ? adalineMessages([{ role: 'assistant', content: output }]) : undefined;
}

/** A count that was told; what was not is not made up. */
function countOf(value: unknown): number | undefined {
  const count = readNumber(value);
  return Number.isNaN(count) ? undefined : count;
}

function usageOf(span: Span): Record<string, number> | undefined {
  const promptTokens = countOf(span['prompt_tokens']);
  const completionTokens = countOf(span['completion_tokens']);
  const sum = (promptTokens ?? Number.NaN) + (completionTokens ?? Number.NaN);
  const totalTokens = countOf(span['total_request_tokens']) ?? (Number.isNaN(sum) ? undefined : sum);
  const told = Object.entries({ promptTokens, completionTokens, totalTokens });
  const counts = told.flatMap(([name, count]): [string, number][] =>
    count === undefined ? [] : [[name, count]],
  );
  return counts.length > 0 ? Object.fromEntries(counts) : undefined;
}

function outputOf(span: Span): string {
  const messages = answerOf(span);
  const tokenUsage = usageOf(span);
  if (messages === undefined && tokenUsage === undefined) return nothing;
  return JSON.stringify({ messages: messages ?? [], ...(tokenUsage === undefined ? {} : { tokenUsage }) });
}

const providers: readonly (readonly [RegExp, string])[] = [
  [/^(?:gpt|chatgpt|o\d|davinci|text-embedding|whisper|tts)\b/i, 'openai'],
  [/^claude/i, 'anthropic'],
  [/^gemini/i, 'google'],
  [/^mistral|^mixtral/i, 'mistral'],
  [/^command/i, 'cohere'],
  [/^deepseek/i, 'deepseek'],
  [/^grok/i, 'xai'],
];

/** As the span tells it, as its model does (`openai/gpt-5`, `gpt-5`), or `unknown`. */
function providerOf({ provider_id: id, provider, model }: Span): string {
  const told = [id, provider].find((each) => typeof each === 'string' && each !== '');
  if (typeof told === 'string') return told;
  if (typeof model !== 'string') return unknown;
  const prefix = /^([\w-]+)\//.exec(model)?.[1];
  return prefix ?? providers.find(([pattern]) => pattern.test(model))?.[1] ?? unknown;
}

function costOf(span: Span, findings: SpanFinding[]): number | undefined {
  const cost = readNumber(span['cost']);
  if (cost >= 0) return cost;
  if (cost < 0) {
    findings.push({
      code: 'negative_cost',
      message: `Adaline takes no cost below 0; ${cost} is kept in an attribute`,
      hint: '',
      field: 'cost',
    });
  }
  return undefined;
}

/** The call of a model: messages, parameters and counts in Adaline's shape, each as a JSON text. */
export function modelContentOf(span: Span, findings: SpanFinding[]): ModelContent {
  const { model } = span;
  const cost = costOf(span, findings);
  return {
    type: 'Model',
    provider: providerOf(span).slice(0, limits.modelLength),
    model: typeof model === 'string' && model !== '' ? model.slice(0, limits.modelLength) : unknown,
    input: inputOf(span),
    output: outputOf(span),
    ...(cost === undefined ? {} : { cost }),
  };
}
