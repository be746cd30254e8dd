import { describe, expect, test } from 'vitest';

import { fieldFates } from '../../src/explain/field-fates.js';
import { leavesOf } from '../../src/explain/leaves.js';
import type { Span } from '../../src/span/span.js';

const times = { timezone: 'UTC', dateOrder: undefined };

function span(fields: Record<string, unknown>): Span {
  return { trace_unique_id: 't', span_unique_id: 's', ...fields };
}

function fateOf(
  row: Record<string, unknown>,
  fields: Record<string, unknown>,
): { fate: string; to: string[] } {
  const [first] = fieldFates(row, [span(fields)], times);
  return { fate: first!.fate, to: first!.to };
}

describe('where a field went', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string, string[]]>([
    ['the same value', { prompt: 'hello' }, { input: 'hello' }, 'preserved', ['input']],
    ['a number written as a text', { tokens: '15' }, { prompt_tokens: 15 }, 'preserved', ['prompt_tokens']],
    ['inside a JSON text', { a: { b: 'deep' } }, { input: '{"a":{"b":"deep"}}' }, 'preserved', ['input.a.b']],
    ['out of a JSON text', { body: '{"model":"gpt"}' }, { model: 'gpt' }, 'preserved', ['model']],
    ['its own name first', { model: 'x' }, { note: 'x', model: 'x' }, 'preserved', ['model']],
    ['in metadata', { team: 'core' }, { metadata: { team: 'core' } }, 'metadata', ['metadata.team']],
    [
      'an instant',
      { at: 1_749_117_600 },
      { start_time: '2025-06-05T10:00:00.000000Z' },
      'approximated',
      ['start_time'],
    ],
    ['another unit', { latency_ms: 820 }, { latency: 0.82 }, 'approximated', ['latency']],
    [
      'another spelling of an id',
      { id: '0xabcdef1234567890' },
      { other_id: 'abcdef1234567890' },
      'approximated',
      ['other_id'],
    ],
    ['the nearest kind', { kind: 'LLM' }, { log_type: 'generation' }, 'approximated', ['log_type']],
    ['encoded twice', { input: '"say \\"hi\\""' }, { input: 'say "hi"' }, 'preserved', ['input']],
    ['nothing', { gone: 'away for good' }, { input: 'x' }, 'dropped', []],
    ['a spelling of nothing', { none: 'None' }, {}, 'absent', []],
  ])('%s', (_, row, fields, fate, to) => {
    expect(fateOf(row, fields)).toEqual({ fate, to });
  });

  test('of several spans the place names the span', () => {
    const fates = fieldFates(
      { x: 'one', y: 'two' },
      [span({ input: 'one' }), span({ output: 'two' })],
      times,
    );
    expect(fates.map(({ to }) => to)).toEqual([['#1 input'], ['#2 output']]);
  });
});

test('leaves are found at any depth, in order, and in JSON texts', () => {
  expect(leavesOf({ a: [1, { b: null }], c: '{"d":[true]}', e: 'plain' })).toEqual([
    { path: 'a[0]', value: 1, encoded: false },
    { path: 'a[1].b', value: null, encoded: false },
    { path: 'c.d[0]', value: true, encoded: true },
    { path: 'e', value: 'plain', encoded: false },
  ]);
  const deep = JSON.parse(`${'['.repeat(100_000)}1${']'.repeat(100_000)}`) as unknown;
  expect(leavesOf([deep])).toHaveLength(1);
});
