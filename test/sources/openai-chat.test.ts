import { expect, test } from 'vitest';
import { openaiChat } from '../../src/sources/openai-chat.js';
import { fixture } from './fixture.js';
import { importWith } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';
import { sampleRows } from './sample-rows.js';

test('a request beside its response is a span, with the columns around them by their names', async () => {
  const file = fixture('openai-chat/exchanges.jsonl');
  const { spans, warnings } = await importWith(openaiChat, file);
  expect(warnings).toEqual({});
  expect(spans[0]).toMatchObject({
    span_unique_id: 'chatcmpl-9',
    log_type: 'chat',
    start_time: '2025-05-01T08:00:00.500Z',
    timestamp: '2025-05-01T08:00:02Z',
    model: 'gpt-4o',
    temperature: 0.5,
    prompt_messages: [{ role: 'user', content: 'Hello' }],
    completion_message: { role: 'assistant', content: 'Hi' },
    output: 'Hi',
    prompt_tokens: 8,
    completion_tokens: 2,
    customer_identifier: 'user-1',
    metadata: { build: 'b42' },
  });
  const withoutLatency = sampleRows(file).map((row) => ({ ...row, latency_ms: undefined }));
  expect(lostScalars(withoutLatency, spans)).toEqual([]);
});

test('responses on their own are spans that end when they were created', async () => {
  const file = fixture('openai-chat/completions.jsonl');
  const { spans, traces, warnings } = await importWith(openaiChat, file);
  expect(warnings).toEqual({});
  expect(traces).toBe(2);
  expect(spans[0]).toMatchObject({
    span_unique_id: 'chatcmpl-7',
    log_type: 'chat',
    timestamp: '2025-05-01T08:00:01Z',
    completion_message: { role: 'assistant', tool_calls: [{ id: 'call_1' }] },
    total_request_tokens: 10,
  });
  expect(spans[1]).toMatchObject({
    log_type: 'response',
    model: 'gpt-4.1',
    output: 'Yes.',
    completion_tokens: 2,
  });
  expect(lostScalars(sampleRows(file), spans)).toEqual([]);
});

test('bodies may be JSON text in the cells of a table', () => {
  const row = {
    request: '{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}',
    response: '{"id":"chatcmpl-1","object":"chat.completion","choices":[]}',
  };
  expect(openaiChat.detect([row]).agreeing).toBe(1);
  expect(openaiChat.map(row, mapContext({ isRecord: true }))).toMatchObject({
    drafts: [{ traceId: 'chatcmpl-1', fields: { model: 'gpt-4o' } }],
  });
});

test('other rows are not taken for responses of OpenAI', () => {
  const foreign = [
    { custom_id: 'a', response: { choices: [] }, request: { model: 'x', messages: [] } },
    { id: 'a', choices: ['yes', 'no'] },
    { request: 'GET /', response: '200' },
  ];
  expect(openaiChat.detect(foreign).agreeing).toBe(0);
});

test('a row without bodies is rejected, not guessed', () => {
  expect(openaiChat.map({ prompt: 'Hello', answer: 'Hi' }, mapContext())).toMatchObject({
    kind: 'reject',
    problem: { code: 'missing_field', field: 'response' },
  });
});
