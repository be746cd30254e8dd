import { isObject } from '../span/text.js';
import type { RowFields } from './row-fields.js';

/** Where the usage objects of OpenAI (both APIs), Anthropic and LangChain say each count. */
const counts: readonly (readonly [string, readonly string[]])[] = [
  ['prompt_tokens', ['prompt_tokens', 'input_tokens', 'promptTokens']],
  ['completion_tokens', ['completion_tokens', 'output_tokens', 'completionTokens']],
  ['total_request_tokens', ['total_tokens', 'totalTokens']],
  [
    'prompt_cache_hit_tokens',
    [
      'prompt_tokens_details.cached_tokens',
      'input_tokens_details.cached_tokens',
      'input_token_details.cache_read',
      'cache_read_input_tokens',
    ],
  ],
  ['prompt_cache_creation_tokens', ['input_token_details.cache_creation', 'cache_creation_input_tokens']],
  [
    'reasoning_tokens',
    [
      'completion_tokens_details.reasoning_tokens',
      'output_tokens_details.reasoning_tokens',
      'output_token_details.reasoning',
    ],
  ],
];

function valueAt(usage: Record<string, unknown>, path: string): unknown {
  const [name = '', inner] = path.split('.');
  const value = usage[name];
  return inner === undefined ? value : isObject(value) ? value[inner] : undefined;
}

/** Sets the token counts that no field has set yet. `path` is where the usage object stands in the row. */
export function addUsage(row: RowFields, usage: unknown, path: string): void {
  if (!isObject(usage)) return;
  for (const [field, names] of counts) {
    const found = names.find((name) => (valueAt(usage, name) ?? null) !== null);
    if (found !== undefined) row.set(field, valueAt(usage, found), `${path}.${found}`);
  }
}
