import { describe, expect, test } from 'vitest';
import { openaiBatch } from '../../src/sources/openai-batch.js';
import { fixture } from './fixture.js';
import { importWith, samplesAreMissing } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';
import { samplePath, sampleRows } from './sample-rows.js';

const [input, output] = [fixture('openai-batch/input.jsonl'), fixture('openai-batch/output.jsonl')];

test.each([
  ['input first', [input, output]],
  ['output first', [output, input]],
])('requests and answers become one span each, %s', async (_, files) => {
  const { spans, rows, traces, rejected } = await importWith(openaiBatch, ...files);
  expect([rows, spans.length, traces]).toEqual([9, 5, 5]);
  expect(rejected).toEqual([]);
  expect(spans.find((span) => span.span_unique_id === 'ask-1')).toMatchObject({
    trace_unique_id: 'ask-1',
    log_type: 'chat',
    log_method: 'batch',
    model: 'gpt-4o-mini',
    temperature: 0,
    prompt_messages: [{ role: 'user', content: 'What is 2+2?' }],
    output: '4',
    prompt_tokens: 12,
    completion_tokens: 1,
    status_code: 200,
    timestamp: '2025-03-20T19:47:15Z',
    metadata: { id: 'batch_req_1', 'response.request_id': 'req_1', url: '/v1/chat/completions' },
  });
});

test('responses, embeddings and failures are told from each other', async () => {
  const { spans } = await importWith(openaiBatch, input, output);
  const byId = new Map(spans.map((span) => [span.span_unique_id, span]));
  expect(byId.get('ask-2')).toMatchObject({
    log_type: 'response',
    prompt_messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Name a river.' },
    ],
    max_tokens: 40,
    output: 'The Loire.',
    completion_tokens: 5,
    reasoning_tokens: 2,
  });
  expect(byId.get('embed-1')).toMatchObject({ log_type: 'embedding', input: 'river', prompt_tokens: 1 });
  expect(byId.get('ask-3')).toMatchObject({
    status_code: 404,
    error_message: 'The model gpt-9 does not exist',
    metadata: { 'error.code': 'model_not_found' },
  });
  expect(byId.get('ask-5')).toMatchObject({ status_code: 500, metadata: { 'error.code': 'batch_expired' } });
  expect(lostScalars([...sampleRows(input), ...sampleRows(output)], spans)).toEqual([]);
});

test('an answer tells its end and no latency', () => {
  const row = { custom_id: 'a', response: { status_code: 200, body: { created: 1742500035, choices: [] } } };
  const mapped = openaiBatch.map(row, mapContext());
  expect(mapped).toMatchObject({ drafts: [{ end: 1742500035, partial: true }] });
  expect(mapped).not.toHaveProperty('drafts.0.start');
});

test('an empty custom_id is rejected by its name', () => {
  expect(openaiBatch.map({ custom_id: '', body: {} }, mapContext())).toMatchObject({
    kind: 'reject',
    problem: { field: 'custom_id' },
  });
});

describe.skipIf(samplesAreMissing)('a real batch', () => {
  const names = ['input', 'output'].map(
    (half) => `openai-batch/cho-groq_batch-processing__batch_${half}.jsonl`,
  );

  test('three requests and their answers are three spans with the model and the tokens of each answer', async () => {
    const { spans, rows, rejected } = await importWith(openaiBatch, ...names.map(samplePath));
    expect([rows, spans.length, rejected]).toEqual([6, 3, []]);
    const figures = spans.map((span) => [span['model'], span['prompt_tokens'], span['completion_tokens']]);
    expect(figures).toEqual([
      ['llama-3.1-8b-instant', 48, 12],
      ['llama-3.1-8b-instant', 55, 76],
      ['llama-3.1-8b-instant', 75, 2003],
    ]);
    expect(lostScalars(names.flatMap(sampleRows), spans)).toEqual([]);
  });
});

function draftOf(row: Record<string, unknown>) {
  expect(openaiBatch.detect([row]).agreeing).toBe(1);
  const mapped = openaiBatch.map(row, mapContext());
  if (mapped.kind !== 'drafts') throw new Error(mapped.kind);
  return mapped.drafts[0];
}

describe('batches of Anthropic', () => {
  const request = {
    custom_id: 'a',
    params: { model: 'claude-x', max_tokens: 9, system: 's', messages: [{ role: 'user', content: 'q' }] },
  };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-x-1',
    content: [{ type: 'text', text: 'a' }],
    usage: { input_tokens: 4, output_tokens: 1 },
  };
  test('requests and results join by their custom id', () => {
    expect(draftOf(request)).toMatchObject({
      spanId: 'a',
      partial: true,
      fields: {
        model: 'claude-x',
        max_tokens: 9,
        prompt_messages: [{ role: 'system', content: 's' }, request.params.messages[0]],
      },
    });
    expect(draftOf({ custom_id: 'a', result: { type: 'succeeded', message } })).toMatchObject({
      spanId: 'a',
      fields: {
        status_code: 200,
        output: 'a',
        model: 'claude-x-1',
        prompt_tokens: 4,
        completion_tokens: 1,
        completion_message: { role: 'assistant' },
        full_response: message,
      },
    });
  });

  test('errors and requests that were never answered have failed', () => {
    const error = { type: 'error', error: { type: 'invalid_request_error', message: 'bad' } };
    expect(draftOf({ custom_id: 'b', result: { type: 'errored', error } })).toMatchObject({
      fields: { status_code: 500, error_message: 'bad' },
      metadata: { 'error.type': 'invalid_request_error' },
    });
    expect(draftOf({ custom_id: 'c', result: { type: 'expired' } })?.fields).toMatchObject({
      status_code: 500,
      error_message: 'expired',
    });
  });
});
