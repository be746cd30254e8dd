import { describe, expect, test } from 'vitest';
import { addBodies } from '../../src/sources/chat-body.js';
import type { SpanDraft } from '../../src/span/span.js';

function fieldsOf(request: unknown, response: unknown, own: Record<string, unknown> = {}) {
  const draft: SpanDraft = { fields: { ...own }, metadata: {}, sourceNames: {} };
  addBodies(draft, request, response);
  return draft.fields;
}

const turn = { role: 'user', content: [{ text: 'Why?' }] };
const anthropic = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku',
  content: [{ type: 'text', text: 'So.' }],
  usage: { input_tokens: 9, output_tokens: 2, cache_read_input_tokens: 4 },
};

describe('bodies of', () => {
  test('Anthropic: the system prompt comes first, the message is the body', () => {
    const request = { max_tokens: 50, system: 'Be brief.', messages: [{ role: 'user', content: 'Why?' }] };
    expect(fieldsOf(request, anthropic)).toEqual({
      prompt_messages: [{ role: 'system', content: 'Be brief.' }, request.messages[0]],
      max_tokens: 50,
      completion_message: { role: 'assistant', content: anthropic.content },
      model: 'claude-haiku',
      prompt_tokens: 9,
      completion_tokens: 2,
      prompt_cache_hit_tokens: 4,
    });
  });

  test('Gemini', () => {
    const contents = [{ role: 'user', parts: [{ text: 'Why?' }] }];
    const generationConfig = { temperature: 0.4, maxOutputTokens: 50 };
    const response = {
      candidates: [{ content: { role: 'model', parts: [{ text: 'So.' }] }, finishReason: 'STOP' }],
      modelVersion: 'gemini-2.0-flash',
      usageMetadata: {
        promptTokenCount: 3,
        candidatesTokenCount: 1,
        totalTokenCount: 4,
        thoughtsTokenCount: 7,
      },
    };
    expect(fieldsOf({ contents, generationConfig }, response)).toEqual({
      prompt_messages: contents,
      temperature: 0.4,
      max_tokens: 50,
      completion_message: { role: 'model', parts: [{ text: 'So.' }] },
      model: 'gemini-2.0-flash',
      prompt_tokens: 3,
      completion_tokens: 1,
      total_request_tokens: 4,
      reasoning_tokens: 7,
    });
  });

  test("Bedrock's Converse, in the envelope of an invocation log", () => {
    const request = {
      inputBodyJson: { messages: [turn], inferenceConfig: { topP: 0.9 } },
      inputTokenCount: 25,
    };
    const message = { role: 'assistant', content: [{ text: 'So.' }] };
    const response = { outputBodyJson: { output: { message }, usage: { inputTokens: 25, outputTokens: 3 } } };
    expect(fieldsOf(request, response)).toEqual({
      prompt_messages: [turn],
      top_p: 0.9,
      completion_message: message,
      prompt_tokens: 25,
      completion_tokens: 3,
    });
  });

  test('a log that keeps the number of tokens alone', () => {
    expect(fieldsOf({ inputTokenCount: 5, cacheReadInputTokenCount: 2 }, { outputTokenCount: 3 })).toEqual({
      prompt_tokens: 5,
      prompt_cache_hit_tokens: 2,
      completion_tokens: 3,
    });
  });

  test('a gateway that keeps whole HTTP messages, the body as an object or as a text', () => {
    const messages = [{ role: 'user', content: 'Why?' }];
    const body = { choices: [{ message: { role: 'assistant', content: 'So.' } }], model: 'gpt-4o' };
    const expected = {
      prompt_messages: messages,
      model: 'gpt',
      completion_message: body.choices[0]?.message,
    };
    const request = { method: 'POST', headers: {}, body: { model: 'gpt', messages } };
    expect(fieldsOf(request, { status: 200, body })).toEqual(expected);
    expect(fieldsOf(request, { status: 200, body: JSON.stringify(body) })).toEqual(expected);
  });

  test('Ollama', () => {
    const message = { role: 'assistant', content: 'So.' };
    expect(fieldsOf(undefined, { model: 'llama3', message, done: true })).toEqual({
      completion_message: message,
      model: 'llama3',
    });
  });
});

test('what columns say wins', () => {
  expect(
    fieldsOf({ messages: [turn], model: 'a' }, anthropic, { model: 'b', prompt_tokens: 1 }),
  ).toMatchObject({
    model: 'b',
    prompt_tokens: 1,
    completion_tokens: 2,
  });
});

test.each([
  ['texts', 'question', 'answer'],
  ['data', { rows: [1] }, { status: 200, message: 'ok', usage: { input_tokens: 5 } }],
  ['lists', [1], [2]],
])('%s are no bodies', (_what, request, response) => {
  expect(fieldsOf(request, response)).toEqual({});
});
