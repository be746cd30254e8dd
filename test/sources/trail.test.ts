import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trail } from '../../src/sources/trail.js';
import { fixture, mapRow, spanWithId } from './fixture.js';
import { importWith } from './import-sample.js';
import { mapContext } from './map-context.js';

function nested(depth: number): Record<string, unknown> {
  let span: Record<string, unknown> = {};
  for (let level = depth; level > 0; level--) {
    span = { span_id: `s${level}`, span_attributes: {}, child_spans: level === depth ? [] : [span] };
  }
  return span;
}

describe('nested spans of TRAIL', () => {
  it('become spans under the spans that they stand in', async () => {
    const { spans, ...counts } = await importWith(trail, fixture('trail/nested.json'));
    expect(counts).toMatchObject({ rejected: [], warnings: {}, traces: 1, roots: 1, orphans: 0 });
    expect(spanWithId(spans, 'aa01')).toMatchObject({
      span_name: 'CodeAgent.run',
      span_workflow_name: 'tutor',
      log_type: 'agent',
      start_time: '2025-06-02T10:40:00.000001Z',
      latency: 2.5,
      input: 'What is the capital of France?',
      output: 'Paris.',
      status_code: 200,
      metadata: {
        'pat.app': 'tutor',
        'smolagents.max_steps': '12',
        'resource.telemetry.sdk.language': 'python',
        scope_version: '0.1.8',
        logs: '[{"body":{"function.name":"main","function.output":"done"}}]',
      },
    });
    expect(spanWithId(spans, 'aa02')).toMatchObject({
      span_parent_id: 'aa01',
      model: 'o3-mini',
      prompt_tokens: 21,
      completion_tokens: 2,
      status_code: 500,
      error_message: 'overloaded',
      prompt_messages: [{ role: 'user', content: 'What is the capital of France?' }],
    });
  });

  it('may nest 10,000 deep', () => {
    const drafts = mapRow(trail, { trace_id: 't', spans: [nested(10_000)] }, { text: () => '' });
    expect(drafts).toHaveLength(10_000);
    expect(drafts.at(-1)).toMatchObject({ traceId: 't', spanId: 's10000', parentId: 's9999' });
  });

  it('come alone too', () => {
    const { spans }: { spans: unknown[] } = JSON.parse(readFileSync(fixture('trail/nested.json'), 'utf8'));
    expect(mapRow(trail, spans[0]).map(({ spanId }) => spanId)).toEqual(['aa01', 'aa02']);
    expect(trail.detect([{ spans }, spans[0]]).agreeing).toBe(2);
  });

  it('keep what the document says beside them with the first span', () => {
    const [first, second] = mapRow(trail, { trace_id: 't', note: 'n', spans: [nested(2)] });
    expect(first?.metadata).toEqual({ 'trace.note': 'n' });
    expect(second?.metadata).toEqual({});
  });

  it('that are none are skipped, or rejected with the name of the field', () => {
    const context = mapContext();
    expect(trail.map({}, context)).toEqual({ kind: 'skip', reason: 'empty_object' });
    expect(trail.map({ trace_id: 't', spans: [] }, context)).toEqual({ kind: 'skip', reason: 'empty_trace' });
    expect(trail.map({ a: 1 }, context)).toMatchObject({ problem: { code: 'not_a_span' } });
    expect(trail.map({ ...nested(1), child_spans: 'x' }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'child_spans' },
    });
    expect(trail.detect([{ span_id: 's', trace_id: 't' }, { spans: [] }, { spans: [{}] }]).agreeing).toBe(0);
  });
});
