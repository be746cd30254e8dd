import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jaeger } from '../../src/sources/jaeger.js';
import { fixture, mapRow, spanWithId } from './fixture.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const span = { traceID: 't1', spanID: 's1', operationName: 'chat', startTime: 1748860800000000, duration: 5 };

describe('Jaeger traces', () => {
  it('of an answer of the query API become spans with their processes, logs and parents', async () => {
    const { spans, ...counts } = await importWith(jaeger, fixture('jaeger/query-answer.json'));
    expect(counts).toMatchObject({ rejected: [], traces: 1, roots: 1, orphans: 0 });
    expect(spanWithId(spans, 'aa01')).toMatchObject({
      log_type: 'workflow',
      span_workflow_name: 'tutor',
      start_time: '2025-06-02T10:40:00.000001Z',
      latency: 2.5,
      status_code: 200,
      metadata: {
        'sampler.param': '9223372036854775222',
        'resource.hostname': 'pod-1',
        'trace.warnings': '["a trace warning"]',
      },
    });
    expect(spanWithId(spans, 'aa02')).toMatchObject({
      span_parent_id: 'aa01',
      model: 'gpt-4o-mini',
      prompt_tokens: 21,
      completion_tokens: 2,
      metadata: { warnings: '["clock skew adjusted"]' },
    });
    expect(spanWithId(spans, 'aa03')).toMatchObject({
      span_parent_id: 'aa01',
      span_workflow_name: 'index',
      status_code: 500,
      error_message: 'index is cold',
    });
  });

  it('keep references that are not the parent', () => {
    const references = [
      { refType: 'CHILD_OF', traceID: 'other', spanID: 'x' },
      { refType: 'FOLLOWS_FROM', traceID: 't1', spanID: 'before' },
      { refType: 'CHILD_OF', traceID: 't1', spanID: 'parent' },
    ];
    const [draft] = mapRow(jaeger, { ...span, references });
    expect(draft).toMatchObject({ parentId: 'parent', metadata: { references: references.slice(0, 2) } });
    const [follower] = mapRow(jaeger, { ...span, references: references.slice(1, 2) });
    expect(follower).toMatchObject({ parentId: 'before', metadata: { references: references.slice(1, 2) } });
  });

  it('may name the parent in the older field', () => {
    expect(mapRow(jaeger, { ...span, parentSpanID: 'p' })[0]?.parentId).toBe('p');
  });

  it('may come as spans of Elasticsearch: tags as an object, the process inside', () => {
    const [draft] = mapRow(jaeger, {
      ...span,
      startTimeMillis: 1748860800000,
      tag: { 'gen_ai@request@model': 'gpt-4o-mini', error: true },
      process: { serviceName: 'tutor', tags: [{ key: 'hostname', value: 'pod-1' }] },
    });
    expect(draft?.fields).toMatchObject({
      model: 'gpt-4o-mini',
      status_code: 500,
      span_workflow_name: 'tutor',
    });
    expect(draft?.metadata).toEqual({ 'resource.hostname': 'pod-1' });
  });

  it('in Elasticsearch have the values of their tags as texts', () => {
    const tags = [
      { key: 'error', type: 'bool', value: 'true' },
      { key: 'peer.ipv4', type: 'int64', value: '23456' },
    ];
    const [draft] = mapRow(jaeger, { ...span, flags: 1, tags, process: { serviceName: 'x', tags } });
    expect(draft).toMatchObject({
      fields: { status_code: 500 },
      metadata: { flags: 1, 'peer.ipv4': '23456', 'resource.error': 'true', 'resource.peer.ipv4': '23456' },
    });
  });

  it('keep both values of a tag that comes twice', () => {
    const tags = ['a', 'b'].map((value) => ({ key: 'step', type: 'string', value }));
    expect(mapRow(jaeger, { ...span, tags })[0]?.metadata).toMatchObject({ step: 'a', step_2: 'b' });
  });

  it('that are none are skipped, or rejected with the name of the field', () => {
    const context = mapContext();
    expect(jaeger.map({}, context)).toEqual({ kind: 'skip', reason: 'empty_object' });
    expect(jaeger.map({ data: [], errors: null }, context)).toEqual({ kind: 'skip', reason: 'empty_trace' });
    expect(jaeger.map('x', context)).toMatchObject({ problem: { code: 'not_an_object' } });
    expect(jaeger.map({ ...span, logs: {} }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'logs' },
    });
    expect(jaeger.map({ ...span, tags: 'x' }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'tags' },
    });
  });

  it('are told from OTLP spans and Zipkin spans', () => {
    const trace = { traceID: 't1', spans: [span], processes: {} };
    expect(jaeger.detect([trace, span, { data: [trace] }, [trace]]).agreeing).toBe(4);
    expect(
      jaeger.detect([{ traceId: 't', spanId: 's', name: 'n' }, { traceId: 't', id: 's' }, { data: [] }])
        .agreeing,
    ).toBe(0);
  });
});

