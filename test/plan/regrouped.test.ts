import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentTraceId } from '../../src/span/ids.js';
import { definedSpans } from '../../src/trace/defined-spans.js';
import { file, jsonl, outcomeOf, planOf, sentSpans } from './make-plan.js';

const start = Date.UTC(2025, 5, 5, 10);
const minutes = (number: number): string => new Date(start + number * 60_000).toISOString();
const halfAnHour = 30 * 60 * 1_000_000;

/** A log of an agent's step; its trace is not named. */
function step(id: string, parent?: string, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, parent_id: parent ?? null, name: id, type: 'tool', start_time: minutes(0), ...overrides };
}

/** Trace id of each sent span by its own id. */
async function tracesOf(files: readonly string[], overrides: Parameters<typeof planOf>[1] = {}) {
  const { plan, warnings } = await planOf(files, overrides);
  const sent = sentSpans(plan);
  const traces = new Map(sent.map((span) => [span['span_name'], span['trace_unique_id']]));
  return { plan, sent, traces, warnings, codes: warnings.map(([code]) => code) };
}

/** What the ledger knows of each span. */
async function keysOf(rows: readonly unknown[], overrides: Parameters<typeof planOf>[1] = {}) {
  const { index } = (await planOf([file(jsonl(rows))], overrides)).plan;
  return [...definedSpans(index)].map((span) => [
    index.keyLow(span),
    index.keyHigh(span),
    index.contentKey(span),
  ]);
}

function turn(
  name: string,
  at: number,
  overrides: Record<string, unknown> = {},
): Record<string, unknown> & { name: string } {
  return { chat: 'c', name, start_time: minutes(at), end_time: minutes(at + 1), ...overrides };
}

describe('rows that name a parent but no trace', () => {
  const rows = [step('leaf', 'mid'), step('root'), step('mid', 'root'), step('other')];

  it('are sent in the trace of their root, with their parent, from several files in any order', async () => {
    const [leaf, ...others] = rows;
    const { plan, sent, traces } = await tracesOf([file(jsonl([leaf])), file(jsonl(others))]);
    expect(plan.parents).toEqual({ explicit: 2, by_path: 0, by_time: 0, ambiguous: 0, roots: 2, orphans: 0 });
    expect(plan.regrouped).toEqual({ joined: 2, begun: 0 });
    expect(new Set(['leaf', 'mid', 'root'].map((id) => traces.get(id))).size).toBe(1);
    expect(traces.get('other')).not.toBe(traces.get('root'));
    expect(sent.map((span) => [span['span_unique_id'], span['span_parent_id']])).toEqual(
      expect.arrayContaining([
        ['leaf', 'mid'],
        ['mid', 'root'],
      ]),
    );
    const turned = await tracesOf([file(jsonl(rows.toReversed()))]);
    expect(turned.traces).toEqual(expect.objectContaining(traces));
  });

  it('have the trace that the root alone would have, so children may be appended later', async () => {
    const alone = await tracesOf([file(jsonl([step('root')]))]);
    const { traces } = await tracesOf([file(jsonl([step('root'), step('late', 'root')]))]);
    expect(traces.get('late')).toBe(alone.traces.get('root'));
  });

  it('stay under the keys of their rows: the ledger knows them whichever trace they are in', async () => {
    const [child] = await keysOf([step('mid', 'root')]);
    expect(await keysOf(rows)).toContainEqual(child);
  });

  it('are told by a dry run as by an import, be there ever so many trees that flags change', async () => {
    const trees = Array.from({ length: 1500 }, (_, place) => [
      step(`r${place}`),
      step(`c${place}`, `r${place}`),
    ]);
    const source = file(jsonl(trees.flat()));
    const rewrite = { remapSeed: 'x', shiftTo: undefined, provenance: 'run' };
    const wet = await planOf([source], { rewrite });
    expect(wet.plan.regrouped.joined).toBe(1500);
    const dry = await planOf([source], { rewrite, dryRun: true });
    expect(outcomeOf(dry)).toEqual(outcomeOf(wet));
    const sent = sentSpans(wet.plan);
    const traceOf = new Map(sent.map((span) => [span['span_name'], span['trace_unique_id']]));
    for (let place = 0; place < 1500; place++)
      expect(traceOf.get(`c${place}`)).toBe(traceOf.get(`r${place}`));
  });

  it('are told where ids are not unique', async () => {
    const twice = [step('root'), step('mid', 'root'), step('root', undefined, { name: 'again' })];
    const { codes, plan } = await tracesOf([file(jsonl(twice))]);
    expect(codes).toEqual(['ambiguous_parent_id']);
    expect(plan.counts.warnings).toEqual({ ambiguous_parent_id: 1 });
    const lost = await tracesOf([
      file(jsonl([step('root'), step('mid', 'root'), step('mid', 'root', { name: 'b' })])),
    ]);
    expect(lost.codes).toEqual(['repeated_span_id', 'orphan_parent']);
    expect(new Set(lost.sent.map((span) => span['trace_unique_id'])).size).toBe(2);
  });

  it('are LangSmith runs of one file as well, where a run names no trace', async () => {
    const run = { run_type: 'chain', start_time: minutes(0), end_time: minutes(1) };
    const { plan, traces } = await tracesOf(
      [
        file(
          jsonl([
            { ...run, id: 'b', name: 'b', parent_run_id: 'a' },
            { ...run, id: 'a', name: 'a' },
          ]),
        ),
      ],
      { source: 'langsmith' },
    );
    expect(plan.parents).toMatchObject({ explicit: 1, orphans: 0 });
    expect(traces).toEqual(
      new Map([
        ['a', 'a'],
        ['b', 'a'],
      ]),
    );
  });
});

