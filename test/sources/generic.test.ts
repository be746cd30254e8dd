import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapContext } from './map-context.js';
import { generic } from '../../src/sources/generic.js';
import { spanText } from '../../src/span/encode.js';
import { normaliseDraft } from '../../src/span/normalise.js';
import { bodyOf, options, spanOf, warningsOf } from '../span/factories.js';

function mapped(row: unknown) {
  const result = generic.map(row, mapContext({ text: () => JSON.stringify(row) }));
  if (result.kind !== 'drafts' || result.drafts[0] === undefined) throw new Error(`no draft: ${result.kind}`);
  return result.drafts[0];
}

function run(row: unknown) {
  return normaliseDraft(mapped(row), options());
}

function encoded(row: unknown): string {
  const span = spanOf(run(row));
  return spanText(bodyOf(run(row)), span);
}

const time = { timestamp: '2025-09-08T07:46:15Z' };

describe('columns by name', () => {
  it.each<[Record<string, unknown>, Record<string, unknown>]>([
    [{ 'Start Time': '2025-01-01T00:00:00Z' }, { start_time: '2025-01-01T00:00:00Z' }],
    [{ startTime: '2025-01-01T00:00:00Z' }, { start_time: '2025-01-01T00:00:00Z' }],
    [{ tokens: { input: 5, output: 6 } }, { prompt_tokens: 5, completion_tokens: 6 }],
    [{ 'tokens.input': '5' }, { prompt_tokens: 5 }],
    [{ usage: { prompt_tokens: 5, total_tokens: 7 } }, { prompt_tokens: 5, total_request_tokens: 7 }],
    [{ usage: '{"input_tokens": 5, "tier": "x"}' }, { prompt_tokens: 5, metadata: { 'usage.tier': 'x' } }],
    [
      { usage: { prompt_tokens_details: { cached_tokens: 3 }, other: { a: 1 } } },
      { prompt_cache_hit_tokens: 3, metadata: { 'usage.other.a': '1' } },
    ],
    [
      { question: 'q', answer: 'a' },
      { input: 'q', output: 'a' },
    ],
    [
      { prompt: 'q', query: 'r' },
      { input: 'q', metadata: { query: 'r' } },
    ],
    [{ cost_usd: '0.01' }, { cost: 0.01 }],
    [{ model_name: 'GPT-4o Mini' }, { model: 'GPT-4o Mini' }],
    [
      { session_id: 's', thread_id: 't' },
      { session_identifier: 's', thread_identifier: 't' },
    ],
    [{ conversation_id: 'c' }, { thread_identifier: 'c', session_identifier: 'c' }],
    [{ user_id: 7 }, { customer_identifier: '7' }],
    [{ ttft_ms: 250 }, { time_to_first_token: 0.25 }],
    [
      { tool_name: 'search', tool_input: '{}' },
      { span_tools: ['search'], input: '{}', log_type: 'tool' },
    ],
    [{ type: 'llm' }, { log_type: 'generation', metadata: { type: 'llm' } }],
    [{ type: 'agent' }, { log_type: 'agent' }],
    [{ metadata: '{"a": {"b": 1}, "c": true}' }, { metadata: { a: '{"b":1}', c: 'true' } }],
    [{ tags: ['x'], plan: 'pro', model: 'm' }, { metadata: { tags: '["x"]', plan: 'pro' } }],
  ])('%j', (row, expected) => {
    expect(bodyOf(run(row))).toMatchObject(expected);
  });

  it('never sends credentials', () => {
    const result = run({
      ...time,
      apiKey: 'sk',
      metadata: { api_key: 'sk' },
      litellm: { api_key: 'sk', a: 1 },
    });
    expect(JSON.stringify(bodyOf(result))).not.toContain('sk');
    expect(new Set(warningsOf(result))).toEqual(new Set(['credential_dropped']));
  });
});

