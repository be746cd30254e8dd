import { expect, test } from 'vitest';
import { maxSpanBytes } from '../../src/sandbox/contract.js';
import { validateSpans } from '../../src/sandbox/validate.js';

const span = (fields: Record<string, unknown>) => ({ trace_unique_id: 't', span_unique_id: 's', ...fields });

function fieldsAtFault(item: unknown, bytes = 0): string[] {
  const outcome = validateSpans([item], bytes);
  return 'errors' in outcome ? Object.keys(outcome.errors).map((key) => key.replace(/^0\./, '')) : [];
}

test.each([
  ['missing', { span_unique_id: 's' }, 'trace_unique_id'],
  ['empty', { trace_unique_id: '', span_unique_id: 's' }, 'trace_unique_id'],
  ['null', { trace_unique_id: 't', span_unique_id: null }, 'span_unique_id'],
  ['a number', { trace_unique_id: 't', span_unique_id: 7 }, 'span_unique_id'],
])('refuses an id that is %s', (_name, item, field) => {
  expect(fieldsAtFault(item)).toEqual([field]);
});

test.each([
  ['output', { output: { a: 1 } }],
  ['output', { output: 1 }],
  ['span_parent_id', { span_parent_id: 7 }],
  ['log_type', { log_type: 'Chat' }],
  ['log_type', { log_type: 'llm' }],
  ['prompt_tokens', { prompt_tokens: 15.5 }],
  ['prompt_tokens', { prompt_tokens: 'many' }],
  ['cost', { cost: 'NaN' }],
  ['cost', { cost: '' }],
  ['stream', { stream: 'maybe' }],
  ['metadata', { metadata: [] }],
  ['metadata', { metadata: 'text' }],
  ['tool_calls', { tool_calls: {} }],
  ['tool_calls', { tool_calls: ['x'] }],
  ['warnings', { warnings: [] }],
  ['error_message', { error_message: {} }],
  ['span_tools', { span_tools: 'search' }],
  ['tool_choice', { tool_choice: 'any' }],
  ['start_time', { start_time: {} }],
  ['timestamp', { timestamp: 1.7e18 }],
  ['prompt_messages', { prompt_messages: 'hello' }],
  ['prompt_messages', { prompt_messages: [{ role: 'human', content: 'x' }] }],
  [
    'prompt_messages',
    { prompt_messages: [{ role: 'user', content: [{ type: 'thinking', thinking: 'x' }] }] },
  ],
  ['prompt_messages', { prompt_messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
  ['prompt_messages', { prompt_messages: [{ role: 'user', content: { text: 'x' } }] }],
  ['completion_message', { completion_message: { role: 'ai', content: 'x' } }],
  ['completion_message', { completion_message: { role: 'assistant', tool_calls: 'x' } }],
  ['completion_messages', { completion_messages: [null] }],
])('refuses %s in %j', (field, fields) => {
  expect(fieldsAtFault(span(fields))).toEqual([field]);
});

test.each([
  { span_parent_id: null, log_type: null, output: null, metadata: null },
  { input: null },
  { input: { any: ['thing'] } },
  { prompt_tokens: '15', completion_tokens: 15.0, cost: '0.001', status_code: '200', stream: 'true' },
  { log_type: 'chat' },
  { metadata: { a: 1, b: { c: [] } } },
  { metadata: '{"a":"b"}' },
  { start_time: 'garbage', timestamp: 1_757_317_579_000 },
  { customer_identifier: 7, thread_identifier: 'x' },
  { embedding: [0.1, 2], stop: ['a'], logit_bias: { '50256': -100 } },
  { tool_choice: { type: 'function', function: { name: 'f' } } },
  {
    prompt_messages: [
      { role: 'developer', content: null },
      { role: 'tool', tool_call_id: 'x', content: ['a', { type: 'text', text: 'b' }] },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.org/a.png' } }] },
    ],
  },
  { completion_message: { role: 'assistant', content: '', tool_calls: [{ id: 'a', function: {} }] } },
  { tags: ['ignored'], total_tokens: 'ignored', nonsense: { deeply: 'ignored' } },
])('takes %j', (fields) => {
  expect(fieldsAtFault(span(fields))).toEqual([]);
});

test('refuses a span over 20 MB and takes several below it in a larger body', () => {
  const bytes = maxSpanBytes + 1000;
  expect(fieldsAtFault(span({ input: 'x'.repeat(maxSpanBytes) }), bytes)).toEqual(['span']);
  expect(fieldsAtFault(span({ input: 'x' }), bytes)).toEqual([]);
});
