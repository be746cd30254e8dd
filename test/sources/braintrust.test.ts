import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { braintrust } from '../../src/sources/braintrust.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const fixture = (name: string): string => `fixtures/braintrust/${name}`;

function rowsOf(file: string): Record<string, unknown>[] {
  const document: { events: Record<string, unknown>[] } | Record<string, unknown>[] = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return Array.isArray(document) ? document : document.events;
}

describe('rows of Braintrust', () => {
  it('are placed by span_id, root_span_id and the first of span_parents', async () => {
    const { spans, roots, traces } = await importWith(braintrust, fixture('fetched-events.json'));
    expect(
      spans.map((span) => [span.trace_unique_id, span.span_unique_id, span.span_parent_id ?? null]),
    ).toEqual([
      ['root-1', 'root-1', null],
      ['root-1', 'span-2', 'root-1'],
      ['root-1', 'span-3', 'root-1'],
    ]);
    expect({ roots, traces }).toEqual({ roots: 1, traces: 1 });
    expect(spans[2]?.['metadata']).toMatchObject({ span_parents: '["root-1","span-2"]' });
  });

  it('tell times in epoch seconds, types, models, counts and messages', async () => {
    const { spans } = await importWith(braintrust, fixture('fetched-events.json'));
    expect(spans[0]).toMatchObject({
      log_type: 'workflow',
      start_time: '2025-03-01T09:00:00.125Z',
      latency: 2.375,
      ideal_output: 'A unit of work.',
      metadata: { 'scores.Levenshtein': '0.75', 'span_attributes.type': 'eval', tenant: 'acme' },
    });
    expect(spans[1]).toMatchObject({
      span_name: 'Chat Completion',
      log_type: 'generation',
      model: 'gpt-4o-mini',
      temperature: 0,
      prompt_tokens: 12,
      completion_tokens: 6,
      total_request_tokens: 18,
      prompt_cache_hit_tokens: 4,
      time_to_first_token: 0.3,
      cost: 0.00001,
      prompt_messages: [{ role: 'user', content: 'What is a span?' }],
      completion_message: { role: 'assistant', content: 'One unit of work.' },
    });
    expect(spans[2]).toMatchObject({
      log_type: 'tool',
      status_code: 500,
      error_message: 'index unavailable',
    });
  });

  it('lose nothing', async () => {
    const { spans } = await importWith(braintrust, fixture('fetched-events.json'));
    expect(lostScalars(rowsOf(fixture('fetched-events.json')), spans)).toEqual([]);
  });

  it('join with the rows that patch them', async () => {
    const { spans, rows } = await importWith(braintrust, fixture('sdk-patches.jsonl'));
    expect(rows).toBe(3);
    expect(spans).toEqual([
      expect.objectContaining({
        span_name: 'answer',
        log_type: 'task',
        output: 'One unit of work.',
        start_time: '2025-03-01T09:00:00.125Z',
        timestamp: '2025-03-01T09:00:02.500Z',
        latency: 2.375,
      }),
    ]);
  });

  it('mean the same as a table with JSON in its cells', async () => {
    const [json, table] = [
      await importWith(braintrust, fixture('fetched-events.json')),
      await importWith(braintrust, fixture('table-export.csv')),
    ];
    for (const field of [
      'start_time',
      'log_type',
      'model',
      'prompt_messages',
      'completion_message',
      'cost',
    ]) {
      const [values, cells] = [json, table].map(({ spans }) => spans.slice(0, 2).map((span) => span[field]));
      expect(cells).toEqual(values);
    }
  });

  it('begin when they were created, where they tell no start', () => {
    const row = { id: 'row-1', root_span_id: 't', span_id: 's', created: '2025-03-01T09:00:00Z' };
    expect(braintrust.map(row, mapContext())).toMatchObject({
      drafts: [{ start: '2025-03-01T09:00:00Z', sourceNames: { start: 'created' } }],
    });
    expect(braintrust.map({ ...row, _is_merge: true }, mapContext())).toMatchObject({
      drafts: [{ partial: true, metadata: { created: '2025-03-01T09:00:00Z' } }],
    });
  });

  it('are traces of their own without spans', () => {
    expect(braintrust.map({ id: 'row-1', input: 'x' }, mapContext())).toMatchObject({
      drafts: [{ traceId: 'row-1', spanId: 'row-1' }],
    });
  });

  it.each<[string, unknown, object]>([
    ['a list', [], { kind: 'reject', problem: { code: 'not_an_object' } }],
    ['an empty row', {}, { kind: 'skip', reason: 'empty_object' }],
    ['a row without an id', { input: 'x' }, { kind: 'skip', reason: 'no_span' }],
    [
      'parents of another type',
      { id: 'r', span_parents: 7 },
      { kind: 'reject', problem: { code: 'bad_field', field: 'span_parents' } },
    ],
  ])('are not %s', (_, row, mapped) => {
    expect(braintrust.map(row, mapContext())).toMatchObject(mapped);
  });

  it.each<[unknown, number]>([
    [{ root_span_id: 't', span_id: 's', _xact_id: '1' }, 1],
    [{ root_span_id: 't', span_id: 's', _is_merge: true }, 1],
    [{ events: [{ root_span_id: 't', span_id: 's', span_parents: null }] }, 1],
    [{ trace_id: 't', span_id: 's', span_attributes: {} }, 0],
    [{ events: [{ author: 'user' }], id: 'adk' }, 0],
  ])('are recognised: %j', (row, agreeing) => {
    expect(braintrust.detect([row]).agreeing).toBe(agreeing);
  });
});

describe.skipIf(samplesAreMissing)('log rows of the SDK (skipped where ../shared/samples is absent)', () => {
  const sample = path.join(samplesFolder, 'braintrust/braintrustdata_braintrust-sdk__log-payloads.json');

  it('are 14 spans of 40 rows, in one trace with one root', async () => {
    const { spans, ...imported } = await importWith(braintrust, sample);
    const told = new Map(rowsOf(sample).map((row) => [row['span_id'], row['span_parents'] ?? [null]]));
    expect(spans).toHaveLength(14);
    expect(new Map(spans.map((span) => [span.span_unique_id, [span.span_parent_id ?? null]]))).toEqual(told);
    expect(imported).toMatchObject({ rows: 40, traces: 1, roots: 1, orphans: 0, rejected: [] });
  });

  it('lose nothing but how they are joined; placeholders of counts are kept', async () => {
    const { spans, warnings } = await importWith(braintrust, sample);
    const lost = lostScalars(rowsOf(sample), spans);
    expect(lost.filter((each) => !each.startsWith('_is_merge='))).toEqual([]);
    const counts = spans.filter((span) => Object(span['metadata'])['metrics.prompt_tokens'] === '<number>');
    expect(counts).toHaveLength(6);
    expect(warnings).toEqual({ span_before_epoch: 27, value_omitted: 24 });
  });

  it('are recognised', () => {
    expect(braintrust.detect(rowsOf(sample)).agreeing).toBe(40);
  });
});