interface RawSpan extends Record<string, unknown> {
  spanID: string;
  duration: number;
  processID: string;
  references: { traceID: string; spanID: string }[];
  tags: { key: string; value: unknown }[];
  logs: { timestamp: number; fields: { key: string; value: unknown }[] }[];
}

/** What must be found again of a span: names of fields and types of values are replaced by what they mean. */
function factsOf({ tags, logs, ...rest }: RawSpan): unknown {
  const values = tags.filter(({ key }) => key !== 'error').map(({ value }) => value);
  const told = new Set(['duration', 'processID', 'references']);
  const others = Object.fromEntries(Object.entries(rest).filter(([name]) => !told.has(name)));
  return {
    others,
    values,
    logs: logs.map(({ timestamp, fields }) => [timestamp, fields.map(({ value }) => value)]),
  };
}

describe.skipIf(samplesAreMissing)(
  'the test traces of Jaeger (skipped where the samples are not at hand)',
  () => {
    // The file holds two different spans under one id: the later one wins, and the plan counts the conflict.
    it.each([
      ['jaegertracing_jaeger__ui_01.json', 4, ['test-general-conversion']],
      ['jaegertracing_jaeger-ui__genaiTestTrace.json', 57, []],
    ])('%s: every span, edge and value arrives', async (name, distinct, overruled) => {
      const file = path.join(samplesFolder, 'jaeger', name);
      const trace: { spans: RawSpan[]; traceID: string } = JSON.parse(readFileSync(file, 'utf8'));
      const sample = await importWith(jaeger, file);
      expect(sample).toMatchObject({ rejected: [], skipped: {}, traces: 1, roots: 1, orphans: 0 });
      expect(sample.spans).toHaveLength(distinct);
      const lost: string[] = [];
      for (const row of trace.spans) {
        const found = spanWithId(sample.spans, row.spanID);
        expect(Math.round(Number(found['latency']) * 1e6)).toBe(row.duration);
        const own = row.references.find(({ traceID }) => traceID === trace.traceID);
        expect(found.span_parent_id ?? undefined).toBe(own?.spanID);
        lost.push(...lostScalars([factsOf(row)], [found]));
      }
      expect(lost).toEqual(overruled.map((value) => `others.operationName=${value}`));
    });

    it('the GenAI trace has its models and token counts', async () => {
      const file = path.join(samplesFolder, 'jaeger/jaegertracing_jaeger-ui__genaiTestTrace.json');
      const { spans: raw }: { spans: RawSpan[] } = JSON.parse(readFileSync(file, 'utf8'));
      const { spans } = await importWith(jaeger, file);
      const inRaw = (key: string): number =>
        raw
          .flatMap(({ tags }) => tags)
          .filter((tag) => tag.key === key)
          .reduce((sum, { value }) => sum + Number(value), 0);
      const inSpans = (field: string): number =>
        spans.reduce((sum, each) => sum + Number(each[field] ?? 0), 0);
      expect(inRaw('gen_ai.usage.input_tokens')).toBeGreaterThan(0);
      expect(inSpans('prompt_tokens')).toBe(inRaw('gen_ai.usage.input_tokens'));
      expect(inSpans('completion_tokens')).toBe(inRaw('gen_ai.usage.output_tokens'));
      const models = raw.map(
        ({ tags }) =>
          tags.find(({ key }) => key === 'gen_ai.response.model')?.value ??
          tags.find(({ key }) => key === 'gen_ai.request.model')?.value,
      );
      expect(spans.map((each) => each['model'])).toEqual(models);
    });
  },
);