describe('--trace-gap', () => {
  const chat = [turn('a', 0), turn('b', 20), turn('c', 500), turn('d', 2000), turn('e', 2010)];
  const flags = { traceBy: 'chat', traceGap: halfAnHour };
  const third = segmentTraceId('c', (start + 2000 * 60_000) * 1000);

  it('begins a trace after each longer pause, under an id of the conversation and the time', async () => {
    for (const rows of [chat, chat.toReversed()]) {
      const { plan, traces } = await tracesOf([file(jsonl(rows))], flags);
      expect(Object.fromEntries(traces)).toEqual({
        a: 'c',
        b: 'c',
        c: segmentTraceId('c', (start + 500 * 60_000) * 1000),
        d: third,
        e: third,
      });
      expect(plan.regrouped).toEqual({ joined: 0, begun: 2 });
    }
  });

  it('gives the same ids when later rows are appended', async () => {
    const before = await tracesOf([file(jsonl(chat))], flags);
    const { traces } = await tracesOf([file(jsonl([...chat, turn('f', 2020), turn('g', 9000)]))], flags);
    for (const [name, trace] of before.traces) expect(traces.get(name)).toBe(trace);
    expect(traces.get('f')).toBe(third);
  });

  it('leaves keys and contents as the rows gave them', async () => {
    expect(await keysOf(chat, flags)).toEqual(await keysOf(chat, { traceBy: 'chat' }));
  });

  it('never parts a span from the parent that its row names', async () => {
    const rows = [turn('a', 0, { id: 'a' }), turn('late', 900, { id: 'l', parent_id: 'a' }), turn('z', 2000)];
    const { traces, plan } = await tracesOf([file(jsonl(rows))], flags);
    expect([traces.get('a'), traces.get('late')]).toEqual(['c', 'c']);
    expect(traces.get('z')).not.toBe('c');
    expect(plan.parents).toMatchObject({ explicit: 1, roots: 2 });
  });

  it('moves what joined a conversation by its parent along with it', async () => {
    const rows = [
      ...chat.map((row) => ({ ...row, id: row.name })),
      step('below', 'e', { start_time: minutes(2010) }),
    ];
    const { traces, plan } = await tracesOf([file(jsonl(rows))], flags);
    expect(traces.get('below')).toBe(third);
    expect(plan.regrouped).toEqual({ joined: 1, begun: 2 });
  });

  it('does not touch traces that rows name, and says where there is nothing to cut', async () => {
    const named = chat.map((row) => ({ ...row, trace_id: 't' }));
    const { plan, codes, traces } = await tracesOf([file(jsonl(named))], flags);
    expect(new Set(traces.values())).toEqual(new Set(['t']));
    expect([plan.regrouped.begun, codes]).toEqual([0, ['nothing_to_group', 'nothing_to_cut']]);
    expect((await tracesOf([file('')], flags)).codes).toEqual([]);
  });

  it('cuts the sessions of a source, without --trace-by', async () => {
    const row = { call_type: 'completion', model: 'm', response_cost: 0, session_id: 's' };
    const calls = [0, 600].map((at) => ({
      ...row,
      id: `r${at}`,
      startTime: minutes(at),
      endTime: minutes(at),
    }));
    const { plan, codes } = await tracesOf([file(jsonl(calls))], { traceGap: halfAnHour });
    expect([plan.sourceNames, plan.regrouped.begun, codes]).toEqual([['litellm'], 1, []]);
  });

  it('goes before the choice of traces, and before ids and times are changed', async () => {
    const remap = { remapSeed: 'x', shiftTo: undefined, provenance: 'run' };
    const selection = { since: (start + 499 * 60_000) * 1000, until: undefined, sample: undefined };
    const plain = await tracesOf([file(jsonl(chat))], { ...flags, selection });
    expect(new Set(plain.traces.keys())).toEqual(new Set(['c', 'd', 'e']));
    expect(plain.plan.counts).toMatchObject({ used: 3, skippedByReason: { before_since: 2 } });
    const { traces } = await tracesOf([file(jsonl(chat))], { ...flags, selection, rewrite: remap });
    expect(new Set(traces.values()).size).toBe(2);
    expect([...traces.values()]).not.toContain(third);
  });

  it('is told by a dry run as by an import', async () => {
    const anyTurns = fc.array(
      fc.record({ at: fc.nat(300), parent: fc.option(fc.nat(9)), grouped: fc.boolean() }),
      {
        maxLength: 10,
      },
    );
    await fc.assert(
      fc.asyncProperty(anyTurns, async (turns) => {
        const rows = turns.map(({ at, parent, grouped }, place) => ({
          ...turn(`t${place}`, at),
          id: `t${place}`,
          parent_id: parent === null ? null : `t${parent}`,
          chat: grouped ? 'c' : undefined,
        }));
        const source = file(jsonl(rows));
        const wet = await planOf([source], flags);
        const dry = await planOf([source], { ...flags, dryRun: true });
        expect(outcomeOf(dry)).toEqual(outcomeOf(wet));
        expect(dry.plan.regrouped).toEqual(wet.plan.regrouped);
        const sent = sentSpans(wet.plan);
        expect(sent).toHaveLength(rows.length);
        const traceOf = new Map(sent.map((span) => [span['span_unique_id'], span['trace_unique_id']]));
        const ungrouped = rows.filter((row) => row.chat === undefined && traceOf.has(row.parent_id));
        for (const row of ungrouped) expect(traceOf.get(row.id)).toBe(traceOf.get(row.parent_id));
      }),
      { numRuns: 40 },
    );
  });
});

describe('law of appending', () => {
  const anyStep = fc.record({ above: fc.nat(), wait: fc.nat(60), kind: fc.constantFrom('own', 'c', 'd') });

  it('rows that come after their parents and in the order of time change no trace of those before them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), fc.nat(11), async (steps, cut) => {
        const starts: number[] = [];
        const rows = steps.map(({ above, wait, kind }, place) => {
          const at = (starts.at(-1) ?? 0) + wait;
          starts.push(at);
          const parent = above % (place + 1);
          // A child that comes after a pause would bridge it.
          const isRoot = kind !== 'own' || parent === place || at - starts[parent]! > 30;
          return turn(`t${place}`, at, {
            id: `t${place}`,
            parent_id: isRoot ? null : `t${parent}`,
            chat: kind === 'own' ? null : kind,
          });
        });
        const flags = { traceBy: 'chat', traceGap: halfAnHour };
        const before = await tracesOf([file(jsonl(rows.slice(0, cut + 1)))], flags);
        const after = await tracesOf([file(jsonl(rows))], flags);
        for (const [name, trace] of before.traces) expect(after.traces.get(name)).toBe(trace);
        before.plan.close();
        after.plan.close();
      }),
      { numRuns: 60 },
    );
  });
});
