import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyValue, keyValues } from '../../src/sources/otel/any-value.js';
import { attributeFields, inputNames, outputNames } from '../../src/sources/otel/attribute-fields.js';
import { mapAttributes } from '../../src/sources/otel/attributes.js';
import { scalarsOf } from './scalars.js';

describe('AnyValue', () => {
  test.each([
    [{ stringValue: 'a' }, 'a'],
    [{ intValue: '7' }, 7],
    [{ intValue: 7 }, 7],
    [{ intValue: '9223372036854775807' }, '9223372036854775807'],
    [{ doubleValue: 0.5 }, 0.5],
    [{ doubleValue: 'NaN' }, 'NaN'],
    [{ boolValue: false }, false],
    [{ bytesValue: 'AAAwOQ==' }, 'AAAwOQ=='],
    [{ arrayValue: { values: [{ stringValue: 'a' }, { int_value: '2' }] } }, ['a', 2]],
    [{ arrayValue: {} }, []],
    [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } }, { k: true }],
    [{}, null],
    ['plain', 'plain'],
    [
      { two: 1, keys: 2 },
      { two: 1, keys: 2 },
    ],
  ])('%j is %j', (value, plain) => {
    expect(anyValue(value)).toEqual(plain);
  });

  test('keeps both values of a key that comes twice', () => {
    const list = [
      { key: 'k', value: { stringValue: 'a' } },
      { key: 'k', value: { stringValue: 'b' } },
    ];
    expect(keyValues(list)).toEqual({ k: 'a', k_2: 'b' });
  });
});

test('what is no pair of key and value is kept by its place', () => {
  expect(keyValues([{ key: 'k', value: { intValue: 1 } }, 'odd', { value: 2 }])).toEqual({
    k: 1,
    'attributes[1]': 'odd',
    'attributes[2]': { value: 2 },
  });
});

describe('messages', () => {
  const prompt = [{ role: 'user', content: 'Why?' }];

  test.each([
    ['GenAI conventions', { 'gen_ai.input.messages': JSON.stringify(prompt) }],
    ['OpenLLMetry', { 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': 'Why?' }],
    [
      'OpenInference, indexed',
      { 'llm.input_messages.0.message.role': 'user', 'llm.input_messages.0.message.content': 'Why?' },
    ],
    [
      'OpenInference, a list with dotted keys',
      { 'llm.input_messages': [{ 'message.role': 'user', 'message.content': 'Why?' }] },
    ],
    ['OpenInference, nested', { llm: { input_messages: [{ message: { role: 'user', content: 'Why?' } }] } }],
    ['Vercel', { 'ai.prompt.messages': JSON.stringify(prompt) }],
    ['Vercel, a whole request', { 'ai.prompt': JSON.stringify({ prompt: 'Why?' }) }],
  ])('of a prompt: %s', (_convention, attributes) => {
    expect(mapAttributes(attributes).fields['prompt_messages']).toEqual(prompt);
  });

  test('tool calls of indexed attributes take the shape of OpenAI', () => {
    const call = 'llm.output_messages.0.message.tool_calls.0.tool_call';
    const { fields } = mapAttributes({
      'llm.output_messages.0.message.role': 'assistant',
      [`${call}.id`]: 'call_1',
      [`${call}.function.name`]: 'look_up',
      [`${call}.function.arguments`]: '{"page":"sky"}',
    });
    expect(fields['completion_message']).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"page":"sky"}' } },
      ],
    });
  });

  test('more than ten indexed messages stay in their order', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        [`gen_ai.prompt.${index}.role`, 'user'],
        [`gen_ai.prompt.${index}.content`, `words ${index}`],
      ]).flat(),
    );
    expect(mapAttributes(attributes).fields['prompt_messages']).toEqual(
      Array.from({ length: 12 }, (_, index) => ({ role: 'user', content: `words ${index}` })),
    );
  });

  test('all of several answers are kept', () => {
    const { fields } = mapAttributes({
      'gen_ai.completion.0.content': 'one',
      'gen_ai.completion.1.content': 'two',
    });
    expect(fields['completion_message']).toEqual({ content: 'one' });
    expect(fields['completion_messages']).toEqual([{ content: 'one' }, { content: 'two' }]);
  });
});

