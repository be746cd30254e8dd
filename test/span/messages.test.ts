import { describe, expect, it } from 'vitest';
import { areAcceptedMessages, convertMessages } from '../../src/span/messages.js';

const call = (id: string | undefined, name: string, args: string) => ({
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name, arguments: args },
});

describe('messages in the shape of OpenAI', () => {
  it.each<[string, unknown, unknown[]]>([
    ['a text', 'hi', [{ role: 'user', content: 'hi' }]],
    ['OpenAI', [{ role: 'system', content: 'x' }], [{ role: 'system', content: 'x' }]],
    [
      'OpenAI with a member without a name that holds nothing',
      [{ role: 'system', content: 'x', '': null }],
      [{ role: 'system', content: 'x' }],
    ],
    [
      'Anthropic tool use',
      [
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'a' },
            { type: 'tool_use', id: 'c', name: 'f', input: { q: 1 } },
          ],
        },
      ],
      [{ role: 'assistant', content: 'a', tool_calls: [call('c', 'f', '{"q":1}')] }],
    ],
    [
      'Anthropic tool result with words',
      [
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text: '4' }] },
            { type: 'text', text: 'so?' },
          ],
        },
      ],
      [
        { role: 'tool', content: '4', tool_call_id: 'c' },
        { role: 'user', content: 'so?' },
      ],
    ],
    [
      'Anthropic image',
      [
        {
          role: 'user',
          content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } }],
        },
      ],
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] }],
    ],
    [
      'Gemini',
      [
        { role: 'model', parts: [{ text: 'a' }, { functionCall: { name: 'f', args: { q: 1 } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { r: 4 } } }] },
      ],
      [
        { role: 'assistant', content: 'a', tool_calls: [call(undefined, 'f', '{"q":1}')] },
        { role: 'tool', content: '{"r":4}', tool_call_id: 'f', name: 'f' },
      ],
    ],
    [
      "Bedrock's Converse",
      [
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
            { text: 'a' },
            { toolUse: { toolUseId: 'c', name: 'f', input: { q: 1 } } },
          ],
        },
        {
          role: 'user',
          content: [{ toolResult: { toolUseId: 'c', content: [{ json: { r: 4 } }, { text: 'b' }] } }],
        },
      ],
      [
        {
          role: 'assistant',
          content: 'a',
          tool_calls: [call('c', 'f', '{"q":1}')],
          reasoning_content: 'hm',
          thinking_blocks: [{ reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } }],
        },
        { role: 'tool', content: '{"r":4}\nb', tool_call_id: 'c' },
      ],
    ],
    [
      'OpenAI responses',
      [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'q' }] },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: '4' },
      ],
      [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: null, tool_calls: [call('c', 'f', '{}')] },
        { role: 'tool', tool_call_id: 'c', content: '4' },
      ],
    ],
    [
      'LangChain',
      [
        { type: 'human', content: 'q' },
        {
          lc: 1,
          type: 'constructor',
          id: ['langchain', 'AIMessage'],
          kwargs: { content: 'a', tool_calls: [{ id: 'c', name: 'f', args: {} }] },
        },
      ],
      [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'a', tool_calls: [call('c', 'f', '{}')] },
      ],
    ],
    [
      'OpenTelemetry',
      [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'a' },
            { type: 'tool_call', id: 'c', name: 'f', arguments: { q: 1 } },
          ],
        },
      ],
      [{ role: 'assistant', content: 'a', tool_calls: [call('c', 'f', '{"q":1}')] }],
    ],
    [
      'Vercel',
      [{ role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'f', result: 4 }] }],
      [{ role: 'tool', content: '4', tool_call_id: 'c', name: 'f' }],
    ],
    [
      'the older function call',
      [{ role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } }],
      [{ role: 'assistant', content: null, tool_calls: [call(undefined, 'f', '{}')] }],
    ],
    [
      'an unknown part',
      [{ role: 'user', content: [{ type: 'hologram', x: 1 }] }],
      [{ role: 'user', content: '{"type":"hologram","x":1}' }],
    ],
  ])('come from %s', (_, input, expected) => {
    const { messages } = convertMessages(input);
    expect(messages).toEqual(expected);
    expect(areAcceptedMessages(messages)).toBe(true);
  });

  it('tell the roles that changed', () => {
    const { messages, roles } = convertMessages([
      { role: 'ai', content: 'a' },
      { role: 'critic', content: 'b' },
    ]);
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'user']);
    expect(roles).toEqual([
      { index: 0, role: 'ai', known: true },
      { index: 1, role: 'critic', known: false },
    ]);
  });

  it.each([
    [[{ role: 'human', content: 'x' }]],
    [[{ role: 'user', content: [{ type: 'thinking', thinking: 'x' }] }]],
    [[{ role: 'user', content: 1 }]],
    [[{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: [] }] }]],
    [[{ role: 'assistant', tool_calls: {} }]],
    [['x']],
    ['x'],
  ])('the server refuses %j', (messages) => {
    expect(areAcceptedMessages(messages)).toBe(false);
  });
});
