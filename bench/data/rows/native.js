import { tokensOf } from '../content.js';
import { rfc3339 } from '../time.js';

/**
 * A span in the shape of Respan's ingest contract, as one line of JSON.
 *
 * @param {import('../trace-outliner.js').Outline} span
 * @param {import('../content.js').ContentWriter} content
 */
export function nativeRow(span, content) {
  return JSON.stringify({
    trace_unique_id: span.trace,
    span_unique_id: span.id,
    span_parent_id: span.parent?.id ?? null,
    span_name: `${span.kind === 'chat' ? 'openai' : span.workflow}.${span.kind}`,
    span_workflow_name: span.workflow,
    span_path: span.path,
    start_time: rfc3339(span.start),
    timestamp: rfc3339(span.end),
    latency: (span.end - span.start) / 1e6,
    ...(span.kind === 'chat' ? chat(content) : step(span.kind, content)),
    encoding_format: 'float',
    metadata: content.facts(),
    respan_params: { has_webhook: false, environment: 'prod' },
    disable_log: false,
  });
}

/** @param {import('../content.js').ContentWriter} content */
function chat(content) {
  const { messages, answer, model, temperature, stream } = content.conversation();
  const completion = { role: 'assistant', content: answer };
  const input = JSON.stringify(messages);
  return {
    provider_id: 'openai',
    model,
    input,
    output: JSON.stringify(completion),
    prompt_messages: messages,
    completion_message: completion,
    prompt_tokens: tokensOf(input),
    completion_tokens: tokensOf(answer),
    cost: Math.round(input.length + 4 * answer.length) / 1e7,
    temperature,
    max_tokens: 4096,
    stream,
  };
}

/**
 * @param {string} kind
 * @param {import('../content.js').ContentWriter} content
 */
function step(kind, content) {
  const { argument, result } = content.step(kind);
  return { input: JSON.stringify({ args: [], kwargs: argument }), output: result };
}
