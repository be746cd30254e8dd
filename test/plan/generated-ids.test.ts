import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanOptions } from '../../src/options.js';
import { csv, file, jsonl, planOf, planOpen, sentSpans } from './make-plan.js';

type Log = Record<string, string>;

const log = (overrides: Log = {}): Log => ({
  timestamp: '2025-06-05T10:00:00Z',
  model: 'small',
  prompt: 'What is a span?',
  response: 'A step.',
  ...overrides,
});

async function spansOf(content: string, overrides: Partial<PlanOptions> = {}) {
  const { plan } = await planOpen([file(content)], { source: 'generic', ...overrides });
  try {
    return sentSpans(plan);
  } finally {
    plan.close();
  }
}

function idsOf(spans: readonly Record<string, unknown>[]): string[] {
  return spans.map((body) => `${String(body['trace_unique_id'])}/${String(body['span_unique_id'])}`);
}

describe('ids of rows that name none', () => {
  it('are hex of 32 and 16 digits, a trace for each row', async () => {
    const ids = idsOf(await spansOf(jsonl([log(), log({ model: 'large' })])));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}\/[0-9a-f]{16}$/);
    expect(new Set(ids.map((id) => id.slice(0, 32))).size).toBe(2);
  });

  it('are the same in every run, whatever the file is called', async () => {
    const first = await spansOf(jsonl([log(), log({ prompt: '?' })]));
    expect(await spansOf(jsonl([log(), log({ prompt: '?' })]))).toEqual(first);
  });

  it('never change: a ledger of an earlier version must know them again', async () => {
    expect(idsOf(await spansOf(jsonl([log(), log()])))).toEqual([
      'bf6ddf7c11eb5ceb4021954d51b50464/5e8a3ec579556c56',
      '23169c34b99f236f077a0ae984efd828/a5a7925becdefb54',
    ]);
  });

  const cell = fc.oneof(
    fc.constantFrom('', ' ', 'None', '0', '[1]', '{"a":1}', 'say "hi"', 'two\nlines', 'ü 🌳', "it's; a,b"),
    fc.string(),
  );
  const anyLog = fc.record({
    timestamp: fc.constantFrom('2025-06-05T10:00:00Z', '2025-06-05T10:00:00.5Z', ''),
    model: cell,
    prompt: cell,
    response: cell,
    prompt_tokens: fc.constantFrom('', '12'),
    reviewer: cell,
  });

  it('and all else are the same for the same rows in CSV and JSONL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLog, { minLength: 1, maxLength: 6 }), async (rows) => {
        const fromJson = await spansOf(jsonl(rows));
        expect(await spansOf(csv(Object.keys(log({ prompt_tokens: '', reviewer: '' })), rows))).toEqual(
          fromJson,
        );
        expect(fromJson).toHaveLength(rows.length);
      }),
    );
  });

  it('are the same for a number in JSONL and its text in CSV', async () => {
    const fromCsv = await spansOf(csv(['model', 'prompt_tokens'], [{ model: 'm', prompt_tokens: '12' }]));
    expect(await spansOf(jsonl([{ prompt_tokens: 12, model: 'm' }]))).toEqual(fromCsv);
  });

  it('stay when rows are appended', async () => {
    const few = fc.array(fc.constantFrom(log(), log({ model: 'large' }), log({ session_id: 'x' })), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(few, few, async (rows, appended) => {
        fc.pre(rows.length > 0);
        const before = idsOf(await spansOf(jsonl(rows)));
        expect(idsOf(await spansOf(jsonl([...rows, ...appended]))).slice(0, before.length)).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['without any id', log(), {}],
    ['of one trace', log({ trace_id: 't' }), {}],
    ['of a span without a trace', log({ span_id: 's' }), {}],
    ['of a group', log({ conversation: 'c' }), { traceBy: 'conversation' }],
  ])('let every one of identical rows %s be a span', async (_, row, overrides) => {
    const spans = await spansOf(jsonl([row, row, log({ model: 'between' }), row, row]), overrides);
    expect(new Set(idsOf(spans)).size).toBe(5);
  });

  it('follow the ordinal of equal rows through several files', async () => {
    const together = await spansOf(jsonl([log(), log(), log()]));
    const { plan } = await planOf([file(jsonl([log()])), file(jsonl([log(), log()]))]);
    expect(idsOf(sentSpans(plan))).toEqual(idsOf(together));
  });

  it('are written into rows in the target shape, which lack nothing else', async () => {
    const times = { start_time: '2025-06-05T10:00:00Z', timestamp: '2025-06-05T10:00:01Z' };
    const rows = [
      { span_unique_id: 's', ...times },
      { trace_unique_id: 't', ...times },
      { span_unique_id: 'u', span_parent_id: 's', session_identifier: 'c', ...times },
    ];
    const { plan } = await planOf([file(jsonl(rows))], { source: 'respan' });
    expect(plan.counts).toMatchObject({ used: 3, rejected: 0 });
    const generated = { trace_unique_id: expect.stringMatching(/^[0-9a-f]{32}$/), span_unique_id: 's' };
    const sent = sentSpans(plan);
    expect(sent).toContainEqual(expect.objectContaining(generated));
    expect(sent).toContainEqual(
      expect.objectContaining({
        trace_unique_id: 't',
        span_unique_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      }),
    );
    expect(plan.parents).toMatchObject({ explicit: 1, roots: 2 });
    const grouped = await spansOf(jsonl(rows.slice(2)), { traceBy: 'session_identifier' });
    expect(grouped).toMatchObject([{ trace_unique_id: 'c', span_unique_id: 'u' }]);
  });

  it('put the rows of a --trace-by value into one trace', async () => {
    const spans = await spansOf(
      jsonl([log({ chat: 'a' }), log({ chat: 'b' }), log({ chat: 'a', model: 'x' })]),
      { traceBy: 'chat' },
    );
    expect(spans.map((body) => body['trace_unique_id'])).toEqual(['a', 'a', 'b']);
  });
});
