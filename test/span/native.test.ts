import { describe, expect, it } from 'vitest';
import { labelOf, namesParent } from '../../src/span/label.js';
import { normaliseNative } from '../../src/span/native.js';
import { bodyOf, nativeRow, options, problemOf, spanOf, warningsOf } from './factories.js';

function run(row: Record<string, unknown>, overrides = {}, json = JSON.stringify(row)) {
  return normaliseNative(row, options(overrides), () => json);
}

describe('a clean row', () => {
  it('passes byte for byte, with what the index needs', () => {
    const result = run(nativeRow({ span_parent_id: 'span-0' }));
    expect(spanOf(result)).toEqual({
      traceId: 'trace-1',
      spanId: 'span-1',
      parentId: 'span-0',
      label: labelOf(nativeRow(), { namesParent: true, typedAsRoot: false }),
      start: 1757317574007279,
      end: 1757317579041835,
      body: 'row',
    });
    expect(warningsOf(result)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    [
      'a root in full',
      {
        span_workflow_name: 'jokes',
        span_path: '',
        provider_id: '',
        model: 'python',
        input: '{"args": []}',
        output: '"python"',
        encoding_format: 'float',
        latency: 5.034556,
        respan_params: { has_webhook: false, environment: 'prod' },
        disable_log: false,
      },
    ],
    [
      'a chat in full',
      {
        span_parent_id: 'span-0',
        model: 'gpt-4o-mini',
        prompt_messages: [
          { role: 'developer', content: [{ type: 'text', text: 'hi' }, 'plain'] },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', content: '1', tool_call_id: 'c' },
        ],
        completion_message: { role: 'assistant', content: 'ok' },
        prompt_tokens: 15,
        completion_tokens: 10,
        cost: 2.25e-5,
      },
    ],
    [
      'what the server coerces',
      { prompt_tokens: '15', completion_tokens: 15.0, cost: '0.001', status_code: '200', stream: 'true' },
    ],
    [
      'offsets and long fractions',
      { start_time: '2025-09-08T07:46:14+00:00', timestamp: '2025-09-08T07:46:14.123456789Z' },
    ],
    ['integer identifiers', { thread_identifier: 7, customer_identifier: 'x' }],
    ['aliases', { messages: [{ role: 'user', content: 'x' }], ttft: 0.1, generation_time: 2 }],
    ['metadata of any type', { metadata: { a: 1, b: { c: [true] } } }],
    ['the words None and nan as an answer', { output: 'None', input: 'nan' }],
  ])('with %s passes', (_, fields) => {
    const result = run(nativeRow(fields));
    expect(spanOf(result).body).toBe('row');
    expect(warningsOf(result)).toEqual([]);
  });

  it('without a time passes too, and says so', () => {
    const row = { trace_unique_id: 'a', span_unique_id: 'b' };
    expect(spanOf(run(row))).toMatchObject({ start: NaN, end: NaN, body: 'row' });
    expect(namesParent(spanOf(run(row)).label)).toBe(false);
    expect(warningsOf(run(row))).toEqual(['no_time']);
    expect(problemOf(run(row, { strict: true })).code).toBe('no_time');
  });

  it('with one time and a latency tells the index the other', () => {
    const row = nativeRow({ latency: 2 });
    delete row['timestamp'];
    expect(spanOf(run(row))).toMatchObject({ body: 'row', end: 1757317576007279 });
  });

  it('with paired surrogate escapes passes', () => {
    const json =
      '{"trace_unique_id":"a","span_unique_id":"b","start_time":"2025-01-01T00:00:00Z","timestamp":"2025-01-01T00:00:01Z","input":"\\ud83d\\ude00"}';
    expect(spanOf(run(JSON.parse(json), {}, json)).body).toBe('row');
  });
});

describe('rules that act', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['null input', { input: null }, {}, []],
    ['input as an object', { input: { a: 1 } }, { input: '{"a":1}' }, []],
    ['input as a number', { input: 4 }, { input: '4' }, []],
    ['output as a list', { output: [1] }, { output: '[1]' }, []],
    ['error_message as an object', { error_message: { m: 1 } }, { error_message: '{"m":1}' }, []],
    ['metadata as a JSON text', { metadata: '{"a":1}' }, { metadata: { a: '1' } }, []],
    ['metadata as a list', { metadata: ['x'] }, { metadata: { metadata: '["x"]' } }, []],
    [
      'fractional tokens',
      { prompt_tokens: 15.5 },
      { metadata: { prompt_tokens: '15.5' } },
      ['value_omitted'],
    ],
    ['negative tokens', { prompt_tokens: -1 }, { metadata: { prompt_tokens: '-1' } }, ['value_omitted']],
    ['a negative latency', { latency: -1 }, { metadata: { latency: '-1' } }, ['value_omitted']],
    ['a mistyped cost', { cost: 'free' }, { metadata: { cost: 'free' } }, ['value_omitted']],
    ['absent spellings', { cost: 'None', prompt_tokens: 'nan' }, {}, []],
    ['an unknown field', { tags: ['a'] }, { metadata: { tags: '["a"]' } }, ['unknown_field_to_metadata']],
    ['user and organization', { user_id: 3 }, { metadata: { user_id: '3' } }, ['unknown_field_to_metadata']],
    ['a credential', { api_key: 'sk-1' }, {}, ['credential_dropped']],
    [
      'a credential in the metadata',
      { metadata: { apiKey: 'sk-1', a: 'b' } },
      { metadata: { a: 'b' } },
      ['credential_dropped'],
    ],
    ['a log type in capitals', { log_type: 'Chat' }, { log_type: 'chat' }, []],
    [
      'a kind for a log type',
      { log_type: 'llm' },
      { log_type: 'generation', metadata: { log_type: 'llm' } },
      ['log_type_converted'],
    ],
    [
      'an unknown log type',
      { log_type: 'zebra' },
      { metadata: { log_type: 'zebra' } },
      ['log_type_converted'],
    ],
    ['span_tools as a text', { span_tools: 'search' }, { span_tools: ['search'] }, []],
    [
      'tool_calls that are no list',
      { tool_calls: 'x' },
      { metadata: { tool_calls: 'x' } },
      ['value_omitted'],
    ],
    [
      'a foreign role',
      { prompt_messages: [{ role: 'human', content: 'hi' }] },
      { prompt_messages: [{ role: 'user', content: 'hi' }] },
      ['role_converted'],
    ],
    [
      'an unknown role',
      { prompt_messages: [{ role: 'critic', content: 'hi' }] },
      {
        prompt_messages: [{ role: 'user', content: 'hi' }],
        metadata: { 'prompt_messages.0.role': 'critic' },
      },
      ['role_converted'],
    ],
    [
      'a thinking part',
      {
        completion_message: {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm' },
            { type: 'text', text: 'a' },
          ],
        },
      },
      {
        completion_message: {
          role: 'assistant',
          content: 'a',
          reasoning_content: 'hm',
          thinking_blocks: [{ type: 'thinking', thinking: 'hm' }],
        },
      },
      [],
    ],
    [
      'a naive time',
      { start_time: '2025-09-08 07:46:14' },
      { start_time: '2025-09-08T07:46:14Z' },
      ['naive_time'],
    ],
    ['an epoch time', { start_time: 1757317574007 }, { start_time: '2025-09-08T07:46:14.007Z' }, []],
    [
      'an end before the start',
      { timestamp: '2025-09-08T07:46:13Z' },
      { timestamp: '2025-09-08T07:46:14.007279Z', metadata: { timestamp: '2025-09-08T07:46:13Z' } },
      ['end_before_start'],
    ],
  ])('%s', (_, fields, expected, warnings) => {
    const row = nativeRow(fields);
    const before = structuredClone(row);
    const result = run(row);
    const { trace_unique_id: _trace, span_unique_id: _span, ...kept } = nativeRow();
    expect(bodyOf(result)).toEqual({ ...kept, ...expected });
    expect(warningsOf(result)).toEqual(warnings);
    expect(row).toEqual(before);
  });

  it('cuts a long name by characters and keeps it whole in the metadata', () => {
    const name = '😀'.repeat(300);
    const result = run(nativeRow({ span_name: name }));
    expect(bodyOf(result)).toMatchObject({ span_name: '😀'.repeat(255), metadata: { span_name: name } });
    expect(warningsOf(result)).toEqual(['name_cut']);
    expect(spanOf(run(nativeRow({ span_name: 'x'.repeat(255) }))).body).toBe('row');
    expect(bodyOf(run(nativeRow({ span_name: 'x'.repeat(256) })))['span_name']).toHaveLength(255);
  });

  it('replaces lone surrogates', () => {
    const json = JSON.stringify(nativeRow({ input: 'a\ud800b', metadata: { deep: { list: ['\udc00'] } } }));
    const result = run(JSON.parse(json), {}, json);
    expect(bodyOf(result)).toMatchObject({ input: 'a\ufffdb', metadata: { deep: { list: ['\ufffd'] } } });
    expect(warningsOf(result)).toEqual(['lone_surrogate']);
  });

  it('reads number ids from the source text where parsing rounded them', () => {
    const json = '{"trace_unique_id": 12345678901234567891, "span_unique_id": 7, "span_parent_id": "None"}';
    expect(spanOf(run(JSON.parse(json), {}, json))).toMatchObject({
      traceId: '12345678901234567891',
      spanId: '7',
      parentId: undefined,
      body: {},
    });
  });

  it.each(['', 'None', 'undefined', '0000000000000000', null])('takes %j as a missing id', (id) => {
    const result = run(nativeRow({ trace_unique_id: id, span_unique_id: id, span_parent_id: id }));
    expect(spanOf(result)).toMatchObject({ traceId: undefined, spanId: undefined, parentId: undefined });
    expect(bodyOf(result)).not.toHaveProperty('trace_unique_id');
  });

  it('keeps the digits of numbers beyond 2^53 when a copy is made', () => {
    const json =
      '{"trace_unique_id":"a","span_unique_id":"b","tags":12345678901234567891,"metadata":{"n":12345678901234567891,"m":1}}';
    expect(bodyOf(run(JSON.parse(json), {}, json))['metadata']).toEqual({
      n: '12345678901234567891',
      m: 1,
      tags: '12345678901234567891',
    });
  });

  it('keeps a null parent in a repaired copy, since it says "root"', () => {
    expect(bodyOf(run(nativeRow({ input: 1 })))['span_parent_id']).toBeNull();
  });

  it('rejects ids that are objects', () => {
    expect(problemOf(run(nativeRow({ span_unique_id: {} })))).toMatchObject({
      code: 'bad_id',
      field: 'span_unique_id',
    });
  });

  it.each(['2 days ago', '03/04/2025', 'garbage', '2025-02-30T00:00:00Z'])('rejects the time %j', (time) => {
    const problem = problemOf(run(nativeRow({ timestamp: time })));
    expect(problem).toMatchObject({ code: 'bad_time', field: 'timestamp' });
    expect(problem.message).toContain(time);
  });

  it('tells times in 1970 and in the future without touching the row', () => {
    const early = run(nativeRow({ start_time: '1970-01-01T00:00:05Z', timestamp: '1970-01-01T00:00:06Z' }));
    expect([spanOf(early).body, warningsOf(early)]).toEqual(['row', ['span_before_epoch']]);
    const late = run(nativeRow({ start_time: '2031-01-01T00:00:05Z', timestamp: '2031-01-01T00:00:06Z' }));
    expect([spanOf(late).body, warningsOf(late)]).toEqual(['row', ['span_in_future']]);
  });

  it('names the time that is out of range, also where it follows from the latency', () => {
    const late = run(nativeRow({ timestamp: '2031-01-01T00:00:06Z' }));
    expect(late).toMatchObject({ warnings: [{ code: 'span_in_future', field: 'timestamp' }] });
    const far = run({ ...nativeRow({ latency: 1e9 }), timestamp: undefined });
    expect(far).toMatchObject({ warnings: [{ code: 'span_in_future', field: 'timestamp' }] });
    const early = run({ ...nativeRow({ latency: 1e11 }), start_time: undefined });
    expect(early).toMatchObject({ warnings: [{ code: 'span_before_epoch', field: 'start_time' }] });
  });

  it('knows no time that no date can be written of', () => {
    const early = run({ ...nativeRow({ latency: 1e12 }), start_time: undefined });
    expect(early).toMatchObject({ span: { start: Number.NaN, end: expect.any(Number) } });
  });

  it('adds no log type and no latency', () => {
    expect(Object.keys(bodyOf(run(nativeRow({ input: 1 }))))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(latency|log_type)$/)]),
    );
  });

  it('keeps a __proto__ key as metadata', () => {
    const row: Record<string, unknown> = JSON.parse(
      JSON.stringify(nativeRow()).replace('{', '{"__proto__":{"a":1},'),
    );
    const metadata = bodyOf(run(row))['metadata'];
    expect(JSON.stringify(metadata)).toBe('{"__proto__":"{\\"a\\":1}"}');
  });

  it('fills both times from a base time', () => {
    const result = run(
      { trace_unique_id: 'a', span_unique_id: 'b', latency: 1.5 },
      { baseTime: 1757317574000000 },
    );
    expect(bodyOf(result)).toEqual({
      latency: 1.5,
      start_time: '2025-09-08T07:46:14Z',
      timestamp: '2025-09-08T07:46:15.500Z',
    });
    expect(warningsOf(result)).toEqual([]);
  });

  it('lets --set win over the row', () => {
    const set = [
      { field: 'environment', value: 'staging' },
      { field: 'metadata.team', value: 'a' },
    ];
    expect(bodyOf(run(nativeRow({ environment: 'prod' }), { set }))).toMatchObject({
      environment: 'staging',
      metadata: { team: 'a' },
    });
  });

  it('turns each warning into a rejection under --strict', () => {
    expect(problemOf(run(nativeRow({ tags: 'a' }), { strict: true }))).toMatchObject({
      code: 'unknown_field_to_metadata',
      field: 'tags',
    });
  });
});
