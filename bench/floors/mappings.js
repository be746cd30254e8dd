/** @typedef {Record<string, any>} Row Somebody's log, as `JSON.parse` gives it. */

/**
 * Row to span, as a script does it that trusts its input, by the name of the shape.
 *
 * @type {Map<string, (row: Row) => object>}
 */
export const mappings = new Map([
  ['native', mapNative],
  ['flat', mapFlat],
]);

/** @param {Row} row */
function mapNative({ metadata, ...row }) {
  return {
    ...row,
    input: textOf(row['input']),
    output: textOf(row['output']),
    metadata: { ...metadata, imported: true },
  };
}

/** @param {Row} row */
function mapFlat(row) {
  const { request_id, trace_id, parent_id, name, type, workflow, started_at, ended_at, latency_ms } = row;
  const { provider, model, messages, input, response, prompt_tokens, completion_tokens, cost_usd } = row;
  const { temperature, stream, user_id, session_id, environment, status, release, attempt } = row;
  return {
    trace_unique_id: trace_id,
    span_unique_id: request_id,
    span_parent_id: parent_id,
    span_name: name,
    span_workflow_name: workflow,
    log_type: type,
    start_time: new Date(started_at).toISOString(),
    timestamp: new Date(ended_at).toISOString(),
    latency: latency_ms / 1000,
    input: textOf(messages ?? input),
    output: textOf(response),
    ...(messages === null
      ? {}
      : {
          provider_id: provider,
          model,
          prompt_messages: messages,
          completion_message: { role: 'assistant', content: response },
          prompt_tokens,
          completion_tokens,
          cost: cost_usd,
          temperature,
          stream,
        }),
    customer_identifier: user_id,
    session_identifier: session_id,
    metadata: { environment, status, release, attempt },
  };
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
