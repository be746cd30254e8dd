import { describe, expect, test } from 'vitest';
import { otelTable } from '../../src/sources/otel-table.js';
import { otelSdk } from '../../src/sources/otel-sdk.js';
import { documentsOf } from './source-documents.js';
import { importWith } from './import-sample.js';
import { mapContext } from './map-context.js';

const root = 'b7ad6b7169203331';
const child = '00f067aa0ba902b7';
const folder = 'fixtures/otel-table';

const call = {
  trace_unique_id: '0af7651916cd43dd8448eb211c80319c',
  span_unique_id: child,
  span_parent_id: root,
  span_workflow_name: 'assistant',
  model: 'gpt-4o',
  prompt_tokens: 21,
  completion_tokens: 9,
  start_time: expect.stringMatching(/^2025-06-15T15:06:40\.350/),
  timestamp: expect.stringMatching(/^2025-06-15T15:06:41\.850/),
  latency: 1.50025,
};

async function spansOf(file: string) {
  const imported = await importWith(otelTable, `${folder}/${file}`);
  const find = (id: string) => imported.spans.find((span) => span.span_unique_id === id);
  return { imported, parent: find(root), call: find(child) };
}

describe('ClickHouse', () => {
  test.each(['clickhouse.jsonl', 'clickhouse.csv'])('%s: nanoseconds, maps, events', async (file) => {
    const { imported, parent, call: llm } = await spansOf(file);
    expect([imported.rejected, imported.spans.length, imported.roots, imported.orphans]).toEqual([
      [],
      2,
      1,
      0,
    ]);
    expect(llm).toMatchObject({
      ...call,
      log_type: 'chat',
      prompt_messages: [{ role: 'user', content: 'Why is the sky blue?' }],
      completion_message: { role: 'assistant', content: 'Rayleigh scattering.' },
      status_code: 200,
    });
    expect(parent).toMatchObject({
      log_type: 'workflow',
      latency: 2,
      status_code: 500,
      error_message: 'rate limited',
      environment: 'staging',
    });
    expect(JSON.stringify(parent)).toContain('exception.message');
    expect(imported.warnings).toEqual({ naive_time: 2 });
  });

  test('is recognised, and not taken for a dump of an SDK', () => {
    const rows = documentsOf(`${folder}/clickhouse.jsonl`);
    expect(otelTable.detect(rows).agreeing).toBe(2);
    expect(otelSdk.detect(rows).agreeing).toBe(0);
  });
});

test('Logfire: what was written when a span began is skipped', async () => {
  const { imported, parent, call: llm } = await spansOf('logfire.jsonl');
  expect(imported.skipped).toEqual({ pending_span: 1 });
  expect([imported.spans.length, imported.roots, imported.orphans]).toEqual([2, 1, 0]);
  expect(llm).toMatchObject({
    ...call,
    prompt_messages: [{ role: 'user', content: 'Why is the sky blue?' }],
  });
  expect(parent).toMatchObject({ log_type: 'agent', status_code: 500, error_message: 'too blue' });
  expect(imported.warnings).toEqual({});
});

test('Application Insights: milliseconds, UTC, log records skipped, the code of HTTP or the success', async () => {
  const { imported, parent, call: llm } = await spansOf('application-insights.csv');
  expect(imported.skipped).toEqual({ otel_log: 1 });
  expect([imported.rejected, imported.spans.length]).toEqual([[], 2]);
  expect(llm).toMatchObject({ ...call, status_code: 200 });
  expect(parent).toMatchObject({ latency: 2, status_code: 500, span_name: 'POST /answer' });
  expect(imported.warnings).toEqual({});
});

test('Log Analytics names the same columns otherwise', () => {
  const row = {
    TimeGenerated: '2025-06-15T15:06:40.35Z',
    Id: child,
    OperationId: call.trace_unique_id,
    ParentId: root,
    Name: 'chat gpt-4o',
    DurationMs: 1500.25,
    Success: true,
    ResultCode: '0',
    Properties: { 'gen_ai.request.model': 'gpt-4o' },
    Type: 'AppDependencies',
  };
  expect(otelTable.detect([row]).agreeing).toBe(1);
  expect(otelTable.map(row, mapContext())).toMatchObject({
    drafts: [
      {
        spanId: child,
        parentId: root,
        latency: { value: 1500.25, unit: 'ms' },
        fields: { model: 'gpt-4o', status_code: 200 },
        metadata: { Type: 'AppDependencies' },
      },
    ],
  });
});

test('a row of another table is rejected by its missing column', () => {
  expect(otelTable.map({ SpanId: child }, mapContext())).toMatchObject({ kind: 'reject' });
  expect(otelTable.map({}, mapContext())).toEqual({ kind: 'skip', reason: 'empty_object' });
});

function draftOf(row: Record<string, unknown>) {
  expect(otelTable.detect([row]).agreeing).toBe(1);
  const mapped = otelTable.map(row, mapContext());
  if (mapped.kind !== 'drafts' || mapped.drafts[0] === undefined) throw new Error(mapped.kind);
  return mapped.drafts[0];
}

describe('a column for each attribute', () => {
  const attributes = { 'service.name': 'assistant', 'gen_ai.request.model': 'gpt-4o', region: 'eu' };
  test('Honeycomb', () => {
    const row = {
      Timestamp: '2025-06-15T15:06:40.35Z',
      'trace.trace_id': call.trace_unique_id,
      'trace.span_id': child,
      'trace.parent_id': root,
      name: 'chat',
      duration_ms: '1500.25',
      error: 'true',
      status_code: '0',
      ...attributes,
    };
    expect(draftOf(row)).toMatchObject({
      traceId: call.trace_unique_id,
      spanId: child,
      parentId: root,
      start: row.Timestamp,
      latency: { value: '1500.25', unit: 'ms' },
      fields: { model: 'gpt-4o', span_workflow_name: 'assistant', status_code: 500 },
      metadata: { region: 'eu' },
    });
    expect(draftOf({ ...row, error: 'quota', status_code: '2' })).toMatchObject({
      fields: { status_code: 500 },
      metadata: { error: 'quota' },
    });
    expect(otelTable.map({ ...row, 'trace.span_id': '' }, mapContext())).toEqual({
      kind: 'skip',
      reason: 'span_event',
    });
  });

  test('New Relic', () => {
    const row = {
      timestamp: 1750000000350,
      'trace.id': call.trace_unique_id,
      guid: child,
      'parent.id': root,
      name: 'chat',
      'duration.ms': 1500.25,
      'error.message': 'boom',
      'otel.status_code': 'ERROR',
      ...attributes,
    };
    expect(draftOf(row)).toMatchObject({
      spanId: child,
      parentId: root,
      latency: { value: 1500.25, unit: 'ms' },
      fields: { model: 'gpt-4o', status_code: 500, error_message: 'boom' },
      metadata: { region: 'eu' },
    });
  });
});
