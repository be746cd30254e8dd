import { describe, expect, it } from 'vitest';
import { langfuse } from '../../src/sources/langfuse.js';
import { decodeText } from '../../src/sources/langfuse-observation.js';
import type { Mapped } from '../../src/sources/source.js';
import { importWith } from './import-sample.js';
import { mapContext } from './map-context.js';

function observation(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'obs-1',
    traceId: 'trace-1',
    type: 'SPAN',
    name: 'step',
    startTime: '2025-09-01T10:00:00.000Z',
    endTime: '2025-09-01T10:00:01.000Z',
    parentObservationId: null,
    ...overrides,
  };
}

function draftsOf(mapped: Mapped) {
  if (mapped.kind !== 'drafts') throw new Error(`no drafts: ${mapped.kind}`);
  return mapped.drafts;
}

function draftOf(row: unknown) {
  const [draft] = draftsOf(langfuse.map(row, mapContext()));
  if (draft === undefined) throw new Error('no draft');
  return draft;
}

const fixture = (name: string): string => `fixtures/langfuse/${name}`;

describe('a trace downloaded as JSON', () => {
  it('gives a span for each observation and none for the trace', async () => {
    const { spans, roots, orphans } = await importWith(langfuse, fixture('trace-download.json'));
    expect(spans.map((span) => [span.span_unique_id, span.span_parent_id ?? null])).toEqual([
      ['obs-root', null],
      ['obs-generation', 'obs-root'],
      ['obs-tool', 'obs-generation'],
    ]);
    expect({ roots, orphans }).toEqual({ roots: 1, orphans: 0 });
  });

  it('tells every observation its workflow, user and session, and the root the rest of the trace', async () => {
    const { spans } = await importWith(langfuse, fixture('trace-download.json'));
    for (const span of spans) {
      expect(span).toMatchObject({
        span_workflow_name: 'question-answering',
        customer_identifier: 'user-7',
        session_identifier: 'session-9',
      });
    }
    expect(spans[0]).toMatchObject({
      input: '{"question": "What is a span?"}',
      output: 'One unit of work.',
      metadata: {
        region: 'eu-1',
        'trace.metadata.tenant': 'acme',
        'trace.tags': '["docs"]',
        'trace.release': 'v12',
      },
    });
    expect(spans[0]?.['metadata']).not.toHaveProperty('trace.metadata.region');
    expect(spans[0]?.['metadata']).not.toHaveProperty('trace.observations');
  });

  it('reads a generation: model, messages, tokens, cost, time to the first token', async () => {
    const { spans } = await importWith(langfuse, fixture('trace-download.json'));
    expect(spans[1]).toMatchObject({
      log_type: 'generation',
      model: 'gpt-4o-mini',
      temperature: 0.2,
      time_to_first_token: 0.4,
      prompt_tokens: 42,
      completion_tokens: 9,
      total_request_tokens: 51,
      prompt_cache_hit_tokens: 16,
      cost: 0.0000117,
      prompt_messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is a span?' },
      ],
      completion_message: { role: 'assistant', content: 'One unit of work.' },
      metadata: { 'modelParameters.max_tokens': '-1', 'modelParameters.seed': '7' },
    });
  });

  it('imports an observation that never ended, and its error', async () => {
    const { spans } = await importWith(langfuse, fixture('trace-download.json'));
    expect(spans[2]).toMatchObject({
      status_code: 500,
      error_message: 'index unavailable',
      log_type: 'tool',
    });
    expect(spans[2]?.['timestamp']).toBeUndefined();
  });

  it('keeps what only the copy within the trace says', () => {
    const trace = {
      id: 'trace-1',
      observations: [observation({ metadata: '{"a":1}' }), observation({ id: 'obs-2' })],
    };
    const drafts = draftsOf(langfuse.map({ trace, observations: [observation()] }, mapContext()));
    expect(drafts.map(({ spanId }) => spanId)).toEqual(['obs-1', 'obs-2']);
    expect(drafts[0]?.metadata['metadata']).toEqual({ a: 1 });
  });

  it('takes no answer for a gap that the copy fills', () => {
    const trace = { id: 'trace-1', observations: [observation({ output: null })] };
    const observations = [observation({ output: 'None' })];
    expect(draftOf({ trace, observations }).fields['output']).toBe('None');
  });

  it('puts the trace on the earliest observation where there is no root', () => {
    const observations = [
      observation({ parentObservationId: 'gone', startTime: '2025-09-01T10:00:00.500Z' }),
      observation({ id: 'obs-0', parentObservationId: 'gone' }),
    ];
    const trace = { id: 'trace-1', tags: ['docs'] };
    const drafts = draftsOf(langfuse.map({ trace, observations }, mapContext()));
    expect(drafts.map(({ metadata }) => metadata['trace.tags'])).toEqual([undefined, ['docs']]);
  });

  it('makes a trace without observations a span', () => {
    const trace = { id: 'trace-1', name: 'alone', timestamp: '2025-09-01T10:00:00Z' };
    const [draft] = draftsOf(langfuse.map({ trace, observations: [] }, mapContext()));
    expect(draft).toMatchObject({ traceId: 'trace-1', spanId: 'trace-1', fields: { span_name: 'alone' } });
  });
});