describe('times', () => {
  const second = '2025-09-08T07:46:15Z';
  it.each<[Record<string, unknown>, string | undefined, string | undefined]>([
    [{ timestamp: second }, undefined, second],
    [{ timestamp: second, latency: 1 }, '2025-09-08T07:46:14Z', second],
    [{ timestamp: second, latency_ms: 1500 }, '2025-09-08T07:46:13.500Z', second],
    [{ timestamp: second, duration_seconds: '1' }, '2025-09-08T07:46:14Z', second],
    [{ timestamp: second, duration: 1 }, '2025-09-08T07:46:14Z', second],
    [{ timestamp: second, wall_clock_s: 1 }, '2025-09-08T07:46:14Z', second],
    [{ timestamp: second, elapsed_us: 500 }, '2025-09-08T07:46:14.999500Z', second],
    [{ ts: 1757317575, duration_ns: 1e9 }, '2025-09-08T07:46:14Z', second],
    [{ start_time: '2025-09-08T07:46:14Z', timestamp: second }, '2025-09-08T07:46:14Z', second],
    [{ created_at: '2025-09-08T07:46:14Z', completed_at: second }, '2025-09-08T07:46:14Z', second],
    [{ start_time: '2025-09-08T07:46:14Z', latency: 1 }, '2025-09-08T07:46:14Z', second],
  ])('%j', (row, start, end) => {
    const body = bodyOf(run(row));
    expect([body['start_time'], body['timestamp']]).toEqual([start, end]);
  });

  it('keeps a third time that start and latency make redundant', () => {
    const row = { start_time: '2025-09-08T07:46:14Z', latency: 1, timestamp: '2025-09-08T08:00:00Z' };
    expect(bodyOf(run(row))).toMatchObject({
      timestamp: second,
      metadata: { timestamp: '2025-09-08T08:00:00Z' },
    });
  });
});

describe('success and failure', () => {
  it.each<[Record<string, unknown>, unknown, unknown]>([
    [{ error: 'None' }, undefined, undefined],
    [{ error: '' }, undefined, undefined],
    [{ error: null, status: 'ok' }, 200, undefined],
    [{ error: 'boom' }, 500, 'boom'],
    [{ error: { message: 'boom', type: 'x' } }, 500, 'boom'],
    [{ error: true }, 500, undefined],
    [{ error: 'False' }, 200, undefined],
    [{ status: '429', error: 'slow down' }, 429, 'slow down'],
    [{ error: [] }, undefined, undefined],
    [{ status_code: 'ERROR', error: 'boom' }, 500, 'boom'],
    [{ status_code: '200', success: false }, 500, undefined],
    [{ status: 429 }, 429, undefined],
    [{ status_code: '404' }, 404, undefined],
    [{ status: 'success' }, 200, undefined],
    [{ status: 'Failed' }, 500, undefined],
    [{ success: false }, 500, undefined],
    [{ success: 'true', error: 'None' }, 200, undefined],
    [{ is_error: 1 }, 500, undefined],
    [{ status: 'pending' }, undefined, undefined],
  ])('%j', (row, code, message) => {
    const body = bodyOf(run({ ...time, model: 'm', ...row }));
    expect([body['status_code'], body['error_message']]).toEqual([code, message]);
  });

  it('takes no object for a code, whatever its keys are called', () => {
    const odd = { toString: 'x', valueOf: 1 };
    for (const status of [odd, [odd]]) {
      const row = { ...time, status, status_code: status, error: status, success: status, type: status };
      expect(bodyOf(run(row))['status_code']).toBe(500);
    }
  });

  it('keeps what a code does not tell', () => {
    expect(bodyOf(run({ ...time, status: 'timeout' }))).toMatchObject({
      status_code: 500,
      metadata: { status: 'timeout' },
    });
    expect(bodyOf(run({ ...time, error: { message: 'm', type: 'x' } }))['metadata']).toEqual({
      error: '{"message":"m","type":"x"}',
    });
  });
});

