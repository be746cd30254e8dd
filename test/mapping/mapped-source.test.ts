import { describe, expect, test } from 'vitest';

import { mappedSource } from '../../src/mapping/mapped-source.js';
import { parseMapping } from '../../src/mapping/read-mapping.js';
import type { SpanDraft } from '../../src/span/span.js';
import { mapContext } from '../sources/map-context.js';

function mapped(
  yaml: string,
  row: unknown,
  inputName = 'logs.jsonl',
): ReturnType<ReturnType<typeof mappedSource>['map']> {
  return mappedSource(parseMapping(yaml, 'mapping.yaml')).map(row, mapContext({ inputName }));
}

function draftOf(yaml: string, row: unknown, inputName?: string): SpanDraft {
  const result = mapped(yaml, row, inputName);
  if (result.kind !== 'drafts') throw new Error(`no draft but ${JSON.stringify(result)}`);
  return result.drafts[0]!;
}

describe('where a value comes from', () => {
  test('a path, the first of several, a constant and a template', () => {
    const yaml = `fields:
  span_unique_id: a.id
  model: [missing, b.name]
  log_type: { value: chat }
  span_name: { template: '{s}/{a.id}' }`;
    const draft = draftOf(yaml, { a: { id: 'i1' }, b: { name: 'gpt' }, s: 'svc' });
    expect(draft.spanId).toBe('i1');
    expect(draft.fields).toEqual({ model: 'gpt', log_type: 'chat', span_name: 'svc/i1' });
    expect(draft.sourceNames).toMatchObject({ spanId: 'a.id', model: 'b.name' });
  });

  test('a column name with dots, a list index, and a path into a JSON text', () => {
    const yaml = 'fields:\n  input: a.b\n  output: list[1].x\n  model: cell.name';
    const row = { 'a.b': 'dotted', list: [{}, { x: 'second' }], cell: '{"name":"gpt"}' };
    expect(draftOf(yaml, row).fields).toEqual({ input: 'dotted', output: 'second', model: 'gpt' });
  });

  test.each([
    ['epoch_s', 1_749_117_600.25, '2025-06-05T10:00:00.250Z'],
    ['epoch_ms', '1749117600250', '2025-06-05T10:00:00.250Z'],
    ['epoch_us', 1_749_117_600_250_001, '2025-06-05T10:00:00.250001Z'],
    ['epoch_ns', 1_749_117_600_250_001_000, '2025-06-05T10:00:00.250001Z'],
  ])('a time in %s', (type, value, time) => {
    expect(draftOf(`fields:\n  start_time: { path: t, type: ${type} }`, { t: value }).start).toBe(time);
  });

  test('a duration in its unit, a number, JSON', () => {
    const yaml = `fields:
  latency: { path: took, unit: ms }
  time_to_first_token: { path: first, unit: ms }
  prompt_tokens: { path: n, type: number }
  prompt_messages: { path: m, type: json }`;
    const draft = draftOf(yaml, { took: 250, first: '40', n: '12', m: '[{"role":"user","content":"x"}]' });
    expect(draft.latency).toEqual({ value: 250, unit: 'ms' });
    expect(draft.fields).toEqual({
      time_to_first_token: 0.04,
      prompt_tokens: 12,
      prompt_messages: [{ role: 'user', content: 'x' }],
    });
  });

  test('a value of the wrong type rejects the row and names its own field', () => {
    const result = mapped('fields:\n  prompt_tokens: { path: usage.n, type: number }', {
      usage: { n: 'many' },
    });
    expect(result).toMatchObject({ kind: 'reject', problem: { code: 'wrong_type', field: 'usage.n' } });
  });
});

describe('the rest of the row', () => {
  const row = { a: { used: 1, kept: 2 }, b: 3, list: [1, 2] };

  test('goes to the metadata, without what was taken', () => {
    expect(draftOf('fields:\n  cost: a.used', row).metadata).toEqual({ a: { kept: 2 }, b: 3, list: [1, 2] });
    expect(row).toEqual({ a: { used: 1, kept: 2 }, b: 3, list: [1, 2] });
  });

  test('or nowhere', () => {
    expect(draftOf('rest: drop\nfields:\n  cost: a.used\nmetadata:\n  mine: b', row).metadata).toEqual({
      mine: 3,
    });
  });
});

test('more for files whose name fits', () => {
  const yaml = `metadata:\n  region: { value: none }\nfiles:\n  'eu/*.jsonl':\n    metadata:\n      region: { value: eu }`;
  expect(draftOf(yaml, { x: 1 }, 'data/eu/a.jsonl').metadata).toMatchObject({ region: 'eu' });
  expect(draftOf(yaml, { x: 1 }, 'us/a.jsonl').metadata).toMatchObject({ region: 'none' });
});

test.each([
  ['status == "ok"', { status: 'ok' }, true],
  ['status != debug', { status: 'debug' }, false],
  ['n > 9', { n: '10' }, true],
  ['n <= 9', { n: 10 }, false],
  ['error missing', { error: null }, true],
  ['error exists', {}, false],
  ['flag == true', { flag: true }, true],
  ['gone != "x"', {}, true],
  ['gone == null', {}, true],
])('where %s', (where, row, passes) => {
  expect(mapped(`where: ['${where}']`, row).kind).toBe(passes ? 'drafts' : 'skip');
});

describe('a mapping that is wrong is told with line and key', () => {
  test.each([
    ['an unknown key', 'fields:\n  model: a\nfeilds: {}', 3, 'feilds'],
    ['a field that no span has', 'fields:\n  model: a\n  colour: b', 3, 'fields.colour'],
    ['a credential', 'fields:\n  api_key: b', 2, 'fields.api_key'],
    ['two origins', 'fields:\n  model: { path: a, value: b }', 2, 'fields.model'],
    ['an unknown type', 'fields:\n  cost: { path: a, type: money }', 2, 'fields.cost.type'],
    ['no comparison', 'where:\n  - status', 2, 'where'],
    ['no map', '- a', 1, 'map'],
    ['a path that is none', 'drop:\n  - colour', 2, 'drop'],
    ['an id that is to be hashed', 'hash: span_unique_id', 1, 'hash'],
    ['a pattern that is none', 'redact:\n  - "("', 2, 'redact'],
    ['broken YAML', 'fields:\n  model: [a', 2, ''],
    ['another version', 'version: 2', 1, 'version'],
  ])('%s', (_, yaml, line, key) => {
    expect(() => parseMapping(yaml, 'm.yaml')).toThrow(
      expect.objectContaining({
        code: 'bad_mapping',
        exitCode: 2,
        message: expect.stringMatching(new RegExp(`^m\\.yaml:${line}: .*${key}`)),
      }),
    );
  });
});
