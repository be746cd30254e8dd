import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readRfc3339 } from '../../src/span/calendar.js';
import { addProvenance, remapId, remapIds, shiftTimes } from '../../src/span/rewrite.js';
import type { Span } from '../../src/span/span.js';

function span(overrides: Partial<Span> = {}): Span {
  return { trace_unique_id: 't', span_unique_id: 's', ...overrides };
}

test('an id follows from the seed and the old id alone', () => {
  // printf seed1abc | sha256sum
  expect(remapId('abc', 'seed1', 32)).toBe('b2e6788b949fdb9aa1bb43adc78dc6ed');
  expect(remapId('abc', 'seed1', 16)).toBe('b2e6788b949fdb9a');
  expect(remapId('abc', 'seed2', 16)).not.toBe(remapId('abc', 'seed1', 16));
});

test('a parent is found under its new id, and a root stays one', () => {
  const root = remapIds(span({ span_unique_id: 'root', span_parent_id: null }), 'seed');
  const child = remapIds(span({ span_parent_id: 'root' }), 'seed');
  expect(child.span_parent_id).toBe(root.span_unique_id);
  expect(child.trace_unique_id).toBe(root.trace_unique_id);
  expect(root.span_parent_id).toBeNull();
  expect(remapIds(span(), 'seed')).not.toHaveProperty('span_parent_id');
});

test('shifting moves both times by the same microseconds', () => {
  const micros = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
  const time = micros.map(
    (at) =>
      `${new Date(Math.floor(at / 1000)).toISOString().slice(0, -1)}${String(at % 1000).padStart(3, '0')}Z`,
  );
  fc.assert(
    fc.property(time, time, fc.integer({ min: 0, max: 1e15 }), (start, end, shift) => {
      const shifted = shiftTimes(span({ start_time: start, timestamp: end }), shift);
      expect(readRfc3339(String(shifted['start_time']))).toBe(readRfc3339(start) + shift);
      expect(readRfc3339(String(shifted['timestamp']))).toBe(readRfc3339(end) + shift);
    }),
  );
});

test('shifting adds no time that the span does not tell', () => {
  expect(shiftTimes(span({ timestamp: '2025-01-01T00:00:00Z' }), 1_000_000)).toEqual(
    span({ timestamp: '2025-01-01T00:00:01Z' }),
  );
});

test('the origin joins the metadata and takes no other value away', () => {
  const origin = { run: 'r2', source: 'respan', file: 'a.jsonl', line: 7 };
  const marked = addProvenance(span({ metadata: { 'import.run': 'r1', user: 1 } }), origin);
  expect(marked['metadata']).toEqual({
    'import.run': 'r1',
    user: 1,
    'import.run_2': 'r2',
    'import.source': 'respan',
    'import.file': 'a.jsonl',
    'import.line': '7',
  });
});
