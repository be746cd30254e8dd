import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PlanOptions } from '../../src/options.js';
import type { OrphanPolicy } from '../../src/plan/lint-policy.js';
import type { Selection } from '../../src/plan/select-traces.js';
import { file, jsonl, outcomeOf, planOf, planOpen, planOptions, sentSpans, span } from './make-plan.js';

const at = (day: number): string => `2025-06-${String(day).padStart(2, '0')}T12:00:00Z`;
const microsOf = (day: number): number => Date.UTC(2025, 5, day) * 1000;

function selection(overrides: Partial<Selection> = {}): Selection {
  return { since: undefined, until: undefined, sample: undefined, ...overrides };
}

/** A span of a trace, on a day of June. */
function on(
  day: number | undefined,
  trace: string,
  id = 's',
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const times =
    day === undefined
      ? { start_time: undefined, timestamp: undefined }
      : { start_time: at(day), timestamp: at(day) };
  return span({ ...times, trace_unique_id: trace, span_unique_id: id, ...more });
}

const planned = (rows: readonly unknown[], chosen: Selection, overrides: Partial<PlanOptions> = {}) =>
  planOf([file(jsonl(rows))], { selection: chosen, ...overrides });

const tracesOf = (spans: readonly Record<string, unknown>[]): unknown[] => [
  ...new Set(spans.map(({ trace_unique_id: trace }) => trace)),
];

describe('a time range', () => {
  it('takes what starts at --since or later and before --until', async () => {
    const rows = [on(1, 'early'), on(2, 'first'), on(3, 'last'), on(4, 'late')];
    const { plan } = await planned(
      rows,
      selection({ since: Date.UTC(2025, 5, 2, 12) * 1000, until: Date.UTC(2025, 5, 4, 12) * 1000 }),
    );
    expect(tracesOf(sentSpans(plan))).toEqual(['first', 'last']);
    expect(plan.counts).toMatchObject({
      read: 4,
      used: 2,
      rejected: 0,
      skippedByReason: { before_since: 1, after_until: 1 },
    });
  });

  it('keeps a trace whole, and says so once', async () => {
    const rows = [on(1, 'long', 'a'), on(1, 'long', 'b'), on(3, 'long', 'c'), on(1, 'early')];
    const { plan, notes } = await planned(rows, selection({ since: microsOf(2) }));
    expect(sentSpans(plan)).toHaveLength(3);
    expect(notes).toContainEqual(['trace_kept_whole', '0:1:0']);
    expect(plan.counts).toMatchObject({ used: 3, skippedByReason: { before_since: 1 } });
  });

  it('leaves out a trace that has spans on both sides only', async () => {
    const { plan } = await planned(
      [on(1, 'gap', 'a'), on(5, 'gap', 'b')],
      selection({ since: microsOf(2), until: microsOf(4) }),
    );
    expect(plan.counts).toMatchObject({ used: 0, skippedByReason: { before_since: 2 } });
    expect(plan.index.defined).toBe(0);
  });

  it('keeps what tells no time', async () => {
    const { plan } = await planned(
      [on(undefined, 'timeless'), on(1, 'early')],
      selection({ since: microsOf(2) }),
    );
    expect(tracesOf(sentSpans(plan))).toEqual(['timeless']);
  });

  it('finds no orphans among what is left out', async () => {
    const { plan } = await planned(
      [on(1, 'early', 's', { span_parent_id: 'missing' })],
      selection({ since: microsOf(2) }),
    );
    expect(plan.parents).toEqual({ explicit: 0, by_path: 0, by_time: 0, ambiguous: 0, roots: 0, orphans: 0 });
  });

  it('books merged and duplicate rows with their trace', async () => {
    const rows = [
      on(1, 'early'),
      on(1, 'early'),
      on(1, 'early', 's', { model: 'm' }),
      on(1, 'early', 's', { model: 'n' }),
      on(3, 'in'),
      on(3, 'in'),
    ];
    const { plan } = await planned(rows, selection({ since: microsOf(2) }));
    expect(plan.counts).toMatchObject({
      used: 2,
      merged: 0,
      duplicate: 1,
      conflicting: 0,
      skippedByReason: { before_since: 4 },
    });
  });
});