/** As JSON of which every letter is an escape. */
function escapedText(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[a-z]/g,
    (letter) => `\\u00${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

describe('conversations', () => {
  it('puts a system prompt before the prompt', () => {
    expect(
      bodyOf(run({ ...time, model: 'm', system_prompt: 's', prompt: 'q', response: 'a' })),
    ).toMatchObject({
      input: 'q',
      output: 'a',
      log_type: 'chat',
      prompt_messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'q' },
      ],
    });
  });

  it('takes messages from a column, an input or a request body, and the answer from the end of a conversation', () => {
    const messages = [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'a' },
    ];
    const split = { prompt_messages: [messages[0]], completion_message: messages[1], output: 'a' };
    expect(bodyOf(run({ ...time, messages }))).toMatchObject(split);
    expect(bodyOf(run({ ...time, messages: JSON.stringify(messages) }))).toMatchObject(split);
    expect(bodyOf(run({ ...time, input: messages, output: 'b' }))).toMatchObject({
      prompt_messages: messages,
      output: 'b',
    });
    const request = { model: 'm', temperature: 0.5, messages: messages.slice(0, 1) };
    const response = {
      choices: [{ message: messages[1] }],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    };
    expect(bodyOf(run({ ...time, request, response }))).toMatchObject({
      input: JSON.stringify(request),
      output: JSON.stringify(response),
      model: 'm',
      temperature: 0.5,
      prompt_messages: messages.slice(0, 1),
      completion_message: messages[1],
      prompt_tokens: 3,
      completion_tokens: 4,
      log_type: 'chat',
    });
  });

  const question = { role: 'user', content: 'q' };
  const answer = { role: 'assistant', content: 'a' };
  it.each<[string, Record<string, unknown>]>([
    ['messages', { input: [question] }],
    [
      'a request and a response',
      { input: { messages: [question] }, output: { choices: [{ message: answer }] } },
    ],
    ['an answer beside a question', { input: 'q', output: answer }],
    ['a request without messages beside a system prompt', { input: { text: 'q' }, system_prompt: 's' }],
  ])('reads %s that is written as a JSON text, whichever escapes the text has', (_, fields) => {
    const readAs = (write: (value: object) => unknown) => {
      const entries = Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null ? write(value) : value,
      ]);
      const {
        input: _input,
        output: _output,
        ...read
      } = bodyOf(run({ ...time, ...Object.fromEntries(entries) }));
      return read;
    };
    const asObjects = readAs((value) => value);
    expect(readAs((value) => JSON.stringify(value))).toEqual(asObjects);
    expect(readAs((value) => `\n${JSON.stringify(value, undefined, 1)} `)).toEqual(asObjects);
    expect(readAs(escapedText)).toEqual(asObjects);
  });
});

describe('shapes that hold nothing', () => {
  it('make no messages', () => {
    const body = bodyOf(run({ ...time, model: 'm', messages: '{}', completion_message: [] }));
    expect(body).not.toHaveProperty('prompt_messages');
    expect(body).not.toHaveProperty('completion_message');
  });

  it('let the answer be the assistant that names nobody', () => {
    const body = bodyOf(run({ ...time, completion_message: 'hi' }));
    expect(body['completion_message']).toEqual({ role: 'assistant', content: 'hi' });
  });
});

describe('grouping', () => {
  it('takes the trace id from its column, and not from a session', () => {
    expect(mapped({ trace_id: 't', task: 'x' }).traceId).toBe('t');
    expect(mapped({ session_id: 'x' }).traceId).toBeUndefined();
    expect(bodyOf(run({ session_id: 'x' }))['session_identifier']).toBe('x');
  });

  it('keeps the digits of ids beyond 2^53', () => {
    const json = '{"trace_id": 12345678901234567891, "id": 1}';
    const result = generic.map(JSON.parse(json), mapContext({ text: () => json }));
    expect(result.kind === 'drafts' && result.drafts[0]?.traceId).toBe('12345678901234567891');
  });
});

describe('rows that are no log lines', () => {
  it('are skipped, rejected or imported into the metadata', () => {
    const context = mapContext();
    expect(generic.map({}, context)).toEqual({ kind: 'skip', reason: 'empty_object' });
    for (const row of [[1], 1, 'x', null, true]) {
      expect(generic.map(row, context)).toMatchObject({ kind: 'reject', problem: { code: 'not_an_object' } });
    }
    const unknown = run({ colour: 'red', __proto__x: 1 });
    expect(bodyOf(unknown)['metadata']).toEqual({ colour: 'red', __proto__x: '1' });
    expect(warningsOf(unknown)).toContain('nothing_recognised');
  });
});

describe('CSV and JSONL of the same rows', () => {
  const text = fc.string({ minLength: 1 }).filter((value) => value.trim() === value && !/^[[{"]/.test(value));
  const row = fc.record(
    {
      trace_id: fc.uuid(),
      'Start Time': fc.constantFrom('2025-01-01T00:00:00.123456Z', 1735689600, 1735689600123),
      latency_ms: fc.integer({ min: 0, max: 100_000 }),
      prompt: text,
      response: text,
      model: fc.constantFrom('gpt-4o', 'claude'),
      prompt_tokens: fc.nat(),
      cost: fc.double({ min: 0, max: 10, noNaN: true }),
      success: fc.boolean(),
      messages: fc.array(fc.record({ role: fc.constantFrom('user', 'ai'), content: text }), { minLength: 1 }),
      tools: fc.array(fc.record({ name: text })),
      plan: text,
      flags: fc.record({ a: fc.integer(), b: fc.boolean() }),
      score: fc.integer(),
    },
    { requiredKeys: ['prompt'] },
  );

  it('give the same encoded spans', () => {
    fc.assert(
      fc.property(row, (typed) => {
        const cells = Object.fromEntries(
          Object.entries(typed).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        );
        expect(encoded({ ...cells, empty: '' })).toBe(encoded(typed));
      }),
    );
  });
});

describe('attributes of OpenTelemetry in a column', () => {
  it.each([
    ['an object', (attributes: object) => attributes],
    ['JSON text', (attributes: object) => JSON.stringify(attributes)],
  ])('tell what no column says: %s', (_what, write) => {
    const attributes = { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 7, region: 'eu' };
    const span = bodyOf(run({ ...time, prompt_tokens: 5, attributes: write(attributes) }));
    expect(span).toMatchObject({ model: 'gpt-4o', prompt_tokens: 5 });
    expect(span['metadata']).toEqual({ 'gen_ai.usage.input_tokens': '7', region: 'eu' });
  });

  it('stay as they are where they are something else', () => {
    expect(bodyOf(run({ ...time, attributes: { color: 'red' } }))['metadata']).toEqual({
      attributes: '{"color":"red"}',
    });
  });
});

it('takes an object called prompt beside messages for their template', () => {
  const prompt = { model: 'gpt-4o', template: 'Hi {{name}}' };
  const span = bodyOf(run({ ...time, prompt, messages: [{ role: 'user', content: 'Hi Ada' }] }));
  expect(span).toMatchObject({ prompt_messages: [{ role: 'user', content: 'Hi Ada' }] });
  expect(span).not.toHaveProperty('input');
});

describe('names of times that say a unit or a zone', () => {
  const [start, end] = ['2025-06-05T10:00:00.123Z', '2025-06-05T10:00:01.123Z'];
  it.each([
    [{ timestamp_ms: 1749117601123 }, { timestamp: end }],
    [{ datetime_utc: '2025-06-05T10:00:01.123+00:00' }, { timestamp: end }],
    [{ created_utc: 1749117601.123 }, { timestamp: end }],
    [
      { start_time_ms: 1749117600123, end_time_ms: 1749117601123 },
      { start_time: start, timestamp: end },
    ],
    [
      { start_time_unix_nano: '1749117600123000000', end_time_unix_nano: '1749117601123000000' },
      { start_time: start, timestamp: end },
    ],
    [
      { request_start_time: start, request_end_time: end },
      { start_time: start, timestamp: end },
    ],
    [{ logging_time: '2025-06-05 10:00:01.123 UTC' }, { timestamp: end }],
    [{ created_at: { $date: { $numberLong: '1749117601123' } } }, { timestamp: end }],
    [{ created_at: { _seconds: 1749117601, _nanoseconds: 123000000 } }, { timestamp: end }],
  ])('%j', (columns, expected) => {
    expect(bodyOf(run({ prompt: 'p', ...columns }))).toMatchObject(expected);
  });

  it('does not take other columns for times', () => {
    const span = bodyOf(run({ ...time, prompt: 'p', items: 3, status_utc: 'x', modes: 'y' }));
    expect(span['metadata']).toEqual({ items: '3', status_utc: 'x', modes: 'y' });
  });
});

const codes = (row: unknown) => warningsOf(run(row));

describe('durations whose name says no unit', () => {
  it('count seconds, with a warning where these are many', () => {
    expect(bodyOf(run({ ...time, latency: 1.5 }))).toMatchObject({ latency: 1.5 });
    expect(codes({ ...time, latency: 99 })).toEqual([]);
    expect(bodyOf(run({ ...time, response_time: 812 }))).toMatchObject({ latency: 812 });
    expect(codes({ ...time, response_time: 812 })).toEqual(['unit_assumed']);
  });

  it('tell no time where seconds cannot be meant', () => {
    const span = bodyOf(run({ ...time, Duration: '1500000000' }));
    expect(span).not.toHaveProperty('latency');
    expect(span).not.toHaveProperty('start_time');
    expect(span['metadata']).toEqual({ Duration: '1500000000' });
    expect(codes({ ...time, Duration: '1500000000' })).toEqual(['unit_assumed']);
  });

  it('do not matter beside a start and an end, or where the name says the unit', () => {
    expect(codes({ start_time: time.timestamp, end_time: time.timestamp, duration: 3000 })).toEqual([]);
    expect(codes({ ...time, latency_ms: 2_000_000_000 })).toEqual([]);
  });
});

it('takes the id of a document of MongoDB', () => {
  expect(spanOf(run({ ...time, _id: { $oid: '507f1f77bcf86cd799439011' } })).spanId).toBe(
    '507f1f77bcf86cd799439011',
  );
});

describe('a row that is one message of a chat', () => {
  it.each([
    ['user', { input: 'Hi', prompt_messages: [{ role: 'user', content: 'Hi' }] }],
    ['Human', { input: 'Hi', prompt_messages: [{ role: 'user', content: 'Hi' }] }],
    ['assistant', { output: 'Hi', completion_message: { role: 'assistant', content: 'Hi' } }],
    ['AI', { output: 'Hi', completion_message: { role: 'assistant', content: 'Hi' } }],
  ])('of %s', (role, expected) => {
    expect(bodyOf(run({ ...time, role, content: 'Hi' }))).toMatchObject(expected);
  });

  it.each([
    { role: 'admin', content: 'Hi' },
    { role: 'user', content: 'Hi', prompt: 'q' },
    { content: 'Hi' },
    { role: 'user' },
  ])('is none: %j', (columns) => {
    const { prompt: _prompt, ...kept } = columns;
    expect(bodyOf(run({ ...time, ...columns }))['metadata']).toEqual(kept);
  });
});

it('takes the id of an object for the id that it stands for', () => {
  const row = { ...time, trace: { id: 't', name: 'n' }, span_id: 's', parent: { id: 'p' } };
  expect(mapped(row)).toMatchObject({
    traceId: 't',
    spanId: 's',
    parentId: 'p',
    metadata: { 'trace.name': 'n' },
  });
});

it('finds counts and durations among metrics', () => {
  const metrics = { duration_ns: 1_500_000_000, num_input_tokens: 5, num_output_tokens: 6 };
  expect(bodyOf(run({ ...time, metrics }))).toMatchObject({
    latency: 1.5,
    prompt_tokens: 5,
    completion_tokens: 6,
  });
});

it('keeps what the metadata and a column say under one name', () => {
  expect(mapped({ ...time, metadata: { status: 'queued' }, status: 'odd' }).metadata).toEqual({
    status: 'queued',
    status_2: 'odd',
  });
});