describe('other forms of export', () => {
  it('reads traces of the API, with their observations or with the ids of these', async () => {
    const { spans, traces } = await importWith(langfuse, fixture('api-traces.json'));
    expect(traces).toBe(2);
    expect(spans[0]).toMatchObject({ span_unique_id: '7f3a9c1e5b2d4f60', log_type: 'workflow' });
    expect(spans[0]?.['metadata']).toMatchObject({ observations: '["obs-root","obs-generation"]' });
    expect(spans[1]).toMatchObject({
      span_unique_id: 'obs-2',
      span_workflow_name: 'nightly',
      prompt_tokens: 10,
      completion_tokens: 5,
      cost: 0.002,
      metadata: { 'usage.unit': 'TOKENS' },
    });
  });

  it('reads the CSV of observations, whose dates and objects are JSON in cells, like the download', async () => {
    const fromCsv = await importWith(langfuse, fixture('observations-export.csv'));
    const fromJson = await importWith(langfuse, fixture('trace-download.json'));
    const same = [
      'start_time',
      'timestamp',
      'model',
      'prompt_messages',
      'completion_message',
      'prompt_tokens',
      'cost',
    ];
    for (const field of [...same, 'span_parent_id', 'time_to_first_token', 'error_message', 'log_type']) {
      const [cells, values] = [fromCsv, fromJson].map(({ spans }) => spans.map((span) => span[field]));
      expect(cells).toEqual(values);
    }
    expect(fromCsv.spans[1]?.['metadata']).toMatchObject({ helpfulness: '[0.8]', traceTags: '["docs"]' });
  });

  it('gives a root without an end for each row of the export of traces', async () => {
    const { spans, roots } = await importWith(langfuse, fixture('traces-export.jsonl'));
    expect(roots).toBe(2);
    expect(spans[0]).toMatchObject({
      trace_unique_id: 'trace-a',
      span_unique_id: 'trace-a',
      start_time: '2025-09-01T10:00:00.000Z',
      output: 'One unit of work.',
      metadata: { tenant: 'acme', release: 'v12', helpfulness: '[0.8]' },
    });
    expect(spans[0]?.['timestamp']).toBeUndefined();
  });

  it('reads blob storage: snake case, times in UTC without a zone, seconds', async () => {
    const { spans, warnings } = await importWith(langfuse, fixture('blob-observations.jsonl'));
    expect(warnings).toEqual({});
    expect(spans[0]).toMatchObject({
      start_time: '2024-05-29T13:46:19.963000Z',
      latency: 1.5,
      time_to_first_token: 0.25,
      model: 'gpt-4o',
      warnings: 'slow',
      customer_identifier: 'user-7',
      span_workflow_name: 'greeting',
    });
    expect(spans[1]).toMatchObject({ span_parent_id: 'obs-blob', metadata: { type: 'EVENT' } });
  });

  it('reads the columns of version 4, in milliseconds', () => {
    const row = observation({
      endTime: undefined,
      latencyMs: 1500,
      timeToFirstTokenMs: 250,
      providedModelName: 'm',
    });
    expect(draftOf(row)).toMatchObject({
      latency: { value: 1500, unit: 'ms' },
      fields: { model: 'm', time_to_first_token: 0.25 },
      metadata: { type: 'SPAN' },
    });
  });
});

