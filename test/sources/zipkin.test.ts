import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { zipkin } from '../../src/sources/zipkin.js';
import { fixture, mapRow, spanWithId } from './fixture.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const call = { traceId: 't1', id: 's1', localEndpoint: { serviceName: 'a' } };

describe('Zipkin spans', () => {
  it('of a client and a server under one id become one span with both sides of the story', async () => {
    const { spans, roots, orphans, rejected } = await importWith(zipkin, fixture('zipkin/shared-call.json'));
    expect({ count: spans.length, roots, orphans, rejected }).toEqual({
      count: 2,
      roots: 1,
      orphans: 0,
      rejected: [],
    });
    expect(spanWithId(spans, '352bff9a74ca9ad2')).toMatchObject({
      span_parent_id: '6b221d5bc9e6496c',
      span_name: 'chat',
      start_time: '2025-06-02T10:40:00.100Z',
      latency: 0.7,
      model: 'gpt-4o-mini',
      prompt_tokens: 12,
      completion_tokens: 7,
      status_code: 500,
      error_message: 'overloaded once',
      metadata: {
        kind: 'CLIENT',
        'remoteEndpoint.serviceName': 'model',
        'server.name': 'complete',
        'server.duration': '650000',
        'server.http.path': '/v1/chat',
        'server.localEndpoint.serviceName': 'model',
      },
    });
  });

  it('without a timestamp only fill gaps', async () => {
    const { spans } = await importWith(zipkin, fixture('zipkin/shared-call.json'));
    expect(spanWithId(spans, '6b221d5bc9e6496c')).toMatchObject({
      span_name: 'get /answer',
      latency: 0.9,
      metadata: { late: 'yes', 'http.path': '/answer' },
    });
  });

  it('of a server that comes before its client give the times to the client all the same', () => {
    const memory = new Map<string, unknown>();
    const server = { ...call, kind: 'SERVER', shared: true, timestamp: 20, duration: 1 };
    const client = { ...call, kind: 'CLIENT', timestamp: 10, duration: 5 };
    const [first] = mapRow(zipkin, server, { memory });
    const [second] = mapRow(zipkin, client, { memory });
    const [third] = mapRow(zipkin, server, { memory });
    expect([first?.start, second?.start, third?.start]).toEqual([20, 10, undefined]);
    expect(third).toMatchObject({
      partial: true,
      metadata: { 'server.timestamp': 20, 'server.duration': 1 },
    });
  });

  it.each([
    ['true', undefined],
    ['', undefined],
    ['no route', 'no route'],
  ])('have failed where the error tag says %j', (error, message) => {
    const [draft] = mapRow(zipkin, { ...call, timestamp: 1, tags: { error } });
    expect(draft?.fields['status_code']).toBe(500);
    expect(draft?.fields['error_message']).toBe(message);
  });

  it('have not failed where the error tag says false', () => {
    const [draft] = mapRow(zipkin, { ...call, timestamp: 1, tags: { error: 'false' } });
    expect(draft?.fields).not.toHaveProperty('status_code');
    expect(draft?.metadata).toMatchObject({ error: 'false' });
  });

  it('come alone, in a trace, or in a list of traces', () => {
    expect(mapRow(zipkin, [[call], [{ ...call, id: 's2' }]])).toHaveLength(2);
    expect(mapRow(zipkin, [call])).toHaveLength(1);
    expect(mapRow(zipkin, call)).toHaveLength(1);
  });

  it('that are none are skipped, or rejected with the name of the field', () => {
    expect(zipkin.map({}, mapContext())).toEqual({ kind: 'skip', reason: 'empty_object' });
    expect(zipkin.map([], mapContext())).toEqual({ kind: 'skip', reason: 'empty_trace' });
    expect(zipkin.map(7, mapContext())).toMatchObject({ problem: { code: 'not_an_object' } });
    expect(zipkin.map({ a: 1 }, mapContext())).toMatchObject({ problem: { code: 'not_a_span' } });
    expect(zipkin.map({ ...call, tags: 'x' }, mapContext())).toMatchObject({
      problem: { code: 'bad_field', field: 'tags' },
    });
  });

  it('are told from observations of other systems that have a traceId and an id', () => {
    expect(zipkin.detect([call, [call]]).agreeing).toBe(2);
    expect(
      zipkin.detect([{ traceId: 't', id: 'o', type: 'SPAN', startTime: '2025-01-01T00:00:00Z' }]).agreeing,
    ).toBe(0);
    expect(zipkin.detect([{ traceId: 't', id: 'o', timestamp: 5, kind: 'llm' }, {}, []]).agreeing).toBe(0);
  });
});

interface RawSpan {
  id: string;
  parentId?: string;
  duration?: number;
  shared?: boolean;
}

describe.skipIf(samplesAreMissing)(
  'the example traces of Zipkin (skipped where the samples are not at hand)',
  () => {
    it.each([
      ['skew', 4, 3, 1],
      ['yelp', 16, 13, 4],
      ['messaging-kafka', 28, 28, 0],
    ])('%s: every span and every value arrives', async (name, rows, distinct, shared) => {
      const file = path.join(samplesFolder, `zipkin/openzipkin_zipkin__${name}.json`);
      const raw: RawSpan[] = JSON.parse(readFileSync(file, 'utf8'));
      const sample = await importWith(zipkin, file);
      expect(raw.filter((span) => span.shared)).toHaveLength(shared);
      expect(sample).toMatchObject({ rows, rejected: [], skipped: {}, traces: 1, roots: 1, orphans: 0 });
      expect(sample.spans).toHaveLength(distinct);
      for (const row of raw) {
        const span = spanWithId(sample.spans, row.id);
        expect(span.span_parent_id ?? undefined).toBe(row.parentId);
        // A duration is the latency in microseconds.
        const { duration, ...rest } = row;
        expect(lostScalars([rest], [span])).toEqual([]);
        const told = [Math.round(Number(span['latency']) * 1e6), Number(metadataOf(span)['server.duration'])];
        expect(duration === undefined || told.includes(duration)).toBe(true);
      }
    });
  },
);

function metadataOf(span: Record<string, unknown>): Record<string, unknown> {
  return Object(span['metadata'] ?? {});
}
