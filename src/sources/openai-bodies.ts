import { isCredential } from '../span/fields.js';
import { looksLikeMessages } from '../span/messages.js';
import { isObject } from '../span/text.js';
import { takeParameters } from './model-parameters.js';
import type { RowFields } from './row-fields.js';
import { addUsage } from './token-usage.js';

function withoutCredentials(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !isCredential(name)));
}

/** Adds what a request body says; the body itself is kept as the full request, without credentials. */
export function addRequestBody(row: RowFields, body: Record<string, unknown>, path: string): void {
  row.set('full_request', withoutCredentials(body), path);
  row.set('model', body['model'], `${path}.model`);
  takeParameters(row, body, path);
  const { messages, input, prompt, instructions } = body;
  const asked = messages ?? input ?? prompt;
  row.set('input', asked, path);
  const turns = looksLikeMessages(asked) || isItems(asked) ? asked : undefined;
  if (typeof instructions === 'string' && asked !== undefined) {
    const said: unknown[] = Array.isArray(turns) ? turns : [{ role: 'user', content: asked }];
    row.set('prompt_messages', [{ role: 'system', content: instructions }, ...said], path);
  } else {
    row.set('prompt_messages', turns, path);
  }
}

/** Input of the Responses API: messages, tool calls and tool results in one list. */
function isItems(value: unknown): value is unknown[] {
  const kinds = new Set(['message', 'function_call', 'function_call_output', 'reasoning']);
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (item) => isObject(item) && (typeof item['role'] === 'string' || kinds.has(String(item['type']))),
    )
  );
}

/** Adds what a response body says; the body itself is kept whole as the full response. */
export function addResponseBody(row: RowFields, body: Record<string, unknown>, path: string): void {
  row.set('full_response', body, path);
  addAnswer(row, body, path);
}

/** Adds the model, the usage and the words of a response. */
export function addAnswer(row: RowFields, body: Record<string, unknown>, path: string): void {
  const { choices, output } = body;
  row.set('model', body['model'], `${path}.model`);
  addUsage(row, body['usage'], `${path}.usage`);
  if (Array.isArray(choices)) {
    const answers = choices.filter(isObject).map((choice) => choice['message']);
    const messages = answers.filter(isObject);
    const first: unknown = choices[0];
    row.set('completion_message', messages[0], `${path}.choices`);
    if (messages.length > 1) row.set('completion_messages', messages, `${path}.choices`);
    const words = messages[0]?.['content'] ?? messages[0] ?? (isObject(first) ? first['text'] : undefined);
    row.set('output', words, `${path}.choices`);
  } else if (Array.isArray(output)) {
    const items = output.filter(isObject);
    row.set(
      'completion_message',
      items.find((item) => item['type'] === 'message') ?? items[0],
      `${path}.output`,
    );
    if (items.length > 1) row.set('completion_messages', items, `${path}.output`);
    row.set('output', outputText(items) ?? items, `${path}.output`);
  }
}

/** The words of a response's output items; undefined where it says none. */
function outputText(items: readonly Record<string, unknown>[]): string | undefined {
  const parts = items
    .flatMap((item) => (Array.isArray(item['content']) ? item['content'] : []))
    .filter(isObject);
  const texts = parts.filter((part) => part['type'] === 'output_text').map((part) => part['text']);
  const words = texts.filter((text) => typeof text === 'string');
  return words.length === 0 ? undefined : words.join('\n');
}

/** The type of the span around a body: embeddings, responses, completions or chat. */
export function logTypeOfBody(body: Record<string, unknown>, url?: unknown): string {
  const told = `${typeof url === 'string' ? url : ''} ${typeof body['object'] === 'string' ? body['object'] : ''}`;
  if (/embedding/.test(told) || body['object'] === 'list') return 'embedding';
  if (/chat/.test(told) || 'messages' in body) return 'chat';
  if (/response/.test(told)) return 'response';
  return /text_completion|\/completions/.test(told) || 'prompt' in body ? 'completion' : 'chat';
}