describe('fields', () => {
  test('a model called unknown gives way to one that is known', () => {
    const { fields, metadata } = mapAttributes({
      'gen_ai.response.model': 'unknown',
      'gen_ai.request.model': 'gpt-4o',
    });
    expect(fields['model']).toBe('gpt-4o');
    expect(metadata).toEqual({ 'gen_ai.response.model': 'unknown' });
  });

  test('an attribute that repeats a field is dropped, one that differs stays', () => {
    const { fields, metadata } = mapAttributes({
      'gen_ai.usage.input_tokens': 21,
      'llm.token_count.prompt': '21',
      'ai.usage.promptTokens': 22,
    });
    expect(fields['prompt_tokens']).toBe(21);
    expect(metadata).toEqual({ 'ai.usage.promptTokens': 22 });
  });

  test('invocation parameters become fields, the others stay under the name', () => {
    const { fields, metadata } = mapAttributes({
      'llm.invocation_parameters': '{"temperature":0.25,"max_tokens":9,"seed":7}',
    });
    expect(fields).toMatchObject({ temperature: 0.25, max_tokens: 9 });
    expect(metadata).toEqual({ 'llm.invocation_parameters': { seed: 7 } });
  });

  test('milliseconds to the first chunk become seconds', () => {
    expect(mapAttributes({ 'ai.response.msToFirstChunk': 250 }).fields['time_to_first_token']).toBe(0.25);
  });

  test.each([
    [{ 'openinference.span.kind': 'LLM' }, 'chat'],
    [{ 'openinference.span.kind': 'RETRIEVER' }, 'task'],
    [{ 'traceloop.span.kind': 'workflow' }, 'workflow'],
    [{ 'gen_ai.operation.name': 'invoke_agent' }, 'agent'],
    [{ 'gen_ai.operation.name': 'execute_tool' }, 'tool'],
    [{ 'ai.operationId': 'ai.generateText.doGenerate' }, 'text'],
    [{ 'ai.operationId': 'ai.toolCall' }, 'tool'],
    [{ 'ai.operationId': 'ai.embed.doEmbed' }, 'embedding'],
    [{ 'traceloop.span.kind': 'unknown' }, undefined],
  ])('%j is of type %s', (attributes, type) => {
    expect(mapAttributes(attributes).fields['log_type']).toBe(type);
  });

  test('metadata of Respan loses its prefix', () => {
    const { metadata } = mapAttributes({ 'respan.metadata': '{"a":"1"}', 'respan.metadata.b': '2' });
    expect(metadata).toEqual({ a: '1', b: '2' });
  });
});

test('no value of any mixture of attributes is lost', () => {
  const names = [
    ...attributeFields.flatMap(([, each]) => each),
    ...inputNames,
    ...outputNames,
    'gen_ai.prompt.0.role',
    'gen_ai.prompt.0.content',
    'gen_ai.prompt.0.content.deeper',
    'gen_ai.completion.1.tool_calls.0.name',
    'llm.input_messages.3.message.contents.0.message_content.text',
    'llm.output_messages.0.message.function_call_name',
    'llm.output_messages.0.message.function_call_arguments_json',
    'llm.output_messages',
    'llm.tools.0.tool.json_schema',
    'gen_ai.system_instructions',
    'llm.invocation_parameters',
    'respan.metadata',
    'respan.metadata.x',
    'x',
    '__proto__',
  ];
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...names), { maxLength: 12 }),
      fc.boolean(),
      (chosen, nested) => {
        const entries = chosen.map((name, index): [string, unknown] => {
          const value = `value ${index}`;
          return [
            name,
            nested && index % 3 === 0 ? JSON.stringify([{ role: 'user', content: value }]) : value,
          ];
        });
        const attributes = Object.fromEntries(entries);
        const { fields, metadata } = mapAttributes(attributes);
        const kept = scalarsOf([fields, metadata]);
        expect(entries.map(([, value], index) => kept.has(`value ${index}`) || value)).toEqual(
          entries.map(() => true),
        );
      },
    ),
    { numRuns: 400 },
  );
});
