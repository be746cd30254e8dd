import { describe, expect, it } from 'vitest';

import { logTraceOf } from '../../../src/targets/adaline/log-trace.js';
import { adalineOptions, span } from './factories.js';

function contentOf(fields: Record<string, unknown>, children: Record<string, unknown>[] = []) {
  const spans = [
    span(fields),
    ...children.map((child) => span({ span_unique_id: 'child', span_parent_id: 'span-1', ...child })),
  ];
  return logTraceOf(spans, adalineOptions()).spans[0]!.content;
}

function input(fields: Record<string, unknown>): unknown {
  return JSON.parse(contentOf({ log_type: 'chat', ...fields }).input);
}

function output(fields: Record<string, unknown>): unknown {
  return JSON.parse(contentOf({ log_type: 'chat', ...fields }).output);
}

const said = [{ role: 'user', content: 'hi' }];

describe('the type of a content', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ log_type: 'chat' }, 'Model'],
    [{ log_type: 'text' }, 'Model'],
    [{ log_type: 'embedding' }, 'Embeddings'],
    [{ log_type: 'tool' }, 'Tool'],
    [{ log_type: 'function' }, 'Function'],
    [{ log_type: 'guardrail' }, 'Guardrail'],
    [{ log_type: 'workflow', prompt_tokens: 10 }, 'Function'],
    [{ log_type: 'agent', span_name: 'search tool' }, 'Function'],
    [{ log_type: 'task' }, 'Other'],
    [{ log_type: 'score' }, 'Other'],
    [{}, 'Other'],
    [{ log_type: 'task', metadata: { 'openinference.span.kind': 'RETRIEVER' } }, 'Retrieval'],
    [{ log_type: 'task', span_name: 'vector_search' }, 'Retrieval'],
    [{ log_type: 'custom', span_name: 'moderation' }, 'Guardrail'],
    [{ span_name: 'lookup.tool' }, 'Tool'],
    [{ span_name: 'toolbox' }, 'Other'],
    [{ span_name: 'openai.embeddings', prompt_tokens: 3 }, 'Embeddings'],
    [{ span_name: 'openai.chat', model: 'gpt-5', prompt_messages: said }, 'Model'],
    [{ prompt_tokens: '12' }, 'Model'],
    [{ model: 'python' }, 'Other'],
  ])('%j is %s', (fields, type) => {
    expect(contentOf(fields).type).toBe(type);
  });

  it('is Function for a step with children that tells nothing else', () => {
    expect(contentOf({ log_type: 'task' }, [{}]).type).toBe('Function');
  });
});

describe('input and output of a step', () => {
  it.each([
    ['plain words', '"plain words"'],
    ['{"a": 1}', '{"a": 1}'],
    ['5', '5'],
    ['"quoted"', String.raw`"\"quoted\""`],
    ['{}', '"{}"'],
    ['', '""'],
    [undefined, '{}'],
  ])('%j is sent as the JSON %s', (told, json) => {
    expect(contentOf({ log_type: 'tool', input: told, output: told })).toEqual({
      type: 'Tool',
      input: json,
      output: json,
    });
  });
});

describe('the call of a model', () => {
  it('has messages, parameters, tools and counts in Adaline’s shape', () => {
    const call = {
      model: 'gpt-5',
      provider_id: 'openai',
      cost: 0.25,
      prompt_messages: said,
      completion_message: { role: 'assistant', content: 'hello' },
      temperature: 0.5,
      max_tokens: 100,
      tools: [{ type: 'function', function: { name: 'search', parameters: { type: 'object' } } }],
      prompt_tokens: 3,
      completion_tokens: 4,
    };
    expect(contentOf({ log_type: 'chat', ...call })).toMatchObject({
      type: 'Model',
      model: 'gpt-5',
      provider: 'openai',
      cost: 0.25,
    });
    expect(input(call)).toEqual({
      messages: [{ role: 'user', content: [{ modality: 'text', value: 'hi' }] }],
      config: { temperature: 0.5, maxTokens: 100 },
      tools: [
        { type: 'function', definition: { schema: { name: 'search', parameters: { type: 'object' } } } },
      ],
    });
    expect(output(call)).toEqual({
      messages: [{ role: 'assistant', content: [{ modality: 'text', value: 'hello' }] }],
      tokenUsage: { promptTokens: 3, completionTokens: 4, totalTokens: 7 },
    });
  });

  it('has calls of tools and their answers, whose names it finds', () => {
    const call = { id: 'call-1', type: 'function', function: { name: 'search', arguments: '{"q":1}' } };
    expect(
      input({
        prompt_messages: [
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call-1', content: 'found' },
        ],
      }),
    ).toEqual({
      messages: [
        {
          role: 'assistant',
          content: [{ modality: 'tool-call', index: 0, id: 'call-1', name: 'search', arguments: '{"q":1}' }],
        },
        {
          role: 'tool',
          content: [{ modality: 'tool-response', index: 0, id: 'call-1', name: 'search', data: 'found' }],
        },
      ],
    });
  });

  it('has images, documents and reasoning', () => {
    const png = 'data:image/png;base64,AAAA';
    const message = {
      role: 'user',
      reasoning_content: 'so',
      content: [
        { type: 'image_url', image_url: { url: png } },
        { type: 'image_url', image_url: { url: 'https://example.com/a', detail: 'high' } },
        { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } },
      ],
    };
    expect(input({ prompt_messages: [message] })).toEqual({
      messages: [
        {
          role: 'user',
          content: [
            { modality: 'reasoning', value: { type: 'thinking', thinking: 'so' } },
            { modality: 'image', detail: 'auto', value: { type: 'base64', base64: png, mediaType: 'png' } },
            { modality: 'image', detail: 'high', value: { type: 'url', url: 'https://example.com/a' } },
            {
              modality: 'pdf',
              value: { type: 'base64', base64: 'data:application/pdf;base64,AAAA', mediaType: 'pdf' },
            },
          ],
        },
      ],
    });
  });

  it('makes messages of a plain input, and leaves the body of a provider as it is', () => {
    expect(input({ input: 'hi' })).toEqual({
      messages: [{ role: 'user', content: [{ modality: 'text', value: 'hi' }] }],
    });
    expect(input({ input: '{"contents":[{"parts":[{"text":"hi"}]}]}' })).toEqual({
      contents: [{ parts: [{ text: 'hi' }] }],
    });
  });

  it('makes up no counts, and tells a total that is no sum', () => {
    expect(output({})).toEqual({});
    expect(output({ prompt_tokens: 3 })).toEqual({ messages: [], tokenUsage: { promptTokens: 3 } });
    expect(output({ prompt_tokens: 3, completion_tokens: 4, total_request_tokens: 9 })).toMatchObject({
      tokenUsage: { totalTokens: 9 },
    });
  });

  it.each([
    [{ provider: 'azure', model: 'gpt-5' }, 'azure', 'gpt-5'],
    [{ model: 'claude-sonnet-4' }, 'anthropic', 'claude-sonnet-4'],
    [{ model: 'mistralai/mixtral' }, 'mistralai', 'mistralai/mixtral'],
    [{ model: 'llama' }, 'unknown', 'llama'],
    [{ model: '' }, 'unknown', 'unknown'],
    [{}, 'unknown', 'unknown'],
  ])('%j is of %s', (fields, provider, model) => {
    expect(contentOf({ log_type: 'chat', ...fields })).toMatchObject({ provider, model });
  });
});
