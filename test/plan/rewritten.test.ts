import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

import type { Rewrite } from '../../src/plan/finish-spans.js';
import { definedSpans } from '../../src/trace/defined-spans.js';
import { readRfc3339 } from '../../src/span/calendar.js';
import { remapId } from '../../src/span/rewrite.js';
import { file, jsonl, planOf, planOpen, sentSpans, span } from './make-plan.js';

function rewrite(overrides: Partial<Rewrite> = {}): Rewrite {
  return { remapSeed: undefined, shiftTo: undefined, provenance: undefined, ...overrides };
}

const noon = (second: number): string => `2025-06-05T12:00:${String(second).padStart(2, '0')}Z`;

/** The tree as numbers: the position of each span's parent among the spans that were sent. */
function shape(spans: readonly Record<string, unknown>[]): unknown[] {
  const keys = spans.map((one) => `${String(one['trace_unique_id'])} ${String(one['span_unique_id'])}`);
  return spans.map(({ trace_unique_id: trace, span_parent_id: parent, span_name: name }) => [
    name,
    typeof parent === 'string' ? keys.indexOf(`${String(trace)} ${parent}`) : undefined,
  ]);
}

/** Any edges: to spans of the trace, to none, to missing ones, to themselves and in circles. */
const anyRows = fc
  .array(
    fc.record({
      trace: fc.constantFrom('t1', 't2'),
      parent: fc.constantFrom(undefined, 's0', 's1', 's2', 's3', 'missing', 't1'),
      start: fc.integer({ min: 0, max: 29 }),
      length: fc.integer({ min: 0, max: 29 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((rows) =>
    rows.map(({ trace, parent, start, length }, position) =>
      span({
        trace_unique_id: trace,
        span_unique_id: `s${position}`,
        span_parent_id: parent,
        span_name: `name-${position}`,
        start_time: noon(start),
        timestamp: noon(start + length),
      }),
    ),
  );

test('under other ids the trees are the same', async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, async (rows) => {
      const path = file(jsonl(rows));
      const { plan: plain } = await planOpen([path]);
      const { plan } = await planOpen([path], { rewrite: rewrite({ remapSeed: 'x' }) });
      expect(shape(sentSpans(plan))).toEqual(shape(sentSpans(plain)));
      expect(plan.parents).toEqual(plain.parents);
      for (const [position, before] of sentSpans(plain).entries()) {
        expect(sentSpans(plan)[position]).toMatchObject({
          trace_unique_id: remapId(String(before['trace_unique_id']), 'x', 32),
          span_unique_id: remapId(String(before['span_unique_id']), 'x', 16),
        });
      }
      plain.close();
      plan.close();
    }),
    { numRuns: 50 },
  );
});

const timesOf = (spans: Record<string, unknown>[]): number[] =>
  spans.flatMap(({ start_time: start, timestamp: end }) => [
    readRfc3339(String(start)),
    readRfc3339(String(end)),
  ]);

test('shifting keeps every interval and ends at the wanted instant', async () => {
  const shiftTo = Date.UTC(2026, 0, 1) * 1000 + 123_456;
  await fc.assert(
    fc.asyncProperty(anyRows, async (rows) => {
      const path = file(jsonl(rows));
      const { plan: plain } = await planOpen([path]);
      const { plan } = await planOpen([path], { rewrite: rewrite({ shiftTo }) });
      const before = timesOf(sentSpans(plain));
      const after = timesOf(sentSpans(plan));
      expect(Math.max(...after)).toBe(shiftTo);
      expect(after.map((time) => time - after[0]!)).toEqual(before.map((time) => time - before[0]!));
      const ends = [...definedSpans(plan.index)].map((number) => plan.index.endOf(number));
      expect(after).toEqual(expect.arrayContaining(ends));
      plain.close();
      plan.close();
    }),
    { numRuns: 50 },
  );
});

describe('a rewritten plan', () => {
  const rows = [
    span({ span_unique_id: 'root', span_parent_id: null, metadata: { user: 'u' } }),
    span({ span_unique_id: 'child', span_parent_id: 'root' }),
    span({ span_unique_id: 'itself', span_parent_id: 'itself' }),
  ];
  const everything = rewrite({ remapSeed: 'x', shiftTo: 1_800_000_000_000_000, provenance: 'run-1' });

  it('is known to the ledger by the keys and the content of the rows', async () => {
    const path = file(jsonl(rows));
    const keysOf = async (changes: Rewrite | undefined): Promise<unknown[]> => {
      const { plan } = await planOf([path], { rewrite: changes });
      const { index } = plan;
      return [0, 1, 2].map((number) => [
        index.keyLow(number),
        index.keyHigh(number),
        index.contentKey(number),
      ]);
    };
    expect(await keysOf(everything)).toEqual(await keysOf(undefined));
  });

  it('tells the origin of every span', async () => {
    const { plan } = await planOf(
      [file(jsonl(rows)), file(jsonl([span({ trace_unique_id: 'other' })]), 'b.jsonl')],
      {
        rewrite: rewrite({ provenance: 'run-1' }),
      },
    );
    const [one, two] = plan.inputs.map(({ name }) => name);
    expect(sentSpans(plan).map(({ metadata }) => metadata)).toEqual([
      { user: 'u', 'import.run': 'run-1', 'import.source': 'respan', 'import.file': one, 'import.line': '1' },
      { 'import.run': 'run-1', 'import.source': 'respan', 'import.file': one, 'import.line': '2' },
      { 'import.run': 'run-1', 'import.source': 'respan', 'import.file': one, 'import.line': '3' },
      { 'import.run': 'run-1', 'import.source': 'respan', 'import.file': two, 'import.line': '1' },
    ]);
  });

  it('has the same sizes and times in a dry run', async () => {
    const generic = [
      { prompt: 'hi', timestamp: '2025-06-05T10:00:00Z' },
      { prompt: 'hi', timestamp: '2025-06-05T10:00:01Z' },
    ];
    const paths = [file(jsonl(rows)), file(jsonl(generic))];
    const sizesOf = async (dryRun: boolean): Promise<unknown[]> => {
      const { plan } = await planOf(paths, { rewrite: everything, dryRun });
      const numbers = Array.from({ length: plan.index.mentioned }, (_, number) => number);
      return numbers.map((number) => [
        plan.index.lengthOf(number),
        plan.index.startOf(number),
        plan.index.endOf(number),
      ]);
    };
    expect(await sizesOf(true)).toEqual(await sizesOf(false));
  });

  it('has no times to shift where no span tells one', async () => {
    const untimed = span({ start_time: undefined, timestamp: undefined });
    const { plan } = await planOf([file(jsonl([untimed]))], { rewrite: rewrite({ shiftTo: 0 }) });
    expect(sentSpans(plan)).toEqual([JSON.parse(JSON.stringify(untimed))]);
  });

  it('is refused where a time would leave the calendar', async () => {
    const early = span({ span_unique_id: 'early', start_time: '0001-01-01T00:00:00Z' });
    const planning = planOpen([file(jsonl([early, ...rows]))], { rewrite: rewrite({ shiftTo: 0 }) });
    await expect(planning).rejects.toMatchObject({ code: 'bad_option', exitCode: 2 });
  });

  it('ends where it is interrupted', async () => {
    const interrupt = new AbortController();
    const planning = planOpen(
      [file(jsonl(rows))],
      { rewrite: everything, interrupt: interrupt.signal },
      (event) => event.kind === 'warning' && interrupt.abort(),
    );
    await expect(planning).rejects.toMatchObject({ code: 'interrupted' });
  });
});