describe('values of an observation', () => {
  it.each([
    ['seconds', 1, undefined],
    ['milliseconds', 1000, 1000],
  ])('drops a latency in %s only where it repeats the times', (_, latency, kept) => {
    expect(draftOf(observation({ latency })).metadata['latency']).toBe(kept);
  });

  it('drops zeros beside empty details, and maps those beside others', () => {
    const unmeasured = draftOf(
      observation({ usageDetails: {}, inputUsage: 0, costDetails: {}, totalCost: 0 }),
    );
    expect(unmeasured.fields).not.toHaveProperty('prompt_tokens');
    expect(unmeasured.metadata).toEqual({ type: 'SPAN' });
    const measured = draftOf(observation({ usageDetails: { input: 3 }, outputUsage: 0 }));
    expect(measured.fields).toMatchObject({ prompt_tokens: 3, completion_tokens: 0 });
  });

  it('keeps a column that contradicts the details', () => {
    const draft = draftOf(observation({ usageDetails: { input: 3 }, inputUsage: 4 }));
    expect(draft.fields['prompt_tokens']).toBe(3);
    expect(draft.metadata['inputUsage']).toBe(4);
  });

  it.each([
    ['SPAN', undefined],
    ['EVENT', undefined],
    ['GENERATION', 'generation'],
    ['RETRIEVER', 'task'],
    ['GUARDRAIL', 'guardrail'],
  ])('%s is the log type %s', (type, logType) => {
    expect(draftOf(observation({ type })).fields['log_type']).toBe(logType);
  });

  it.each([
    ['once', '"plain"', 'plain'],
    ['twice', JSON.stringify(JSON.stringify('plain')), 'plain'],
    ['not at all', 'plain', 'plain'],
    ['not, but quoted', '"a" or "b"', '"a" or "b"'],
  ])('decodes texts that are encoded %s', (_, text, decoded) => {
    expect(decodeText(text)).toBe(decoded);
  });

  it('leaves "None" as the words of an answer', () => {
    expect(draftOf(observation({ output: 'None' })).fields['output']).toBe('None');
  });
});

describe('rows that are no observations', () => {
  it.each<[string, unknown, Partial<Mapped>]>([
    ['a text', 'x', { kind: 'reject', problem: expect.objectContaining({ code: 'not_an_object' }) }],
    ['nothing', {}, { kind: 'skip', reason: 'empty_object' }],
    ['a score', { id: 's', traceId: 't', value: 1, dataType: 'NUMERIC' }, { kind: 'skip', reason: 'score' }],
    ['anything else', { colour: 'red' }, { kind: 'skip', reason: 'no_observation' }],
    [
      'a download whose observations are no list',
      { trace: { id: 't' }, observations: 7 },
      { kind: 'reject', problem: expect.objectContaining({ code: 'bad_field', field: 'observations' }) },
    ],
    [
      'a download with something else among the observations',
      { trace: { id: 't' }, observations: [observation(), 7] },
      { kind: 'reject', problem: expect.objectContaining({ field: 'observations' }) },
    ],
  ])('%s', (_, row, mapped) => {
    expect(langfuse.map(row, mapContext())).toMatchObject(mapped);
  });

  it('rejects a time that is none by the name of the column', async () => {
    expect(draftOf(observation({ startTime: 'soon' }))).toMatchObject({
      sourceNames: { start: 'startTime' },
    });
  });
});

describe('detection', () => {
  it.each<[string, unknown, number]>([
    ['a download', { trace: {}, observations: [] }, 1],
    ['an observation', observation(), 1],
    ['an observation without its parent', observation({ parentObservationId: undefined }), 1],
    ['a row of blob storage', { id: 'o', trace_id: 't', parent_observation_id: '' }, 1],
    ['a row of the export of traces', { id: 't', timestamp: '', bookmarked: false, public: true }, 1],
    ['a page of observations', { data: [observation()] }, 1],
    ['a Zipkin span', { traceId: 't', id: 's', timestamp: 1, duration: 2 }, 0],
    ['a LangSmith run', { id: 'r', trace_id: 't', run_type: 'llm', dotted_order: 'x' }, 0],
    ['a flat span', { trace_id: 't', span_id: 's', type: 'llm', start_time: 1 }, 0],
  ])('%s', (_, row, agreeing) => {
    expect(langfuse.detect([row]).agreeing).toBe(agreeing);
  });
});

describe('a session', () => {
  const traces = [
    { id: 't1', timestamp: '2025-08-22T09:38:57Z', userId: 'u', input: 'hi', scores: [] },
    { id: 't2', timestamp: '2025-08-22T09:40:57Z', userId: 'u', input: 'ho', scores: [] },
  ];
  const session = { id: 's', projectId: 'p', users: ['u'], comments: [], traces };

  it('is all of its traces', () => {
    expect(langfuse.detect([session]).agreeing).toBe(1);
    expect(langfuse.map(session, mapContext())).toMatchObject({
      drafts: [
        {
          traceId: 't1',
          fields: { session_identifier: 's', input: 'hi' },
          metadata: { 'session.projectId': 'p' },
        },
        { traceId: 't2', fields: { session_identifier: 's', input: 'ho' } },
      ],
    });
  });

  it.each([
    ['of another vendor', { ...session, projectId: undefined, users: undefined, traces: [{ id: 't' }] }],
    ['without traces', { ...session, traces: [] }],
  ])('%s is none', (_what, row) => {
    expect(langfuse.detect([row]).agreeing).toBe(0);
  });
});
