import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { treeJson, type TreeDocument } from '../../../src/report/tree/tree-json.js';
import { drawTrace } from '../../../src/tree/drawn-trace.js';
import { treeRows } from '../../../src/tree/tree-rows.js';
import { sketch, type SpanSketch } from '../../tree/factories.js';
import { schemaViolations } from '../schema-violations.js';

const totals = { traces: 7, spans: 90, rowsRead: 95, rowsRejected: 2, exitCode: 1 } as const;

function textOf(traces: readonly (readonly SpanSketch[])[]): string {
  const drawn = traces.map((spans) => {
    const sketched = sketch(spans);
    const options = { depth: Infinity, all: true, unfolded: new Set<number>() };
    return drawTrace(sketched, sketched.tree, treeRows(sketched.index, sketched.tree, options));
  });
  return [...treeJson(drawn, totals)].join('');
}

const documentOf = (...traces: (readonly SpanSketch[])[]): TreeDocument => JSON.parse(textOf(traces));

const trace: SpanSketch[] = [
  { id: 'root', start: 1_000_000, end: 3_500_000 },
  {
    id: 'ask',
    parent: 'root',
    start: 2_000_000,
    edge: { origin: 'ambiguous', candidates: 3, confidence: 0.25 },
    fields: { model: 'gpt-4o', log_type: 'chat', prompt_tokens: 5, error_message: 'no' },
  },
  { id: 'orphan', parent: 'lost' },
];

test('a document holds every span after its parent, with how the parent was found', () => {
  const document = documentOf(trace, [{ trace: 'other', id: 'only' }]);
  expect(document).toMatchObject({
    version: 1,
    traces_in_input: 7,
    spans_in_input: 90,
    rows_rejected: 2,
    exit_code: 1,
    traces: [
      {
        trace_unique_id: 'trace',
        source: 'respan',
        span_count: 3,
        roots: 1,
        orphans: 1,
        start_time: '1970-01-01T00:00:01Z',
        end_time: '1970-01-01T00:00:03.500Z',
        seconds: 2.5,
      },
      { trace_unique_id: 'other', start_time: null, end_time: null, seconds: null },
    ],
  });
  expect(document.traces[0]?.spans).toMatchObject([
    { span_unique_id: 'root', span_parent_id: null, depth: 0, edge: null, seconds: 2.5, error: null },
    {
      span_unique_id: 'ask',
      span_parent_id: 'root',
      depth: 1,
      model: 'gpt-4o',
      log_type: 'chat',
      prompt_tokens: 5,
      completion_tokens: null,
      end_time: null,
      seconds: null,
      edge: { origin: 'ambiguous', candidates: 3, confidence: 0.25 },
      error: { status_code: null, message: 'no' },
      file: 'logs.jsonl',
      line: 1,
    },
    { span_unique_id: 'orphan', span_parent_id: 'lost', depth: 1 },
  ]);
});

test('a span takes one line, which a terminal can show', () => {
  const lines = textOf([[{ id: 'a', name: '\u001b[31m\u202e\n' }]]).split('\n');
  expect(lines.filter((line) => line.includes('span_unique_id'))).toHaveLength(1);
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('a document without traces is a document', () => {
  expect(documentOf().traces).toEqual([]);
});

test('the schema takes every document', () => {
  const file = new URL('../../../schema/tree.schema.json', import.meta.url);
  const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
  for (const document of [documentOf(), documentOf(trace, [{ trace: 'other', id: 'only' }])])
    expect(schemaViolations(schema, document)).toEqual([]);
});
