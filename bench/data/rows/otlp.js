import { tokensOf } from '../content.js';

/**
 * A span as OTLP/JSON has it, with the attributes of OpenTelemetry's conventions for generative AI.
 *
 * @param {import('../trace-outliner.js').Outline} span
 * @param {import('../content.js').ContentWriter} content
 */
export function otlpSpan(span, content) {
  return JSON.stringify({
    traceId: span.trace,
    spanId: span.id,
    ...(span.parent === undefined ? {} : { parentSpanId: span.parent.id }),
    name: `${span.workflow}.${span.kind}`,
    kind: span.kind === 'chat' ? 3 : 1,
    startTimeUnixNano: `${span.start}000`,
    endTimeUnixNano: `${span.end}000`,
    attributes: (span.kind === 'chat' ? chat(content) : step(span.kind, content)).concat(
      Object.entries(content.facts()).map(([key, value]) => attribute(key, value)),
    ),
    status: { code: 1 },
  });
}

/** @param {import('../content.js').ContentWriter} content */
function chat(content) {
  const { messages, answer, model, temperature } = content.conversation();
  const input = JSON.stringify(messages);
  return [
    attribute('gen_ai.operation.name', 'chat'),
    attribute('gen_ai.system', 'openai'),
    attribute('gen_ai.request.model', model),
    attribute('gen_ai.request.temperature', temperature),
    attribute('gen_ai.input.messages', input),
    attribute('gen_ai.output.messages', JSON.stringify([{ role: 'assistant', content: answer }])),
    attribute('gen_ai.usage.input_tokens', tokensOf(input)),
    attribute('gen_ai.usage.output_tokens', tokensOf(answer)),
  ];
}

/**
 * @param {string} kind
 * @param {import('../content.js').ContentWriter} content
 */
function step(kind, content) {
  const { argument, result } = content.step(kind);
  return [attribute('input.value', JSON.stringify(argument)), attribute('output.value', result)];
}

/**
 * @param {string} key
 * @param {string | number} value
 */
function attribute(key, value) {
  if (typeof value === 'string') return { key, value: { stringValue: value } };
  return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
}
