import { tokensOf } from '../content.js';
import { rfc3339 } from '../time.js';

/** In the order of a row's keys. */
export const flatColumns =
  'request_id trace_id parent_id name type workflow started_at ended_at latency_ms provider model messages input response prompt_tokens completion_tokens cost_usd temperature stream status user_id session_id environment release attempt'.split(
    ' ',
  );

/**
 * A log row as many applications write their own: flat, in nobody's schema, every row with the same columns. An import
 * has to map each of them by its name.
 *
 * @param {import('../trace-outliner.js').Outline} span
 * @param {import('../content.js').ContentWriter} content
 */
export function flatRow(span, content) {
  const { session, release, customer, attempt } = content.facts();
  return {
    request_id: span.id,
    trace_id: span.trace,
    parent_id: span.parent?.id ?? null,
    name: `${span.workflow}.${span.kind}`,
    type: span.kind,
    workflow: span.workflow,
    started_at: rfc3339(span.start),
    ended_at: rfc3339(span.end),
    latency_ms: (span.end - span.start) / 1000,
    ...(span.kind === 'chat' ? chat(content) : step(span.kind, content)),
    status: 'ok',
    user_id: customer,
    session_id: session,
    environment: 'prod',
    release,
    attempt,
  };
}

/** @param {import('../content.js').ContentWriter} content */
function chat(content) {
  const { messages, answer, model, temperature, stream } = content.conversation();
  const tokens = tokensOf(JSON.stringify(messages));
  return {
    provider: 'openai',
    model,
    messages,
    input: null,
    response: answer,
    prompt_tokens: tokens,
    completion_tokens: tokensOf(answer),
    cost_usd: Math.round(4 * tokens + 4 * answer.length) / 1e7,
    temperature,
    stream,
  };
}

/**
 * @param {string} kind
 * @param {import('../content.js').ContentWriter} content
 */
function step(kind, content) {
  const { argument, result } = content.step(kind);
  return {
    provider: null,
    model: null,
    messages: null,
    input: argument,
    response: result,
    prompt_tokens: null,
    completion_tokens: null,
    cost_usd: null,
    temperature: null,
    stream: null,
  };
}
