/**
 * Target fields and the attributes that tell them, the most telling first. The names are those of OpenTelemetry's
 * GenAI conventions (current and older), OpenLLMetry (`traceloop.*`, `llm.*`), OpenInference, Vercel's AI SDK (`ai.*`)
 * and Respan's own instrumentation.
 */
export const attributeFields: readonly (readonly [field: string, names: readonly string[]])[] = [
  [
    'model',
    [
      'gen_ai.response.model',
      'llm.response.model_name',
      'llm.response.model',
      'ai.response.model',
      'gen_ai.request.model',
      'llm.request.model',
      'llm.model_name',
      'llm.model',
      'ai.model.id',
      'embedding.model_name',
      'reranker.model_name',
    ],
  ],
  [
    'provider_id',
    ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'ai.model.provider'],
  ],
  [
    'prompt_tokens',
    [
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.prompt_tokens',
      'llm.usage.prompt_tokens',
      'llm.token_count.prompt',
      'ai.usage.inputTokens',
      'ai.usage.promptTokens',
    ],
  ],
  [
    'completion_tokens',
    [
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.completion_tokens',
      'llm.usage.completion_tokens',
      'llm.token_count.completion',
      'ai.usage.outputTokens',
      'ai.usage.completionTokens',
    ],
  ],
  [
    'total_request_tokens',
    [
      'gen_ai.usage.total_tokens',
      'llm.usage.total_tokens',
      'llm.token_count.total',
      'ai.usage.totalTokens',
      'ai.usage.tokens',
    ],
  ],
  [
    'prompt_cache_hit_tokens',
    [
      'gen_ai.usage.cache_read.input_tokens',
      'gen_ai.usage.cache_read_input_tokens',
      'llm.usage.cache_read_input_tokens',
      'llm.token_count.prompt_details.cache_read',
      'ai.usage.inputTokenDetails.cacheReadTokens',
      'ai.usage.cachedInputTokens',
    ],
  ],
  [
    'prompt_cache_creation_tokens',
    [
      'gen_ai.usage.cache_creation.input_tokens',
      'gen_ai.usage.cache_creation_input_tokens',
      'llm.usage.cache_creation_input_tokens',
      'llm.token_count.prompt_details.cache_write',
      'ai.usage.inputTokenDetails.cacheWriteTokens',
    ],
  ],
  [
    'reasoning_tokens',
    [
      'gen_ai.usage.reasoning_tokens',
      'gen_ai.usage.reasoning.output_tokens',
      'llm.usage.reasoning_tokens',
      'llm.token_count.completion_details.reasoning',
      'ai.usage.outputTokenDetails.reasoningTokens',
      'ai.usage.reasoningTokens',
    ],
  ],
  ['cost', ['gen_ai.usage.cost', 'gen_ai.usage.total_cost', 'llm.cost.total']],
  [
    'time_to_first_token',
    [
      'gen_ai.response.time_to_first_chunk',
      'llm.openai.chat_completions.streaming_time_to_first_token',
      'gen_ai.usage.ttft',
    ],
  ],
  [
    'temperature',
    ['gen_ai.request.temperature', 'llm.request.temperature', 'llm.temperature', 'ai.settings.temperature'],
  ],
  ['top_p', ['gen_ai.request.top_p', 'llm.request.top_p', 'llm.top_p', 'ai.settings.topP']],
  [
    'max_tokens',
    [
      'gen_ai.request.max_tokens',
      'llm.request.max_tokens',
      'ai.settings.maxOutputTokens',
      'ai.settings.maxTokens',
    ],
  ],
  [
    'frequency_penalty',
    ['gen_ai.request.frequency_penalty', 'llm.frequency_penalty', 'ai.settings.frequencyPenalty'],
  ],
  [
    'presence_penalty',
    ['gen_ai.request.presence_penalty', 'llm.presence_penalty', 'ai.settings.presencePenalty'],
  ],
  ['n', ['gen_ai.request.choice.count']],
  ['stop', ['gen_ai.request.stop_sequences', 'llm.chat.stop_sequences', 'ai.settings.stopSequences']],
  ['stream', ['gen_ai.request.stream', 'llm.is_streaming', 'gen_ai.is_streaming']],
  ['dimensions', ['gen_ai.embeddings.dimension.count']],
  ['reasoning_effort', ['gen_ai.request.reasoning_effort', 'llm.request.reasoning_effort']],
  ['tool_choice', ['ai.prompt.toolChoice', 'gen_ai.request.tool_choice']],
  ['span_workflow_name', ['traceloop.workflow.name', 'gen_ai.workflow.name', 'workflow.name']],
  ['span_path', ['traceloop.entity.path', 'graph.node.id']],
  ['log_method', ['respan.entity.log_method']],
  [
    'thread_identifier',
    [
      'respan.threads.thread_identifier',
      'respan.thread.id',
      'gen_ai.conversation.id',
      'ai.telemetry.metadata.thread_identifier',
    ],
  ],
  [
    'session_identifier',
    [
      'respan.sessions.session_identifier',
      'session.id',
      'traceloop.association.properties.session_id',
      'ai.telemetry.metadata.session_identifier',
      'ai.telemetry.metadata.sessionId',
    ],
  ],
  [
    'customer_identifier',
    [
      'respan.customer_params.customer_identifier',
      'respan.customer.identifier',
      'user.id',
      'enduser.id',
      'traceloop.association.properties.user_id',
      'ai.telemetry.metadata.customer_identifier',
      'ai.telemetry.metadata.userId',
    ],
  ],
  [
    'customer_email',
    ['respan.customer_params.email', 'respan.customer.email', 'ai.telemetry.metadata.customer_email'],
  ],
  [
    'customer_name',
    ['respan.customer_params.name', 'respan.customer.name', 'ai.telemetry.metadata.customer_name'],
  ],
  [
    'trace_group_identifier',
    [
      'respan.trace.trace_group_identifier',
      'respan.trace_group.id',
      'ai.telemetry.metadata.trace_group_identifier',
    ],
  ],
  ['custom_identifier', ['respan.span_params.custom_identifier']],
  ['evaluation_identifier', ['respan.evaluation_params.evaluation_identifier']],
  ['environment', ['respan.environment', 'deployment.environment.name', 'deployment.environment']],
  ['properties', ['respan.properties']],
  ['prompt_unit_price', ['ai.telemetry.metadata.prompt_unit_price']],
  ['completion_unit_price', ['ai.telemetry.metadata.completion_unit_price']],
  ['error_message', ['error.message', 'exception.message']],
];

