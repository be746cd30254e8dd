import { describe, expect, it } from 'vitest';

import type { Span } from '../../../src/span/span.js';
import { logTraceOf, type AdalineOptions } from '../../../src/targets/adaline/log-trace.js';
import { adalineOptions, span } from './factories.js';
import { brokenRules } from './rules.js';

function made(spans: readonly Span[], options: Partial<AdalineOptions> = {}) {
  const request = logTraceOf(spans, adalineOptions(options));
  expect(brokenRules(request)).toEqual([]);
  return { ...request, codes: request.findings.map(({ code, span: at }) => [code, at]) };
}

const root = span({ span_unique_id: 'root', span_name: 'run', span_workflow_name: 'support' });
const child = span({ span_unique_id: 'child', span_parent_id: 'root' });

describe('times', () => {
  it('are whole milliseconds, and the end comes after the start', () => {
    const { spans, codes } = made([
      span({ start_time: '2025-06-05T10:00:00.000100Z', timestamp: '2025-06-05T10:00:00.000900Z' }),
    ]);
    expect(spans[0]).toMatchObject({ startedAt: 1_749_117_600_000, endedAt: 1_749_117_600_001 });
    expect(codes).toEqual([['times_clamped', 0]]);
  });

  it('keep an end that lies before the start in an attribute', () => {
    const timestamp = '1970-01-01T00:00:00Z';
    const { spans, findings } = made([span({ timestamp })]);
    expect(spans[0]).toMatchObject({ endedAt: 1_749_117_600_001, attributes: { timestamp } });
    expect(findings).toMatchObject([
      { code: 'times_clamped', message: expect.stringContaining('before the start') },
    ]);
    expect(made([span()]).spans[0]?.attributes).not.toHaveProperty('timestamp');
  });

  it('do not follow from a latency that leads out of the calendar', () => {
    const { spans, codes } = made([span({ start_time: undefined, latency: 1e12 })]);
    expect(spans[0]).toMatchObject({ startedAt: 1_749_117_601_000 });
    expect(codes).toEqual([['time_missing', 0]]);
  });

  it('may lie before 1970', () => {
    const { spans, codes } = made([
      span({ start_time: '1969-12-31T23:59:59Z', timestamp: '1970-01-01T00:00:00Z' }),
    ]);
    expect(spans[0]).toMatchObject({ startedAt: -1000, endedAt: 0 });
    expect(codes).toEqual([]);
  });

  it('follow from the latency where one is missing', () => {
    const { spans, codes } = made([span({ timestamp: undefined, latency: 2.5 })]);
    expect(spans[0]).toMatchObject({ startedAt: 1_749_117_600_000, endedAt: 1_749_117_602_500 });
    expect(codes).toEqual([]);
  });

  it('are those of the trace where a span tells none, and refused where no span does', () => {
    const untimed = { start_time: undefined, timestamp: undefined };
    const mixed = made([root, span({ ...untimed, span_unique_id: 'late', span_parent_id: 'root' })]);
    expect(mixed.spans[1]).toMatchObject({ startedAt: 1_749_117_600_000, endedAt: 1_749_117_600_001 });
    expect(mixed.codes).toEqual([['time_missing', 1]]);
    const none = made([span(untimed), span({ ...untimed, span_unique_id: 'other' })]);
    expect(none).toMatchObject({ trace: undefined, spans: [], positions: [] });
    expect(none.findings).toMatchObject([
      { code: 'no_time', refused: true, hint: expect.stringContaining('--base-time') },
      { code: 'no_time', span: 1 },
    ]);
  });
});

