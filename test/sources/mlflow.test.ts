import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mlflow } from '../../src/sources/mlflow.js';
import { fixture, mapRow, spanWithId } from './fixture.js';
import { importWith } from './import-sample.js';
import { mapContext } from './map-context.js';

const chat = {
  log_type: 'chat',
  model: 'gpt-4o-mini',
  provider_id: 'openai',
  temperature: 0.2,
  prompt_tokens: 21,
  completion_tokens: 2,
  total_request_tokens: 23,
  status_code: 500,
  error_message: 'overloaded',
  prompt_messages: [{ role: 'user', content: 'What is the capital of France?' }],
  completion_message: { role: 'assistant', content: 'Paris.' },
  tools: [{ type: 'function', function: { name: 'lookup' } }],
  metadata: { 'mlflow.spanType': 'CHAT_MODEL', 'metadata.shard': '3', 'invocation_params.seed': '11' },
};

describe('traces of MLflow', () => {
  it('of an artifact have their own trace id and hex span ids', async () => {
    const { spans, ...counts } = await importWith(mlflow, fixture('mlflow/artifact.json'));
    expect(counts).toMatchObject({ rejected: [], warnings: {}, traces: 1, roots: 1, orphans: 0 });
    expect(spans).toHaveLength(2);
    expect(spanWithId(spans, '1ab401586e36c840')).toMatchObject({
      trace_unique_id: 'tr-0001',
      log_type: 'workflow',
      start_time: '2025-06-02T10:40:00.000001Z',
      input: '{"question":"What is the capital of France?"}',
      output: 'Paris.',
      metadata: { 'mlflow.spanFunctionName': 'answer', trace_id: 'GrQBWG42yECzYR34MuSmrw==' },
    });
    expect(spanWithId(spans, '1ab401586e36c841')).toMatchObject({
      span_parent_id: '1ab401586e36c840',
      ...chat,
    });
  });

  it('of search_traces as CSV have their spans in a cell and their facts in the root', async () => {
    const { spans, ...counts } = await importWith(mlflow, fixture('mlflow/search-traces.csv'));
    expect(counts).toMatchObject({ rows: 2, rejected: [], traces: 2, roots: 2, orphans: 0 });
    expect(spans).toHaveLength(3);
    const root = spanWithId(spans, 'aa01');
    expect(root).toMatchObject({
      trace_unique_id: 'tr-0001',
      trace_name: 'answer',
      session_identifier: 'session-9',
      customer_identifier: 'user-3',
      metadata: {
        client_request_id: 'client-7',
        execution_duration_ms: '2499',
        'tags.team': 'geo',
        'trace_metadata.mlflow.source.name': 'app.py',
        request_preview: '{"question": "What is',
      },
    });
    expect(root['metadata']).not.toHaveProperty('request');
    expect(root['metadata']).not.toHaveProperty('response');
    expect(spanWithId(spans, 'aa02')).toMatchObject({ span_parent_id: 'aa01', ...chat });
  });

  it('without spans are one span', async () => {
    const { spans } = await importWith(mlflow, fixture('mlflow/search-traces.csv'));
    expect(spans.find((span) => span.trace_unique_id === 'tr-0002')).toMatchObject({
      start_time: '2025-06-02T10:41:00Z',
      latency: 1.5,
      status_code: 500,
      input: 'Hello',
    });
  });

  it('with info and data, as older versions write them, are read too', async () => {
    const { spans, rejected } = await importWith(mlflow, fixture('mlflow/info-and-data.json'));
    expect(rejected).toEqual([]);
    expect(spans).toMatchObject([
      {
        trace_unique_id: 'tr-0003',
        span_unique_id: 'aa01',
        log_type: 'workflow',
        input: '{"question":"What?"}',
        output: 'Paris.',
        metadata: { 'mlflow.spanType': 'UNKNOWN', 'tags.team': 'geo', experiment_id: '5' },
      },
    ]);
  });

  it('may stand whole in a column', () => {
    const trace = readFileSync(fixture('mlflow/info-and-data.json'), 'utf8');
    const row = { request_id: 'tr-0003', trace, execution_time_ms: '2500' };
    expect(mlflow.detect([row]).agreeing).toBe(1);
    expect(mapRow(mlflow, row, { isRecord: true })).toMatchObject([{ traceId: 'tr-0003', spanId: '0xaa01' }]);
  });

  it('may be framed span by span', () => {
    const { spans }: { spans: unknown[] } = JSON.parse(readFileSync(fixture('mlflow/artifact.json'), 'utf8'));
    expect(mlflow.detect(spans).agreeing).toBe(2);
    expect(spans.flatMap((span) => mapRow(mlflow, span)).map(({ traceId }) => traceId)).toEqual([
      'tr-0001',
      'tr-0001',
    ]);
  });

  it('that are none are skipped, or rejected with the name of the field', () => {
    const context = mapContext();
    expect(mlflow.map({}, context)).toEqual({ kind: 'skip', reason: 'empty_object' });
    expect(mlflow.map({ spans: [] }, context)).toEqual({ kind: 'skip', reason: 'empty_trace' });
    expect(mlflow.map('x', context)).toMatchObject({ problem: { code: 'not_an_object' } });
    expect(mlflow.map({ a: 1 }, context)).toMatchObject({ problem: { code: 'not_a_span' } });
    expect(mlflow.map({ trace_id: 't', spans: 'broken [' }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'spans' },
    });
    const odd = { span_id: 's', attributes: 'x' };
    expect(mlflow.map({ trace_id: 't', spans: [odd] }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'attributes' },
    });
  });

  it('are told from spans of others', () => {
    const others = [
      { trace_id: 't', span_id: 's', attributes: { 'gen_ai.system': 'x' } },
      { spans: [] },
      { info: {}, data: {} },
    ];
    expect(mlflow.detect(others).agreeing).toBe(0);
  });
});