/** What a span was given, where it is no chat: the first that is there is `input`. */
export const inputNames = [
  'traceloop.entity.input',
  'input.value',
  'gen_ai.task.input',
  'gen_ai.tool.call.arguments',
  'ai.toolCall.args',
  'ai.prompt',
  'gen_ai.input.messages',
  'ai.prompt.messages',
  'gen_ai.prompt',
  'ai.values',
  'ai.value',
  'llm.request.messages',
  'tool.arguments',
  'tool.parameters',
  'function.input',
  'inputs',
  'input',
] as const;

export const outputNames = [
  'traceloop.entity.output',
  'output.value',
  'gen_ai.task.output',
  'gen_ai.tool.call.result',
  'ai.toolCall.result',
  'gen_ai.output.messages',
  'ai.response.text',
  'ai.response.object',
  'gen_ai.completion',
  'ai.response.toolCalls',
  'llm.response.content',
  'tool.result',
  'function.output',
  'output',
] as const;

/** Parameters that are found together in a JSON text: `llm.invocation_parameters`. */
export const invocationFields: ReadonlyMap<string, string> = new Map([
  ['model', 'model'],
  ['model_name', 'model'],
  ['temperature', 'temperature'],
  ['top_p', 'top_p'],
  ['max_tokens', 'max_tokens'],
  ['max_output_tokens', 'max_tokens'],
  ['max_completion_tokens', 'max_completion_tokens'],
  ['frequency_penalty', 'frequency_penalty'],
  ['presence_penalty', 'presence_penalty'],
  ['stop', 'stop'],
  ['stream', 'stream'],
  ['n', 'n'],
  ['tools', 'tools'],
  ['tool_choice', 'tool_choice'],
  ['parallel_tool_calls', 'parallel_tool_calls'],
  ['response_format', 'response_format'],
  ['reasoning_effort', 'reasoning_effort'],
]);
