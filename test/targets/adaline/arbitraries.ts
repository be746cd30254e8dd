import fc from 'fast-check';

import { normaliseNative } from '../../../src/span/native.js';
import { spanText } from '../../../src/span/encode.js';
import type { Span } from '../../../src/span/span.js';
import { options } from '../../span/factories.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const words = fc.oneof(
  text,
  fc.json({ maxDepth: 2 }),
  fc.constantFrom('{}', '[]', '"quoted"', '""', '', 'null', '5', ' {"a": 1} ', '{"messages":[]}'),
);
// JSON writes -0 as 0.
const value = fc.jsonValue({ maxDepth: 2 }).map((each): unknown => JSON.parse(JSON.stringify(each)));
const call = fc.record(
  {
    id: text,
    type: fc.constant('function'),
    function: fc.record({ name: text, arguments: words }),
    extra: value,
  },
  { requiredKeys: [] },
);
const part = fc.oneof(
  text.map((each) => ({ type: 'text', text: each })),
  fc.record({
    type: fc.constant('image_url'),
    image_url: fc.record({ url: text, detail: fc.constantFrom('low', 'auto', 'x') }),
  }),
  fc.constantFrom(
    { type: 'image_url', image_url: 'https://example.com/a.png' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
    { type: 'file', file: { data: 'AAAA', media_type: 'application/pdf' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    { type: 'input_image', image: 'https://example.com/b.png' },
    { type: 'tool_use', id: 'call-1', name: 'search', input: { q: 1 } },
    { type: 'tool_result', tool_use_id: 'call-1', content: 'found' },
  ),
);
const message = fc.record(
  {
    role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'developer', 'none'),
    content: fc.oneof(words, fc.constant(null), fc.array(fc.oneof(text, part), { maxLength: 3 })),
    name: text,
    tool_call_id: text,
    tool_calls: fc.array(call, { maxLength: 2 }),
    reasoning_content: text,
    thinking_blocks: fc.array(
      fc.oneof(
        fc.record(
          { type: fc.constant('thinking'), thinking: text, signature: text },
          { requiredKeys: ['type', 'thinking'] },
        ),
        fc.record({ type: fc.constant('redacted_thinking'), data: text }),
        value,
      ),
      { maxLength: 2 },
    ),
    'odd.name, "x"': value,
  },
  { requiredKeys: ['role'] },
);
const count = fc.oneof(fc.nat(100_000), fc.nat(100).map(String));
const fields = fc.record(
  {
    span_name: fc.string({ maxLength: 255 }),
    span_workflow_name: text,
    trace_name: text,
    span_path: words,
    log_type: fc.constantFrom(
      'chat',
      'generation',
      'tool',
      'task',
      'workflow',
      'embedding',
      'guardrail',
      'function',
      'custom',
      'text',
    ),
    model: fc.oneof(text, fc.constantFrom('gpt-5', 'claude-4', 'x/y', 'm'.repeat(600))),
    provider_id: text,
    provider: text,
    input: words,
    output: words,
    prompt_messages: fc.array(message, { maxLength: 3 }),
    messages: fc.array(message, { maxLength: 2 }),
    completion_message: message,
    completion_messages: fc.array(message, { maxLength: 2 }),
    prompt_tokens: count,
    completion_tokens: count,
    total_request_tokens: count,
    cost: fc.oneof(
      fc.double({ min: -1, max: 5, noNaN: true }).map((each) => each + 0),
      fc.constantFrom('0.5', '-1'),
    ),
    latency: fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.constant('1.5')),
    temperature: fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), fc.constant('0.7')),
    max_tokens: count,
    stop: fc.oneof(words, fc.array(text, { maxLength: 2 })),
    tool_choice: fc.oneof(words, fc.record({ type: text })),
    tools: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('function'), function: fc.record({ name: text, parameters: value }) }),
        fc.record({ type: text }),
      ),
      { maxLength: 2 },
    ),
    embedding: fc.oneof(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0)),
      words,
    ),
    full_response: fc.array(value, { maxLength: 2 }),
    status_code: fc.constantFrom(200, 404, 500, '500'),
    status: fc.constantFrom('success', 'error', 'Cancelled', 'odd'),
    error_message: words,
    warnings: words,
    environment: text,
    stream: fc.oneof(fc.boolean(), fc.constant('true')),
    session_identifier: fc.oneof(fc.constantFrom('s-1', 's-2', 's'.repeat(200)), fc.nat(9)),
    thread_identifier: fc.constantFrom('t-1', 7),
    metadata: fc.dictionary(
      fc.oneof(text, fc.constantFrom('respan.model', '', '__proto__', 'tags', 'events', 'adaline.promptId')),
      value,
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
    respan_params: fc.dictionary(text, value, { maxKeys: 2, noNullPrototype: true }),
    encoding_format: fc.constant('float'),
    disable_fallback: fc.boolean(),
  },
  { requiredKeys: [] },
);

const start = Date.UTC(2025, 5, 5, 10) * 1000;

function timeOf(micros: number | undefined): string | undefined {
  if (micros === undefined) return undefined;
  const second = new Date(Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19);
  return `${second}.${String(micros % 1_000_000).padStart(6, '0')}Z`;
}

interface Drawn {
  fields: Record<string, unknown>;
  parent: number;
  start: number | undefined;
  lasts: number | undefined;
}

function rowOf(drawn: Drawn, position: number, idOf: (position: number) => string): Record<string, unknown> {
  const from = drawn.start === undefined ? undefined : start + drawn.start;
  const until = drawn.lasts === undefined ? undefined : (from ?? start) + drawn.lasts;
  const told = { start_time: timeOf(from), timestamp: timeOf(until) };
  const times = Object.entries(told).filter(([, time]) => time !== undefined);
  const parent = drawn.parent % (position + 2);
  return {
    ...drawn.fields,
    ...Object.fromEntries(times),
    trace_unique_id: idOf(-1),
    span_unique_id: idOf(position),
    ...(parent === position ? {} : { span_parent_id: parent > position ? 'elsewhere' : idOf(parent) }),
  };
}

/** A row as a plan holds it: its own fields where it passes as it is, else repaired. Undefined where it is rejected. */
function plannedSpan(row: Record<string, unknown>): Span | undefined {
  const json = JSON.stringify(row);
  const parsed: Record<string, unknown> = JSON.parse(json);
  const normalised = normaliseNative(parsed, options(), () => json);
  if (normalised.kind === 'reject') return undefined;
  const { span } = normalised;
  const body: Span = JSON.parse(spanText(span.body === 'row' ? parsed : span.body, span));
  return body;
}

/** The spans of one trace as a plan gives them, parents first: all kinds of fields, times, messages and edges. */
export const plannedTrace: fc.Arbitrary<Span[]> = fc
  .tuple(
    fc.array(
      fc.record({
        fields,
        parent: fc.nat(8),
        start: fc.option(fc.nat(5_000_000), { nil: undefined, freq: 8 }),
        lasts: fc.option(fc.oneof(fc.nat(2000), fc.nat(5_000_000)), { nil: undefined, freq: 8 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    fc.constantFrom('span', 's'.repeat(300)),
  )
  .map(([drawn, prefix]) =>
    drawn
      .map((each, position) => plannedSpan(rowOf(each, position, (of) => `${prefix} ${of}`)))
      .filter((each) => each !== undefined),
  );
