import { describe, expect, test } from 'vitest';
import { litellm } from '../../src/sources/litellm.js';
import { fixture } from './fixture.js';
import { importWith, samplesAreMissing } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';
import { samplePath, sampleRows } from './sample-rows.js';

describe('standard logging payloads', () => {
  const file = fixture('litellm/standard-logging-payloads.jsonl');

  test('calls of a trace are roots of it, with times, costs, tokens, messages and parameters', async () => {
    const { spans, traces, roots } = await importWith(litellm, file);
    expect([spans.length, traces, roots]).toEqual([2, 1, 2]);
    expect(spans[0]).toMatchObject({
      trace_unique_id: 'trace-1',
      span_unique_id: 'chatcmpl-1',
      log_type: 'chat',
      latency: 2,
      time_to_first_token: 0.5,
      model: 'gpt-4o',
      provider_id: 'openai',
      cost: 0.000225,
      prompt_cache_hit_tokens: 4,
      temperature: 0.3,
      stream: true,
      status_code: 200,
      customer_identifier: 'customer-3',
      prompt_messages: [{ role: 'user', content: 'Hello' }],
      output: 'Hi',
      metadata: {
        model_parameters: '{"seed":7}',
        response_time: '0.5',
        request_tags: '["team-a"]',
        user_api_key_hash: 'hash-1',
      },
    });
    expect(spans[0]?.['metadata']).not.toHaveProperty('model_map_information');
  });

  test('lose nothing but the price list, the key and the words of the status', async () => {
    const { spans } = await importWith(litellm, file);
    const lost = lostScalars(sampleRows(file), spans);
    expect([...new Set(lost.map((each) => each.split('=')[0]))]).toEqual([
      'cache_hit',
      'status',
      'model_map_information.model_map_value.max_tokens',
      'metadata.user_api_key',
    ]);
  });

  test('a failure has its status code and message; a key in the metadata is never sent', async () => {
    const { spans, warnings } = await importWith(litellm, file);
    expect(spans[1]).toMatchObject({
      status_code: 429,
      error_message: 'slow down',
      metadata: {
        'error_information.error_class': 'RateLimitError',
        error_str: 'litellm.RateLimitError: slow down',
      },
    });
    expect(JSON.stringify(spans)).not.toContain('sk-not-a-real-key');
    expect(warnings).toEqual({ credential_dropped: 1 });
  });
});

test('spend logs read JSON in cells, take the prompt from the request, and never send the key', async () => {
  const { spans, traces, warnings } = await importWith(litellm, fixture('litellm/spend-logs.csv'));
  expect([spans.length, traces]).toEqual([2, 1]);
  expect(spans[0]).toMatchObject({
    trace_unique_id: 'session-1',
    session_identifier: 'session-1',
    cost: 0.002,
    latency: 1,
    prompt_messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 50,
    customer_identifier: 'user-1',
    metadata: { user_api_key_alias: 'ci', call_type: 'acompletion' },
  });
  expect(spans[0]).not.toHaveProperty('output');
  expect(spans[1]).toMatchObject({ status_code: 401, error_message: 'no such key' });
  expect(JSON.stringify(spans)).not.toContain('88dc28d0f030');
  expect(warnings).toEqual({ credential_dropped: 2 });
});

test('lines of a callback tell their end, the answer as text and the error', async () => {
  const { spans, warnings } = await importWith(litellm, fixture('litellm/callback-log.jsonl'));
  expect(spans.map((span) => span['output'])).toEqual(['Fine, thanks.', undefined]);
  expect(spans[0]).toMatchObject({
    timestamp: '2025-11-09T14:53:24Z',
    cost: 0.0001,
    customer_identifier: 'user-5',
  });
  expect(spans[1]).toMatchObject({ status_code: 500, error_message: 'Timeout after 5 s' });
  expect(warnings).toEqual({ naive_time: 2 });
});

test('a time of the wrong type is told by its name in the log', () => {
  const row = { id: 'a', call_type: 'completion', response_cost: 0, startTime: { at: 'noon' }, model: 'x' };
  expect(litellm.map(row, mapContext())).toMatchObject({ drafts: [{ sourceNames: { start: 'startTime' } }] });
});

test('rows that are no logs of LiteLLM are not taken for them', () => {
  const foreign = [
    { id: 'a', model: 'gpt-4o', messages: [], metadata: {} },
    { startTime: 1, spend: 2 },
  ];
  expect(litellm.detect(foreign).agreeing).toBe(0);
});

describe.skipIf(samplesAreMissing)('payloads of its own tests', () => {
  test.each([
    ['litellm/BerriAI_litellm__standard_logging_payload.json', []],
    ['litellm/BerriAI_litellm__spend_logs_payload.json', ['cache_hit=None']],
  ])('%s loses nothing but spellings of nothing', async (name, nothing) => {
    const { spans, rejected } = await importWith(litellm, samplePath(name));
    expect(rejected).toEqual([]);
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({ prompt_tokens: 10, completion_tokens: 20, status_code: 200 });
    // The word is the status code.
    expect(lostScalars(sampleRows(name), spans).filter((lost) => lost !== 'status=success')).toEqual(nothing);
  });
});