describe('ids', () => {
  const long = 'x'.repeat(129);

  it('of more than 128 characters are hashed, and kept in attributes', () => {
    const { trace, spans, codes } = made([
      span({ trace_unique_id: long, span_unique_id: long }),
      span({ trace_unique_id: long, span_unique_id: 'child', span_parent_id: long }),
    ]);
    expect(trace?.referenceId).toMatch(/^[0-9a-f]{64}$/);
    expect(spans[0]).toMatchObject({
      referenceId: trace?.referenceId,
      attributes: { 'respan.span_unique_id': long },
    });
    expect(spans[1]).toMatchObject({
      parentReferenceId: trace?.referenceId,
      attributes: { 'respan.span_parent_id': long },
    });
    expect(codes).toEqual([
      ['id_hashed', 0],
      ['id_hashed', 0],
    ]);
    expect(made([span({ span_unique_id: 'x'.repeat(128) })]).codes).toEqual([]);
  });

  it('of spans are unique in a request: a second one is refused', () => {
    expect(made([root, { ...root }]).findings).toMatchObject([
      { code: 'duplicate_id', span: 1, refused: true },
    ]);
  });

  it('of parents outside of the request become attributes, also of those that were refused', () => {
    const orphan = made([span({ span_parent_id: 'gone' })]);
    expect(orphan.spans[0]).not.toHaveProperty('parentReferenceId');
    expect(orphan.spans[0]?.attributes['respan.span_parent_id']).toBe('gone');
    expect(orphan.codes).toEqual([['parent_moved', 0]]);
    const large = span({ span_unique_id: 'root', input: 'x'.repeat(1_000_001) });
    expect(made([large, child])).toMatchObject({
      positions: [1],
      codes: [
        ['content_too_large', 0],
        ['parent_moved', 1],
      ],
    });
  });
});

describe('the trace of the spans', () => {
  it('spans all of them, and is called and ends as its root', () => {
    const late = span({
      span_unique_id: 'late',
      span_parent_id: 'root',
      timestamp: '2025-06-05T10:01:00Z',
      status_code: 500,
    });
    const { trace, spans } = made([{ ...root, status_code: 200 }, late]);
    expect(trace).toMatchObject({
      referenceId: 'trace-1',
      name: 'support',
      status: 'success',
      startedAt: 1_749_117_600_000,
      endedAt: 1_749_117_660_000,
    });
    expect(spans.map(({ status }) => status)).toEqual(['success', 'failure']);
  });

  it('is one without its root too', () => {
    const { trace } = made([
      span({ span_parent_id: 'gone', error_message: 'no' }),
      span({ span_unique_id: 'b', span_parent_id: 'gone' }),
    ]);
    expect(trace).toMatchObject({
      name: 'answer',
      status: 'failure',
      attributes: { 'respan.span_unique_id': 'span-1' },
    });
  });

  it('has one session for all of its spans: the root’s, else the first that is named', () => {
    const second = { ...child, session_identifier: 'b' };
    const { trace, spans, codes } = made([{ ...root, thread_identifier: 'a' }, second]);
    expect(trace?.sessionId).toBe('a');
    expect(spans.map(({ sessionId }) => sessionId)).toEqual(['a', 'a']);
    expect(spans[1]?.attributes['respan.session_identifier']).toBe('b');
    expect(codes).toEqual([['session_differs', 1]]);
    expect(made([root, second]).spans.map(({ sessionId }) => sessionId)).toEqual(['b', 'b']);
    expect(made([{ ...root, session_identifier: 42 }]).trace?.sessionId).toBe('42');
  });
});

describe('status', () => {
  it.each<[Record<string, unknown>, string]>([
    [{}, 'unknown'],
    [{ status_code: 200 }, 'success'],
    [{ status_code: '404' }, 'failure'],
    [{ status: 'ok' }, 'success'],
    [{ status: 'Error', status_code: 200 }, 'failure'],
    [{ status: 'canceled', status_code: 500 }, 'cancelled'],
    [{ status: 'aborted' }, 'aborted'],
    [{ error_message: 'timed out', status_code: 200 }, 'failure'],
    [{ error_bit: 1 }, 'failure'],
    [{ warnings: 'slow' }, 'unknown'],
  ])('of %j is %s', (fields, status) => {
    expect(made([span(fields)]).spans[0]?.status).toBe(status);
  });
});

