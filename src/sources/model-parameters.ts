import type { RowFields } from './row-fields.js';
import { without } from './row-fields.js';

/** Request parameters of chat APIs that are fields of the target. */
const parameters = [
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'stop',
  'stream',
  'stream_options',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
  'thinking',
  'encoding_format',
  'dimensions',
];

/** The spelling of the Responses API, of Gemini and of LangChain. */
const otherNames = new Map([
  ['max_output_tokens', 'max_tokens'],
  ['stop_sequences', 'stop'],
]);

const renamed = new Map([...parameters.map((name) => [name, name] as const), ...otherNames]);

/** Takes the parameters of a request; returns those that have no field, undefined where there are none. */
export function takeParameters(
  row: RowFields,
  given: Record<string, unknown>,
  path: string,
): Record<string, unknown> | undefined {
  const taken = new Set<string>();
  for (const [name, field] of renamed) {
    if (!Object.hasOwn(given, name) || field in row.draft.fields) continue;
    row.set(field, given[name], `${path}.${name}`);
    taken.add(name);
  }
  return without(given, taken);
}
