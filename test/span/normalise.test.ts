import { describe, expect, it } from 'vitest';
import { normaliseDraft } from '../../src/span/normalise.js';
import type { SpanDraft } from '../../src/span/span.js';
import { bodyOf, draft, options, problemOf, spanOf, warningsOf } from './factories.js';

function run(overrides: Partial<SpanDraft> = {}, settings = {}) {
  return normaliseDraft(draft(overrides), options(settings));
}

describe('ids', () => {
  it.each<[unknown, string | undefined]>([
    ['0x1F', '1F'],
    ['GrQBWG42yECzYR34MuSmrw==', '1ab401586e36c840b3611df832e4a6af'],
    ['EjRWeJCrze8=', '1234567890abcdef'],
    [42, '42'],
    ['  a-b  ', 'a-b'],
    ['123e4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
    ['00000000-0000-0000-0000-000000000000', undefined],
    ['0000000000000000', undefined],
    ['AAAAAAAAAAA=', undefined],
    ['None', undefined],
    ['undefined', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j becomes %j in each place', (value, expected) => {
    const span = spanOf(run({ traceId: value, spanId: value, parentId: value }));
    expect([span.traceId, span.spanId, span.parentId]).toEqual([expected, expected, expected]);
  });

  it.each([1e20, {}, true])('%j is rejected under the name that the row uses', (value) => {
    const result = run({ spanId: value, sourceNames: { spanId: 'runId' } });
    expect(problemOf(result)).toMatchObject({ code: 'bad_id', field: 'runId' });
  });
});

describe('times', () => {
  it('keep microseconds and give the latency', () => {
    expect(bodyOf(run())).toMatchObject({
      start_time: '2025-09-08T07:46:14.007279Z',
      timestamp: '2025-09-08T07:46:19.041835Z',
      latency: 5.034556,
    });
  });

  it.each([
    [{ end: undefined }, 1757317574007279, 1757317575507279],
    [{ start: undefined, end: '2025-09-08T07:46:15.507279Z' }, 1757317574007279, 1757317575507279],
  ])('a missing one follows from the latency', (ends, start, end) => {
    const span = spanOf(run({ ...ends, latency: { value: '1500', unit: 'ms' } }));
    expect(span).toMatchObject({ start, end, body: { latency: 1.5 } });
  });

  it('without a zone are told under the name of the field that was read', () => {
    const ends = { start: undefined, end: '2025-09-08 07:46:15', latency: { value: 1, unit: 's' } } as const;
    const result = run({ ...ends, sourceNames: { end: 'created_at' } });
    expect(result).toMatchObject({ warnings: [{ code: 'naive_time', field: 'created_at' }] });
  });

  it('without a zone are what the user expects who named one', () => {
    const naive = { end: '2025-09-08 07:46:15' };
    expect(warningsOf(run(naive, { timezoneGiven: true, strict: true }))).toEqual([]);
    const { code, hint } = problemOf(run(naive, { strict: true }));
    expect([code, hint]).toEqual(['naive_time', expect.stringContaining('--timezone')]);
  });

  it('an end before the start is moved and kept', () => {
    const result = run({ end: '2025-09-08T07:46:13Z', sourceNames: { end: 'finished' } });
    expect(bodyOf(result)).toMatchObject({
      timestamp: '2025-09-08T07:46:14.007279Z',
      latency: 0,
      metadata: { finished: '2025-09-08T07:46:13Z' },
    });
    expect(warningsOf(result)).toEqual(['end_before_start']);
  });

  it('a latency that contradicts them is kept, a rounded one is not', () => {
    const latency = { value: 9, unit: 's' } as const;
    expect(bodyOf(run({ latency }))).toMatchObject({ latency: 5.034556, metadata: { latency: '9' } });
    expect(bodyOf(run({ latency: { value: 5.035, unit: 's' } }))).not.toHaveProperty('metadata');
  });

  it('none at all is told, or filled from the base time, or rejected', () => {
    const none = { start: undefined, end: undefined };
    expect(warningsOf(run(none))).toEqual(['no_time']);
    expect(bodyOf(run(none, { baseTime: 1757317574000000 }))).toMatchObject({
      start_time: '2025-09-08T07:46:14Z',
    });
    expect(problemOf(run(none, { strict: true })).code).toBe('no_time');
  });

  it('none follows from a latency that leads out of the calendar', () => {
    const latency = { value: 9e9, unit: 's' } as const;
    const late = bodyOf(run({ start: '9999-01-01T00:00:00Z', end: undefined, latency }));
    expect(late).toMatchObject({ start_time: '9999-01-01T00:00:00Z', latency: 9e9 });
    expect(late).not.toHaveProperty('timestamp');
  });

  it('an unreadable one is rejected under the name that the row uses', () => {
    const result = run({ start: 'soon', sourceNames: { start: 'Started' } });
    expect(problemOf(result)).toMatchObject({ code: 'bad_time', field: 'Started' });
  });
});

describe('values', () => {
  it.each<[string, unknown, unknown]>([
    ['input', { a: 1 }, '{"a":1}'],
    ['input', '"{\\"a\\":1}"', '{"a":1}'],
    ['output', '"python"', '"python"'],
    ['output', 'None', 'None'],
    ['prompt_tokens', '1,234', 1234],
    ['cost', '$0.5', 0.5],
    ['stream', 'True', true],
    ['tools', '[{"type":"function"}]', [{ type: 'function' }]],
    ['thread_identifier', 7, '7'],
    ['messages', 'hi', undefined],
    ['log_type', 'LLM', 'generation'],
    [
      'tool_calls',
      [{ id: 'c', name: 'f', args: { a: 1 } }],
      [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
    ],
  ])('%s %j becomes %j', (field, value, expected) => {
    expect(bodyOf(run({ fields: { [field]: value } }))[field]).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['input', null],
    ['cost', NaN],
    ['cost', 'nan'],
    ['model', 'None'],
    ['prompt_tokens', ''],
  ])('%s %j is absent', (field, value) => {
    const body = bodyOf(run({ fields: { [field]: value } }));
    expect(body).not.toHaveProperty(field);
    expect(body).not.toHaveProperty('metadata');
  });

  it.each<[string, unknown, string]>([
    ['cost', Infinity, 'Infinity'],
    ['prompt_tokens', 1.5, '1.5'],
    ['prompt_tokens', '9007199254740993', '9007199254740993'],
    ['model', { id: 'x' }, '{"id":"x"}'],
  ])('%s %j is kept in metadata with a warning', (field, value, kept) => {
    const result = run({ fields: { [field]: value }, sourceNames: { [field]: 'column' } });
    expect(bodyOf(result)).toMatchObject({ metadata: { column: kept } });
    expect(warningsOf(result)).toEqual(['value_omitted']);
  });

  it('metadata becomes a map of strings without credentials at any depth', () => {
    const result = run({
      metadata: { n: 1, b: false, o: { x: [1], api_key: 'sk' }, none: null, 'API Key': 'sk' },
    });
    expect(bodyOf(result)['metadata']).toEqual({ n: '1', b: 'false', o: '{"x":[1]}' });
    expect(warningsOf(result)).toEqual(['credential_dropped', 'credential_dropped']);
  });

  it('lone surrogates are replaced', () => {
    const result = run({ fields: { input: '\ud800' } });
    expect([bodyOf(result)['input'], warningsOf(result)]).toEqual(['\ufffd', ['lone_surrogate']]);
  });
});

describe('log type by shape', () => {
  it.each<[Record<string, unknown>, string | undefined, string]>([
    [{ model: 'm', prompt_messages: [{ role: 'user', content: 'x' }] }, undefined, 'chat'],
    [{ model: 'm', input: 'x' }, undefined, 'generation'],
    [{ model: 'text-embedding-3-small' }, undefined, 'embedding'],
    [{ embedding: [1] }, 'p', 'embedding'],
    [{ span_tools: ['search'] }, 'p', 'tool'],
    [{}, undefined, 'workflow'],
    [{}, 'p', 'task'],
    [{ log_type: 'agent' }, 'p', 'agent'],
  ])('%j with parent %j is %s', (fields, parentId, expected) => {
    expect(bodyOf(run({ fields, parentId }))['log_type']).toBe(expected);
  });
});
