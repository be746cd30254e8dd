/**
 * The contract of the ingest endpoint, as far as it can be known from outside: the fields and types of the models in
 * Respan's public SDK (respan-sdk 2.6.26, `RespanFullLogParams`), whose behaviour was observed by running them, and
 * the limits of the public documentation. Deliberately written without the importer's own field table: two readings
 * of one contract that agree are worth more than one reading that agrees with itself.
 */

/** How the model reads a field. Every kind also takes null, which means absent. */
export type FieldKind =
  | 'text'
  | 'text or integer'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'object'
  | 'list of objects'
  | 'list of texts'
  | 'object or list'
  | 'object or JSON text'
  | 'object or text'
  | 'list of numbers or text'
  | 'text or list of texts'
  | 'numbers by name'
  | 'tool choice'
  | 'time'
  | 'log type'
  | 'message'
  | 'messages';

/** Documented limit of one span's payload. Bytes. */
export const maxSpanBytes = 20 * 1024 * 1024;

export const logTypes: ReadonlySet<string> = new Set(
  (
    'text chat completion response embedding transcription speech workflow task tool agent handoff guardrail ' +
    'function custom generation unknown score batch span'
  ).split(' '),
);

export const messageRoles: ReadonlySet<string> = new Set(
  'user assistant system tool none developer'.split(' '),
);

/** Content part type → its required members, all of them strings unless the part is checked on its own. */
export const contentParts: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['text']],
  ['input_text', ['text']],
  ['output_text', ['text']],
  ['input_file', ['file']],
  ['input_image', ['image']],
  ['tool_result', ['tool_use_id', 'content']],
  ['tool_use', []],
  ['file', []],
  ['image', []],
  ['image_url', []],
]);

const fieldsByKind: readonly [FieldKind, string][] = [
  [
    'text',
    'span_parent_id span_name span_path span_workflow_name trace_name customer_email customer_name output ' +
      'ideal_output model provider_id reasoning_effort encoding_format error_message warnings status note category ' +
      'log_method environment audio_input_file audio_output_file field_name delimiter user_email ' +
      'organization_name unique_organization_id api_key prompt_id prompt_name thread_unique_id unique_id ' +
      'response_id',
  ],
  [
    'text or integer',
    'custom_identifier group_identifier evaluation_identifier customer_identifier session_identifier ' +
      'trace_group_identifier thread_identifier user_id organization_id id',
  ],
  [
    'integer',
    'status_code error_bit max_tokens max_completion_tokens n top_logprobs dimensions prompt_tokens ' +
      'completion_tokens prompt_cache_hit_tokens prompt_cache_creation_tokens total_request_tokens cache_ttl ' +
      'prompt_version_number prompt_message_count completion_message_count',
  ],
  [
    'number',
    'latency generation_time time_to_first_token ttft tokens_per_second routing_time temperature top_p ' +
      'frequency_penalty presence_penalty timeout cost prompt_unit_price completion_unit_price evaluation_cost',
  ],
  [
    'boolean',
    'stream logprobs parallel_tool_calls echo is_test disable_log disable_fallback request_breakdown ' +
      'cache_enabled has_warnings has_tool_calls positive_feedback',
  ],
  [
    'object',
    'properties variables customer_params usage stream_options response_format thinking respan_params ' +
      'cache_options eval_params posthog_integration warnings_dict recommendations_dict credential_override ' +
      'customer_credentials',
  ],
  ['list of objects', 'tool_calls reasoning tools'],
  ['list of texts', 'span_handoffs span_tools fallback_models exclude_models exclude_providers'],
  ['object or list', 'full_request full_response'],
  ['object or JSON text', 'metadata'],
  ['object or text', 'prompt'],
  ['list of numbers or text', 'embedding'],
  ['text or list of texts', 'stop'],
  ['numbers by name', 'logit_bias'],
  ['tool choice', 'tool_choice'],
  ['time', 'start_time timestamp'],
  ['log type', 'log_type'],
  ['message', 'completion_message'],
  ['messages', 'prompt_messages messages completion_messages'],
];

/** Known field → kind. Other keys are ignored without an error, as the model does. */
export const fieldKinds: ReadonlyMap<string, FieldKind> = new Map(
  fieldsByKind.flatMap(([kind, names]) => names.split(' ').map((name): [string, FieldKind] => [name, kind])),
);
