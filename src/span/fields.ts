import { remember } from './remember.js';

/**
 * What a field of the ingest contract may hold.
 *
 * - `identifier`: trace, span and parent id; `time`: a point in time; `metadata`, `log_type`, `messages`, `message`:
 *   as their names say
 * - `text`: a string, JSON-encoded where the row has more than a string
 * - `string`: a string; `name`: a string of at most 255 characters; `label`: a string or an integer
 * - `integer`: 0 or more; `number`: finite; `seconds`: finite, 0 or more
 * - `object`, `objects` (a list of them), `strings` (a list of them), `json` (an object or a list)
 * - `text_or_object`, `text_or_list`: either
 */
export type FieldKind =
  | 'identifier'
  | 'time'
  | 'metadata'
  | 'log_type'
  | 'messages'
  | 'message'
  | 'text'
  | 'string'
  | 'name'
  | 'label'
  | 'integer'
  | 'number'
  | 'seconds'
  | 'boolean'
  | 'object'
  | 'objects'
  | 'strings'
  | 'json'
  | 'text_or_object'
  | 'text_or_list';

/**
 * The fields of the ingest contract, in the order in which spans are written. From the public log parameters of
 * `respan-sdk` 2.6, and of its full parameters those that exporters send.
 */
const table = {
  trace_unique_id: 'identifier',
  span_unique_id: 'identifier',
  span_parent_id: 'identifier',
  span_name: 'name',
  span_workflow_name: 'string',
  span_path: 'string',
  trace_name: 'string',
  log_type: 'log_type',
  log_method: 'string',
  start_time: 'time',
  timestamp: 'time',
  latency: 'seconds',
  generation_time: 'seconds',
  time_to_first_token: 'seconds',
  ttft: 'seconds',
  tokens_per_second: 'seconds',
  routing_time: 'seconds',
  model: 'string',
  provider_id: 'string',
  provider: 'string',
  input: 'text',
  output: 'text',
  prompt_messages: 'messages',
  messages: 'messages',
  completion_message: 'message',
  completion_messages: 'messages',
  ideal_output: 'text',
  tool_calls: 'objects',
  reasoning: 'objects',
  full_request: 'json',
  full_response: 'json',
  embedding: 'text_or_list',
  prompt_tokens: 'integer',
  completion_tokens: 'integer',
  total_request_tokens: 'integer',
  prompt_cache_hit_tokens: 'integer',
  prompt_cache_creation_tokens: 'integer',
  reasoning_tokens: 'integer',
  usage: 'object',
  cost: 'number',
  prompt_unit_price: 'number',
  completion_unit_price: 'number',
  status_code: 'integer',
  status: 'string',
  error_message: 'text',
  error_bit: 'integer',
  warnings: 'text',
  has_warnings: 'boolean',
  warnings_dict: 'object',
  temperature: 'number',
  top_p: 'number',
  frequency_penalty: 'number',
  presence_penalty: 'number',
  max_tokens: 'integer',
  max_completion_tokens: 'integer',
  n: 'integer',
  stop: 'text_or_list',
  stream: 'boolean',
  stream_options: 'object',
  logprobs: 'boolean',
  top_logprobs: 'integer',
  logit_bias: 'object',
  echo: 'boolean',
  timeout: 'seconds',
  tools: 'objects',
  tool_choice: 'text_or_object',
  parallel_tool_calls: 'boolean',
  response_format: 'object',
  reasoning_effort: 'string',
  thinking: 'object',
  encoding_format: 'string',
  dimensions: 'integer',
  span_tools: 'strings',
  span_handoffs: 'strings',
  session_identifier: 'label',
  thread_identifier: 'label',
  trace_group_identifier: 'label',
  group_identifier: 'label',
  evaluation_identifier: 'label',
  custom_identifier: 'label',
  customer_identifier: 'label',
  customer_email: 'string',
  customer_name: 'string',
  customer_params: 'object',
  environment: 'string',
  is_test: 'boolean',
  metadata: 'metadata',
  properties: 'object',
  variables: 'object',
  prompt: 'text_or_object',
  note: 'text',
  category: 'string',
  audio_input_file: 'string',
  audio_output_file: 'string',
  cache_enabled: 'boolean',
  cache_options: 'object',
  cache_ttl: 'integer',
  eval_params: 'object',
  posthog_integration: 'object',
  hyperspell_params: 'object',
  linkup_params: 'object',
  mem0_params: 'object',
  moda_params: 'object',
  exclude_models: 'strings',
  exclude_providers: 'strings',
  fallback_models: 'strings',
  load_balance_group: 'object',
  load_balance_models: 'objects',
  retry_params: 'object',
  model_name_map: 'object',
  respan_params: 'object',
  keywordsai_params: 'object',
  field_name: 'string',
  delimiter: 'string',
  disable_log: 'boolean',
  disable_fallback: 'boolean',
  request_breakdown: 'boolean',
} as const satisfies Record<string, FieldKind>;

export const fieldKinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>(Object.entries(table));

/** Position of a field in a span as it is written. */
export const fieldOrder: ReadonlyMap<string, number> = new Map(
  Object.keys(table).map((field, position) => [field, position]),
);

/** Other names under which the server accepts a field. Rows in the target's shape keep the name that they use. */
export const aliases: ReadonlyMap<string, string> = new Map([
  ['messages', 'prompt_messages'],
  ['generation_time', 'latency'],
  ['ttft', 'time_to_first_token'],
]);

/** Longest `span_name`, in characters: the server's column is a varchar(255). */
export const maxNameLength = 255;

const credentialNames = new Set(['apikey', 'credentialoverride', 'customercredentials']);

/** Whether a field carries a secret that must never reach the destination, however its name is written. */
export const isCredential: (name: string) => boolean = remember((name) =>
  credentialNames.has(name.toLowerCase().replace(/[^a-z]/g, '')),
);
