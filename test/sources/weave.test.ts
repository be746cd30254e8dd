import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { weave } from '../../src/sources/weave.js';
import { importWith } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const calls = 'fixtures/weave/calls.jsonl';

describe('calls of Weave', () => {
  it('are placed by their ids and named by the operation or their own name', async () => {
    const { spans, roots, orphans } = await importWith(weave, calls);
    expect(
      spans.map((span) => [span.span_unique_id, span.span_parent_id ?? null, span['span_name']]),
    ).toEqual([
      ['call-root', null, 'answer_question'],
      ['call-llm', 'call-root', 'draft'],
      ['call-tool', 'call-root', 'search'],
    ]);
    expect({ roots, orphans }).toEqual({ roots: 1, orphans: 0 });
  });

  it('tell the model, counts, cost and messages of a call to a model', async () => {
    const { spans } = await importWith(weave, calls);
    expect(spans[1]).toMatchObject({
      log_type: 'chat',
      latency: 1.25,
      model: 'gpt-4o-mini',
      temperature: 0,
      status_code: 200,
      prompt_tokens: 12,
      completion_tokens: 6,
      total_request_tokens: 18,
      prompt_messages: [{ role: 'user', content: 'What is a span?' }],
      completion_message: { role: 'assistant', content: 'One unit of work.' },
    });
    expect(spans[1]?.['cost']).toBeCloseTo(0.0000054, 12);
  });

  it('carry the sums over the models within them, and no model', async () => {
    const [root] = (await importWith(weave, calls)).spans;
    expect(root).toMatchObject({ log_type: 'workflow', prompt_tokens: 20, completion_tokens: 8 });
    expect(root).not.toHaveProperty('model');
    // One of the models tells no total.
    expect(root).not.toHaveProperty('total_request_tokens');
  });

  it('tell their kind and their exception', async () => {
    const { spans } = await importWith(weave, calls);
    expect(spans[2]).toMatchObject({
      log_type: 'tool',
      status_code: 500,
      error_message: 'TimeoutError: index unavailable',
    });
  });

  it('lose nothing but the latency, which the times tell', async () => {
    const { spans } = await importWith(weave, calls);
    const rows = readFileSync(calls, 'utf8')
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const latency = 'summary.weave.latency_ms';
    expect(lostScalars(rows, spans)).toEqual([`${latency}=2500`, `${latency}=1250`, `${latency}=250`]);
    expect(spans.map((span) => span['latency'])).toEqual([2.5, 1.25, 0.25]);
  });

  it('come as tables whose columns are flattened by dots, which models have too', async () => {
    const { spans } = await importWith(weave, 'fixtures/weave/calls-table.csv');
    expect(spans).toEqual([
      expect.objectContaining({
        span_name: 'openai.chat.completions.create',
        start_time: '2025-05-01T12:00:00.500000Z',
        model: 'gpt-4.1-mini',
        prompt_tokens: 12,
        completion_tokens: 6,
        cost: 0.0000018,
        prompt_messages: [{ role: 'user', content: 'What is a span?' }],
        completion_message: { role: 'assistant', content: 'One unit of work.' },
        metadata: expect.objectContaining({ 'attributes.tenant': 'acme' }),
      }),
    ]);
  });

  it.each([
    ['weave:///acme/docs/op/answer:3f2a', 'answer'],
    ['weave:///acme/docs/op/Model.predict:*', 'Model.predict'],
    ['plain', 'plain'],
  ])('name the operation of %s', (opName, name) => {
    const row = { id: 'c', trace_id: 't', op_name: opName, started_at: '2025-05-01T12:00:00Z' };
    expect(weave.map(row, mapContext())).toMatchObject({
      drafts: [{ fields: { span_name: name }, metadata: { op_name: opName } }],
    });
  });

  it.each<[string, unknown, object]>([
    ['a number', 7, { kind: 'reject', problem: { code: 'not_an_object' } }],
    ['an empty row', {}, { kind: 'skip', reason: 'empty_object' }],
    ['another row', { colour: 'red' }, { kind: 'skip', reason: 'no_call' }],
    [
      'a summary of another type',
      { op_name: 'x', started_at: '', summary: 7 },
      { kind: 'reject', problem: { code: 'bad_field', field: 'summary' } },
    ],
  ])('are not %s', (_, row, mapped) => {
    expect(weave.map(row, mapContext())).toMatchObject(mapped);
  });

  it.each<[unknown, number]>([
    [{ op_name: 'x', started_at: '' }, 1],
    [{ calls: [{ op_name: 'x', started_at: '' }] }, 1],
    [{ started_at: '', run_type: 'llm' }, 0],
  ])('are recognised: %j', (row, agreeing) => {
    expect(weave.detect([row]).agreeing).toBe(agreeing);
  });
});
