import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { adaline } from '../../src/sources/adaline.js';
import { detectSource } from '../../src/sources/detect.js';
import { sources } from '../../src/sources/registry.js';
import { normaliseDraft } from '../../src/span/normalise.js';
import { logTraceOf } from '../../src/targets/adaline/log-trace.js';
import { bodyOf, options } from '../span/factories.js';
import { exported } from '../support/adaline-export.js';
import { adalineOptions, span } from '../targets/adaline/factories.js';
import { fixture, mapRow, spanWithId } from './fixture.js';
import { importWith } from './import-sample.js';
import { mapContext } from './map-context.js';

const [tracesPage, spansPage] = [fixture('adaline/traces-page.json'), fixture('adaline/spans-page.json')];

function read(name: string): Record<string, unknown> {
  const page: Record<string, unknown> = JSON.parse(readFileSync(name, 'utf8'));
  return page;
}

function rowsOf(name: string, list: string): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = Object(read(name)[list]);
  return rows;
}

const traceRow = rowsOf(tracesPage, 'traces')[0]!;
const [retrieval, call] = rowsOf(spansPage, 'spans');

describe('a log of Adaline', () => {
  it('is a trace whose row is the root of the spans that name no parent', async () => {
    const both = await importWith(adaline, tracesPage, spansPage);
    expect(both).toMatchObject({ rows: 4, traces: 1, roots: 1, orphans: 0, rejected: [], warnings: {} });
    const trace = 'trace_01jx0000000000000001';
    expect(spanWithId(both.spans, trace)).toMatchObject({
      trace_unique_id: trace,
      span_name: 'answer-question',
      log_type: 'workflow',
      start_time: '2025-06-05T10:00:00Z',
      timestamp: '2025-06-05T10:00:03Z',
      status_code: 200,
      session_identifier: 'session-7',
      metadata: {
        customer: 'ada',
        seats: '3',
        tags: '["production"]',
        totalCost: '0.0021',
        referenceId: 'order-1042',
      },
    });
    expect(spanWithId(both.spans, 'retrieve-1')).toMatchObject({ span_parent_id: trace, log_type: 'task' });
    expect(spanWithId(both.spans, 'span_01jx0000000000000003')).toMatchObject({
      span_parent_id: 'call-1',
      log_type: 'tool',
      status_code: 500,
      input: '{"id":1042}',
      metadata: { error: 'timeout', events: '[{"name":"retry"}]' },
    });
  });

  it('is read the other way round and in lines too', async () => {
    const both = await importWith(adaline, spansPage, tracesPage);
    expect(both).toMatchObject({ traces: 1, roots: 1, orphans: 0 });
    expect(mapRow(adaline, call)).toEqual(mapRow(adaline, read(spansPage)).slice(1, 2));
    expect(mapRow(adaline, { data: [traceRow], pagination: {} })).toEqual(mapRow(adaline, traceRow));
  });

  it('may lie beside its trace in one document', () => {
    const document = { traces: [traceRow], spans: [retrieval, call] };
    const apart = [traceRow, retrieval, call].flatMap((row) => mapRow(adaline, row));
    expect(mapRow(adaline, document)).toEqual(apart);
    expect(adaline.detect([document]).agreeing).toBe(1);
    expect(adaline.map({ traces: [traceRow], spans: [1] }, mapContext())).toMatchObject({
      problem: { code: 'bad_field', field: 'spans' },
    });
  });

  it('says of a call its messages, parameters, counts and cost', () => {
    const [draft] = mapRow(adaline, call);
    expect(draft && bodyOf(normaliseDraft(draft, options()))).toMatchObject({
      model: 'gpt-5',
      provider_id: 'openai',
      log_type: 'chat',
      prompt_tokens: 120,
      completion_tokens: 45,
      total_request_tokens: 165,
      cost: 0.0021,
      temperature: 0.2,
      max_tokens: 256,
      prompt_messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Where is my order?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          ],
        },
      ],
      completion_message: {
        tool_calls: [{ id: 'call_1', function: { name: 'lookup_order', arguments: '{"id":1042}' } }],
        reasoning_content: 'Look it up.',
        thinking_blocks: [{ type: 'thinking', signature: 'c2ln' }],
      },
      metadata: { 'adaline.promptId': 'prompt_01jx000000000000001', tags: '["checkout"]' },
    });
  });

  it('may hold the bodies of a provider, and the chunks of a stream', () => {
    const content = {
      type: 'ModelStream',
      provider: 'openai',
      model: 'gpt-5',
      input: '{"model":"gpt-5","messages":[{"role":"user","content":"hi"}]}',
      output: 'data: {"delta":"he"}',
      aggregateOutput: '{"choices":[{"message":{"role":"assistant","content":"hello"}}]}',
    };
    const [draft] = mapRow(adaline, { ...call, content, contentType: 'ModelStream' });
    expect(draft?.fields).toMatchObject({
      stream: true,
      prompt_messages: [{ role: 'user', content: 'hi' }],
      completion_message: { role: 'assistant', content: 'hello' },
      input: content.input,
      output: content.aggregateOutput,
    });
    expect(draft?.metadata).toMatchObject({ 'content.output': content.output });
    const parsedContent = {
      input: { messages: [{ role: 'user', content: [{ modality: 'text', value: 'parsed' }] }] },
    };
    const [parsed] = mapRow(adaline, { ...call, content: { ...content, type: 'Model' }, parsedContent });
    expect(parsed?.fields['prompt_messages']).toEqual([{ role: 'user', content: 'parsed' }]);
  });

  it('tells times in milliseconds, however few', () => {
    const [draft] = mapRow(adaline, { ...retrieval, startedAt: 5, endedAt: '7' });
    expect(draft).toMatchObject({ start: '1970-01-01T00:00:00.005Z', end: '1970-01-01T00:00:00.007Z' });
    expect(draft?.metadata['latency']).toBe(300);
  });

  it('is skipped or rejected where it holds nothing', () => {
    const context = mapContext();
    expect(adaline.map({}, context)).toMatchObject({ kind: 'skip', reason: 'empty_object' });
    expect(adaline.map({ spans: [], pagination: {} }, context)).toMatchObject({
      kind: 'skip',
      reason: 'empty_page',
    });
    expect(adaline.map({ spans: [1] }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'spans' },
    });
    expect(adaline.map({ logTraceId: 't' }, context)).toMatchObject({ problem: { code: 'missing_field' } });
    expect(adaline.map('x', context)).toMatchObject({ problem: { code: 'not_an_object' } });
  });
});

