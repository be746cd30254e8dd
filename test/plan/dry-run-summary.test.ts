import { describe, expect, it } from 'vitest';
import { dryRun } from '../../src/import.js';
import type { BatchOptions, PlanOptions } from '../../src/options.js';
import type { ImportEvent } from '../../src/report/events.js';
import { respan } from '../../src/targets/respan.js';
import { file, jsonl, planOptions, span } from './make-plan.js';

const spans = (count: number) =>
  Array.from({ length: count }, (_, place) => span({ trace_unique_id: `t${place}`, span_unique_id: 's' }));

async function summaryOf(
  content: string,
  overrides: Partial<PlanOptions> = {},
  batches: Partial<BatchOptions> = {},
) {
  const events: ImportEvent[] = [];
  const summary = await dryRun(
    planOptions([file(content)], overrides),
    { target: respan, limits: { spans: 500, bytes: 1e6 }, rateLimits: [], ...batches },
    undefined,
    (event) => events.push(event),
  );
  return { summary, events };
}

describe('the summary of a dry run', () => {
  it('balances, and holds back what it does not send', async () => {
    const { summary, events } = await summaryOf(jsonl([...spans(3), {}, spans(1)[0]]));
    expect(summary).toMatchObject({
      mode: 'dry-run',
      rows: { read: 5, used: 4, skipped: 1, rejected: 0, duplicate: 1 },
      spans: { planned: 3, held_back: 3, ingested: 0 },
      traces: 3,
      balanced: { rows: true, spans: true },
      ingested_spans: null,
      stopped: null,
      exit_code: 0,
    });
    expect(events.at(-1)).toEqual({ kind: 'planned', summary });
  });

  it('tells what an upload takes: requests, bytes and the time that the rate permits', async () => {
    const content = jsonl(spans(5));
    const { summary } = await summaryOf(
      content,
      {},
      { limits: { spans: 2, bytes: 1e6 }, rateLimits: [{ unit: 'requests', amount: 30, window: 60_000 }] },
    );
    // Five rows in three arrays: 6 brackets, 2 commas, and no line ends.
    expect(summary.upload).toMatchObject({ requests: 3, bytes: content.length - 5 + 6 + 2, seconds: 4 });
  });

  it('counts every limit for that time; without any, the one that is documented', async () => {
    const content = jsonl(spans(6));
    const secondsUnder = async (...rateLimits: BatchOptions['rateLimits']): Promise<number> => {
      const batches = { limits: { spans: 2, bytes: 1e6 }, rateLimits };
      return (await summaryOf(content, {}, batches)).summary.upload.seconds;
    };
    // Three requests of two spans.
    expect(await secondsUnder({ unit: 'spans', amount: 4, window: 60_000 })).toBe(60);
    expect(await secondsUnder({ unit: 'spans', amount: 2, window: 3_600_000 })).toBe(7200);
    expect(
      await secondsUnder(
        { unit: 'requests', amount: 1, window: 60_000 },
        { unit: 'spans', amount: 4, window: 60_000 },
      ),
    ).toBe(120);
    expect(await secondsUnder()).toBe(2);
  });

  it('exits with 1 where a row was rejected, with 3 where too many were, and with 0 for nothing at all', async () => {
    const bad = jsonl([...spans(1), span({ start_time: 'yesterday' })]);
    expect((await summaryOf(bad)).summary).toMatchObject({ exit_code: 1, stopped: null });
    const stopped = await summaryOf(bad, { maxErrors: { kind: 'count', count: 0 } });
    expect(stopped.summary).toMatchObject({ exit_code: 3, stopped: { code: 'too_many_errors' } });
    const empty = await summaryOf('');
    expect(empty.summary).toMatchObject({ exit_code: 0, rows: { read: 0 }, time_range: null, traces: 0 });
  });

  it('tells the permitted share without the digits of binary fractions', async () => {
    const bad = jsonl([...spans(50), ...Array.from({ length: 50 }, () => span({ start_time: 'no' }))]);
    const { summary } = await summaryOf(bad, { maxErrors: { kind: 'share', share: 0.07 } });
    expect(summary.stopped?.message).toMatch(/ 7 %$/);
  });
});