describe('attributes', () => {
  it('are flat: metadata under its own names, fields without a place under a prefix, nothing for null', () => {
    const metadata = {
      plan: 'pro',
      seats: 3,
      trial: false,
      labels: ['a'],
      nested: { a: 1 },
      gone: null,
      'respan.x': 1,
      '': 2,
    };
    const { spans } = made([span({ metadata, span_path: 'a.b', respan_params: { environment: 'test' } })]);
    expect(spans[0]?.attributes).toEqual({
      'respan.trace_unique_id': 'trace-1',
      'respan.span_path': 'a.b',
      'respan.respan_params': '{"environment":"test"}',
      plan: 'pro',
      seats: 3,
      trial: false,
      labels: '["a"]',
      nested: '{"a":1}',
      'respan.metadata.respan.x': 1,
      'respan.metadata.': 2,
    });
  });

  it('have tags beside them: those of the metadata, the environment, and a mark of warnings', () => {
    const { spans } = made([
      span({ metadata: { tags: '["a","b"]' }, environment: 'test', warnings: 'slow' }),
    ]);
    expect(spans[0]?.tags).toEqual(['a', 'b', 'test', 'warning']);
    expect(made([span()]).spans[0]).not.toHaveProperty('tags');
  });

  it('keep a cost that is negative, and one of a step that is no call', () => {
    const call = made([span({ log_type: 'chat', cost: -0.5 })]);
    expect(call.spans[0]?.content).not.toHaveProperty('cost');
    expect(call.spans[0]?.attributes['respan.cost']).toBe(-0.5);
    expect(call.codes).toEqual([['negative_cost', 0]]);
    const tool = made([span({ log_type: 'tool', cost: 0.5 })]);
    expect(tool.spans[0]?.content).not.toHaveProperty('cost');
    expect(tool.spans[0]?.attributes['respan.cost']).toBe(0.5);
  });
});

describe('what only Adaline has', () => {
  const call = span({ log_type: 'chat', metadata: { events: '[{"name":"retry"}]' } });

  it('is not sent unless it is asked for', () => {
    for (const name of ['runEvaluation', 'events', 'promptId', 'deploymentId', 'variables']) {
      expect(made([call]).spans[0]).not.toHaveProperty(name);
    }
  });

  it('goes with calls of models where it is; what the input says comes first', () => {
    const options = { runEvaluation: true, events: true, promptId: 'prompt-1', deploymentId: 'deployment-1' };
    const named = { ...child, log_type: 'tool', metadata: { 'adaline.promptId': 'prompt-2' } };
    const { spans } = made([{ ...call, span_unique_id: 'root' }, named], options);
    expect(spans[0]).toMatchObject({
      runEvaluation: true,
      promptId: 'prompt-1',
      deploymentId: 'deployment-1',
      events: [{ name: 'retry' }],
    });
    expect(spans[1]).toMatchObject({ promptId: 'prompt-2' });
    const empty = {
      ...child,
      log_type: 'chat',
      metadata: { 'adaline.promptId': '', 'adaline.deploymentId': ' ' },
    };
    expect(made([root, empty], options).spans[1]).toMatchObject({
      promptId: 'prompt-1',
      deploymentId: 'deployment-1',
    });
    expect(made([root, empty]).spans[1]).not.toHaveProperty('promptId');
    expect(spans[1]).not.toHaveProperty('deploymentId');
    expect(spans[1]).not.toHaveProperty('runEvaluation');
  });
});

it('messages of a span whose log is disabled are not sent', () => {
  const { spans, codes } = made([
    span({ log_type: 'chat', disable_log: true, prompt_messages: [{ role: 'user', content: 'secret' }] }),
    span({ span_unique_id: 'told', log_type: 'chat', disable_log: true, input: 'secret', output: 'secret' }),
  ]);
  expect(JSON.stringify(spans)).not.toContain('secret');
  expect(codes).toEqual([
    ['log_disabled', 0],
    ['log_disabled', 1],
  ]);
});

it('no spans are no trace', () => {
  expect(made([])).toMatchObject({ trace: undefined, spans: [], findings: [] });
});

it('a trace of many spans is made without recursion and in one pass', () => {
  const spans = Array.from({ length: 20_000 }, (_, index) =>
    span({ span_unique_id: `s${index}`, ...(index === 0 ? {} : { span_parent_id: `s${index - 1}` }) }),
  );
  expect(made(spans).spans).toHaveLength(20_000);
});