describe('a log that this importer sent', () => {
  const told = [
    span({ span_unique_id: 'root', span_parent_id: null, log_type: 'workflow', session_identifier: 's' }),
    span({
      span_unique_id: 'call',
      span_parent_id: 'root',
      log_type: 'chat',
      metadata: { plan: 'pro' },
      status_code: 200,
    }),
  ];
  const { traces, spans } = exported([logTraceOf(told, adalineOptions())]);

  it('keeps its ids and gets no second root', () => {
    const drafts = [...traces, ...spans].flatMap((row) => mapRow(adaline, row));
    expect(drafts.map(({ traceId, spanId, parentId }) => [traceId, spanId, parentId])).toEqual([
      ['trace-1', 'root', null],
      ['trace-1', 'root', null],
      ['trace-1', 'call', 'root'],
    ]);
  });

  it('keeps what was changed in Adaline since', () => {
    const changed = {
      ...spans[1],
      status: 'aborted',
      tags: '["seen"]',
      promptId: 'p-1',
      cost: 0.5,
      events: '[{"name":"x"}]',
      feedback: 'good',
    };
    const [draft] = mapRow(adaline, changed);
    expect(draft?.fields).not.toHaveProperty('cost');
    expect(draft?.metadata).toEqual({
      plan: 'pro',
      'adaline.status': 'aborted',
      'adaline.tags': ['seen'],
      'adaline.promptId': 'p-1',
      'adaline.cost': 0.5,
      events: [{ name: 'x' }],
      feedback: 'good',
    });
    const [trace] = mapRow(adaline, { ...traces[0], tags: '["seen"]' });
    expect(trace?.metadata).toEqual({ 'adaline.tags': ['seen'] });
  });

  it('says where it was cut', () => {
    const large = [span({ input: 'x'.repeat(1_100_000) })];
    const [row] = exported([logTraceOf(large, adalineOptions({ onOversize: 'truncate' }))]).spans;
    expect(mapRow(adaline, row)[0]?.metadata).toEqual({ 'adaline.truncated': true });
  });
});

describe('detecting', () => {
  it.each<[string, unknown[]]>([
    ['traces', [traceRow]],
    ['spans', [retrieval, call]],
    ['both', [traceRow, call]],
    ['pages of spans', [read(spansPage)]],
    ['pages of traces', [{ traces: [traceRow], pagination: {} }]],
    [
      'an empty page',
      [{ spans: [], pagination: { limit: 50, returned: 0, hasMore: false, nextCursor: null } }],
    ],
    ['pages of data', [{ data: [call], pagination: {} }]],
  ])('%s', (_, sample) => {
    expect(detectSource(sample, sources)?.source.name).toBe('adaline');
  });

  it('leaves rows and pages of others alone', () => {
    const others = [
      { startedAt: 1, endedAt: 2, name: 'x' },
      { data: [{ id: 1 }] },
      { spans: [] },
      { traces: [{ startedAt: 1 }] },
      1,
      [],
    ];
    expect(adaline.detect(others).agreeing).toBe(0);
  });
});