const tracesAt = async (rows: readonly unknown[], share: number): Promise<unknown[]> =>
  tracesOf(sentSpans((await planned(rows, selection({ sample: { kind: 'share', share } }))).plan));

describe('a sample', () => {
  const rows = Array.from({ length: 300 }, (_, number) => on(1, `trace-${number % 100}`, `s${number}`));

  it('takes whole traces, at most as many as wanted, and the same ones in any order of rows', async () => {
    const chosen = selection({ sample: { kind: 'count', count: 7 } });
    const [forwards, backwards] = await Promise.all([
      planned(rows, chosen),
      planned(rows.toReversed(), chosen),
    ]);
    const traces = tracesOf(sentSpans(forwards.plan));
    expect(traces).toHaveLength(7);
    expect(new Set(tracesOf(sentSpans(backwards.plan)))).toEqual(new Set(traces));
    expect(forwards.plan.counts).toMatchObject({ used: 21, skippedByReason: { not_sampled: 279 } });
  });

  it('of a smaller size is a part of one of a larger size', async () => {
    const [none, some, more, all] = [
      await tracesAt(rows, 0),
      await tracesAt(rows, 0.1),
      await tracesAt(rows, 0.5),
      await tracesAt(rows, 1),
    ];
    expect(none).toEqual([]);
    expect(more).toEqual(expect.arrayContaining(some));
    expect(some.length).toBeGreaterThan(0);
    expect(more.length).toBeGreaterThan(25);
    expect(more.length).toBeLessThan(75);
    expect(all).toHaveLength(100);
  });

  it('is taken of the traces in the time range', async () => {
    const chosen = selection({ since: microsOf(2), sample: { kind: 'count', count: 1 } });
    const { plan } = await planned([...rows, on(3, 'in')], chosen);
    expect(tracesOf(sentSpans(plan))).toEqual(['in']);
  });
});

it('every row is booked once, and a dry run tells the same', async () => {
  const row = fc.record({
    day: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    trace: fc.constantFrom('a', 'b', 'c'),
    id: fc.constantFrom('x', 'y', 'z'),
    parent: fc.constantFrom(undefined, undefined, 'x', 'y', 'missing'),
    model: fc.constantFrom(undefined, 'm', 'n'),
  });
  const orphans = fc.constantFrom<OrphanPolicy>('keep', 'root', 'reject');
  const bound = fc.option(fc.integer({ min: 1, max: 6 }).map(microsOf), { nil: undefined });
  const sample = fc.constantFrom(
    undefined,
    { kind: 'count' as const, count: 1 },
    { kind: 'share' as const, share: 0.5 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 8 }),
      bound,
      bound,
      sample,
      orphans,
      fc.boolean(),
      async (rows, since, until, wanted, policy, strict) => {
        const spans = rows.map(({ day, trace, id, parent, model }) =>
          on(day, trace, id, { span_parent_id: parent, model }),
        );
        const path = file(jsonl([...spans, {}]));
        const options = {
          source: 'respan',
          selection: { since, until, sample: wanted },
          orphans: policy,
          normalise: { ...planOptions([]).normalise, strict },
        };
        const [imported, rehearsed] = [
          await planOpen([path], options),
          await planOpen([path], { ...options, dryRun: true }),
        ];
        const { plan } = imported;
        const { counts } = plan;
        const skipped = Object.values(counts.skippedByReason).reduce((sum, rows) => sum + rows, 0);
        expect(counts.used + skipped + counts.rejected).toBe(counts.read);
        expect(counts.used).toBe(plan.index.defined + counts.merged + counts.duplicate + counts.conflicting);
        expect(Math.min(...Object.values(counts.skippedByReason))).toBeGreaterThan(0);
        expect(imported.rejects).toHaveLength(counts.rejected);
        expect(outcomeOf(rehearsed)).toEqual(outcomeOf(imported));
        plan.close();
        rehearsed.plan.close();
      },
    ),
    { numRuns: 150 },
  );
});
