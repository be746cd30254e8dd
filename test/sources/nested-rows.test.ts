import { describe, expect, test } from 'vitest';
import { generic } from '../../src/sources/generic.js';
import type { SpanDraft } from '../../src/span/span.js';
import { mapContext } from './map-context.js';

function draftsOf(row: unknown, traceBy?: string): SpanDraft[] {
  const mapped = generic.map(row, mapContext({ text: () => JSON.stringify(row), traceBy }));
  if (mapped.kind !== 'drafts') throw new Error(mapped.kind);
  return mapped.drafts;
}

const at = (second: number) => `2025-06-05T10:00:0${second}Z`;
const step = (id: string, from: number, to: number, more: object = {}) => ({
  id,
  name: id,
  start_time: at(from),
  end_time: at(to),
  ...more,
});

describe('a trace around its spans', () => {
  const spans = [
    { ...step('a', 0, 5), parent_span_id: null },
    { ...step('b', 1, 2), parent_span_id: 'a', model: 'gpt-4o' },
  ];

  test('is no span where it has no time: its name and user go to all, the rest to the first', () => {
    const drafts = draftsOf({ trace_id: 't', name: 'checkout', user_id: 'u', region: 'eu', spans });
    expect(drafts).toMatchObject([
      {
        traceId: 't',
        spanId: 'a',
        fields: { trace_name: 'checkout', customer_identifier: 'u' },
        metadata: { 'trace.region': 'eu' },
      },
      {
        traceId: 't',
        spanId: 'b',
        parentId: 'a',
        fields: { trace_name: 'checkout', customer_identifier: 'u' },
      },
    ]);
    expect(drafts[0]).not.toHaveProperty('parentByPath');
    expect(drafts).toHaveLength(2);
  });

  test('is their root where it has one', () => {
    const drafts = draftsOf({ id: 't', start_time: at(0), end_time: at(6), conversation_id: 'c', spans });
    expect(drafts.map(({ spanId, parentId, parentByPath }) => [spanId, parentId, parentByPath])).toEqual([
      ['t', undefined, undefined],
      ['a', 't', true],
      ['b', 'a', undefined],
    ]);
    expect(drafts.every(({ fields }) => fields['session_identifier'] === 'c')).toBe(true);
  });

  test('its id is the trace id of the spans that name none', () => {
    expect(draftsOf({ id: 't', spans }).map(({ traceId }) => traceId)).toEqual(['t', 't']);
    const named = spans.map((span) => ({ ...span, trace_id: 'own' }));
    expect(draftsOf({ id: 't', spans: named })).toMatchObject([
      { traceId: 'own', metadata: { 'trace.id': 't' } },
      { traceId: 'own' },
    ]);
  });

  test('keeps ids that none of them has', () => {
    const named = spans.map((span) => ({ ...span, trace_id: `t-${span.id}` }));
    expect(draftsOf({ trace_id: 't', parent_id: 'p', spans: named })[0]).toMatchObject({
      metadata: { 'trace.trace_id': 't', 'trace.parent_id': 'p' },
    });
  });

  test('may stand beside them under its own name, and both may be JSON texts of a table', () => {
    const trace = step('t', 0, 6);
    const drafts = draftsOf({ trace, spans, downloaded_at: 'today', name: 'export' });
    expect(drafts[0]).toMatchObject({
      spanId: 't',
      fields: { span_name: 't' },
      metadata: { downloaded_at: 'today', 'document.name': 'export' },
    });
    expect(draftsOf({ trace_id: 't', spans: JSON.stringify(spans) })).toHaveLength(2);
  });
});

describe('children', () => {
  const tree = {
    name: 'agent',
    start_time: at(0),
    end_time: at(5),
    children: [
      { name: 'plan', start_time: at(1), end_time: at(4), children: [{ name: 'llm', start_time: at(2) }] },
      { name: 'tool', start_time: at(4), end_time: at(5) },
    ],
  };

  test('are below the span that holds them, at any depth; ids follow from the content', () => {
    const [agent, plan, llm, tool] = draftsOf(tree);
    expect([agent, plan, llm, tool].map((draft) => draft?.fields['span_name'])).toEqual([
      'agent',
      'plan',
      'llm',
      'tool',
    ]);
    expect(plan).toMatchObject({ parentId: agent?.spanId, parentByPath: true });
    expect(llm).toMatchObject({ parentId: plan?.spanId });
    expect(tool).toMatchObject({ parentId: agent?.spanId });
    expect(new Set([agent, plan, llm, tool].map((draft) => draft?.traceId)).size).toBe(1);
    expect(draftsOf(structuredClone(tree))).toEqual(draftsOf(tree));
  });

  test('join by their parent where --trace-by groups the rows', () => {
    expect(draftsOf(tree, 'user_id').map(({ traceId }) => traceId)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('nest ten thousand deep', () => {
    let deep: Record<string, unknown> = step('leaf', 0, 1);
    for (let level = 0; level < 10_000; level++) deep = step(`level ${level}`, 0, 1, { children: [deep] });
    const drafts = draftsOf({ trace_id: 't', ...deep });
    expect(drafts).toHaveLength(10_001);
  });
});

test.each([
  ['elements without a time', { id: 'x', spans: [{ id: 'a' }] }],
  ['elements without a name or id', { id: 'x', children: [{ start_time: at(0) }] }],
  ['texts', { id: 'x', children: ['a', 'b'] }],
  ['another name', { id: 'x', events: [step('a', 0, 1)] }],
  ['an empty list', { id: 'x', children: [] }],
])('a list of %s stays a value', (_what, row) => {
  expect(draftsOf(row)).toHaveLength(1);
});
