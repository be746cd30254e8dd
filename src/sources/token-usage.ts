import { isObject } from '../span/text.js';
import type { RowFields } from './row-fields.js';

/** Where the usage objects of OpenAI (both APIs), Anthropic, LangChain, Bedrock and Gemini say each count. */
const counts: readonly (readonly [string, readonly string[]])[] = [
  [
    'prompt_tokens',
    [
      'prompt_tokens',
      'input_tokens',
      'promptTokens',
      'inputTokens',
      'promptTokenCount',
      'prompt_token_count',
    ],
  ],
  [
    'completion_tokens',
    [
      'completion_tokens',
      'output_tokens',
      'completionTokens',
      'outputTokens',
      'candidatesTokenCount',
      'candidates_token_count',
    ],
  ],
  ['total_request_tokens', ['total_tokens', 'totalTokens', 'totalTokenCount', 'total_token_count']],
  [
    'prompt_cache_hit_tokens',
    [
      'prompt_tokens_details.cached_tokens',
      'input_tokens_details.cached_tokens',
      'input_token_details.cache_read',
      'cache_read_input_tokens',
      'cacheReadInputTokens',
      'cachedContentTokenCount',
      'cached_content_token_count',
    ],
  ],
  [
    'prompt_cache_creation_tokens',
    ['input_token_details.cache_creation', 'cache_creation_input_tokens', 'cacheWriteInputTokens'],
  ],
  [
    'reasoning_tokens',
    [
      'completion_tokens_details.reasoning_tokens',
      'output_tokens_details.reasoning_tokens',
      'output_token_details.reasoning',
      'thoughtsTokenCount',
      'thoughts_token_count',
    ],
  ],
];

function valueAt(usage: Record<string, unknown>, path: string): unknown {
  const [name = '', inner] = path.split('.');
  const value = usage[name];
  return inner === undefined ? value : isObject(value) ? value[inner] : undefined;
}

/** The counts that a usage object says, each with its place in it. */
export function usageCounts(usage: unknown): { field: string; name: string; value: unknown }[] {
  if (!isObject(usage)) return [];
  return counts.flatMap(([field, names]) => {
    const name = names.find((each) => (valueAt(usage, each) ?? null) !== null);
    return name === undefined ? [] : [{ field, name, value: valueAt(usage, name) }];
  });
}

/** Sets the token counts that no field has set yet. `path` is where the usage object stands in the row. */
export function addUsage(row: RowFields, usage: unknown, path: string): void {
  for (const { field, name, value } of usageCounts(usage)) row.set(field, value, `${path}.${name}`);
}
