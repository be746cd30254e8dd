import { describe, expect, it } from 'vitest';
import { file, jsonl, planOf, planOptions, sentSpans, span } from './make-plan.js';

describe('rows of one span', () => {
  it('are one span that says what each of them says', async () => {
    const { plan } = await planOf([
      file(jsonl([span({ model: 'm' }), span({ output: 'o' }), span({ metadata: { a: 'x' } })])),
    ]);
    expect(plan.counts).toMatchObject({ used: 3, merged: 2, duplicate: 0, conflicting: 0 });
    expect(sentSpans(plan)).toEqual([span({ model: 'm', output: 'o', metadata: { a: 'x' } })]);
  });

  it('are duplicates where they say the same in other bytes, and the first stays where it is', async () => {
    const row = JSON.stringify(span({ model: 'm' }));
    const turned = JSON.stringify(Object.fromEntries(Object.entries(span({ model: 'm' })).toReversed()));
    const { plan } = await planOf([file(`${row}\n${row.replaceAll(',', ' , ')}\n${turned}\n`)]);
    expect(plan.counts).toMatchObject({ used: 3, merged: 0, duplicate: 2, conflicting: 0 });
    expect(plan.index.location(0)).toMatchObject({ kind: 'input', offset: 0, length: row.length });
  });

  it('contradict each other in a field, and the later one wins', async () => {
    const { plan, warnings } = await planOf([
      file(jsonl([span({ model: 'm', cost: 1 }), span({ model: 'n' })])),
    ]);
    expect(plan.counts).toMatchObject({ used: 2, merged: 0, conflicting: 1 });
    expect(warnings.map(([code]) => code)).toEqual(['conflicting_span']);
    expect(sentSpans(plan)).toEqual([span({ model: 'n', cost: 1 })]);
  });

  it('take their parent and their times from whichever tells them', async () => {
    const ids = { trace_unique_id: 'trace-1', span_unique_id: 'child' };
    const rows = [span(), ids, { ...ids, span_parent_id: 'span-1' }, { ...span(ids), timestamp: undefined }];
    const { plan } = await planOf([file(jsonl(rows))]);
    expect(plan.parents).toEqual({ explicit: 1, by_path: 0, by_time: 0, ambiguous: 0, roots: 1, orphans: 0 });
    expect([0, 1].map((number) => plan.index.startOf(number))).toEqual(
      Array(2).fill(Date.UTC(2025, 5, 5, 10) * 1000),
    );
  });

  it.each([0, 1, 2])('have the base time only where none of them tells a time: %i', async (first) => {
    const untimed = { start_time: undefined, timestamp: undefined };
    const end = '1970-01-01T00:00:00.5Z';
    const rows = [span({ ...untimed, model: 'm' }), span({ ...untimed, output: 'o' })];
    const ended = span({ ...untimed, timestamp: end });
    const options = planOptions([]);
    const normalise = { ...options.normalise, baseTime: Date.UTC(2026, 0, 1) * 1000 };
    const based = await planOf([file(jsonl(rows))], { normalise });
    expect(sentSpans(based.plan)).toMatchObject([
      { start_time: '2026-01-01T00:00:00Z', model: 'm', output: 'o' },
    ]);
    const { plan } = await planOf([file(jsonl(rows.toSpliced(first, 0, ended)))], { normalise });
    expect(sentSpans(plan)).toEqual([{ ...ended, start_time: undefined, model: 'm', output: 'o' }]);
    expect(plan.counts).toMatchObject({ merged: 2, conflicting: 0 });
  });

  it('told by a source keep their times beside a row of it that tells none', async () => {
    const ids = { root_span_id: 'r', span_id: 's', id: 'x', span_attributes: {} };
    const rows = [
      { ...ids, _is_merge: false, metrics: { start: 0 } },
      { ...ids, _is_merge: true, output: 'o' },
      { ...ids, _is_merge: true, metrics: { end: 2 } },
    ];
    const { normalise } = planOptions([]);
    const { plan } = await planOf([file(jsonl(rows))], {
      normalise: { ...normalise, baseTime: Date.UTC(2026, 0, 1) * 1000 },
    });
    expect(sentSpans(plan)).toMatchObject([
      { start_time: '1970-01-01T00:00:00Z', timestamp: '1970-01-01T00:00:02Z', latency: 2, output: 'o' },
    ]);
  });

  it('have the parent that one of them names, whatever the path of another says', async () => {
    const run = { id: 'run', trace_id: 't', run_type: 'chain', start_time: '2025-06-05T10:00:00Z' };
    const named = { ...run, parent_run_id: 'named' };
    const byPath = { ...run, name: 'n', parent_run_ids: ['path'] };
    const parents = [
      { ...run, id: 'named' },
      { ...run, id: 'path' },
    ];
    for (const rows of [
      [named, byPath],
      [byPath, named],
    ]) {
      const { plan } = await planOf([file(jsonl([...rows, ...parents]))]);
      expect(plan.parents).toEqual({
        explicit: 1,
        by_path: 0,
        by_time: 0,
        ambiguous: 0,
        roots: 2,
        orphans: 0,
      });
      expect(plan.counts).toMatchObject({ merged: 1, conflicting: 0 });
      expect(sentSpans(plan)).toContainEqual(expect.objectContaining({ span_parent_id: 'named' }));
    }
    const { plan } = await planOf([file(jsonl([byPath, { ...run, name: 'n', error: 'e' }, ...parents]))]);
    expect(plan.parents).toEqual({ explicit: 0, by_path: 1, by_time: 0, ambiguous: 0, roots: 2, orphans: 0 });
  });

  it("are a root where one of them names the trace's id as the parent", async () => {
    const { plan } = await planOf([file(jsonl([span({ model: 'm' }), span({ span_parent_id: 'trace-1' })]))]);
    expect(plan.parents).toEqual({ explicit: 0, by_path: 0, by_time: 0, ambiguous: 0, roots: 1, orphans: 0 });
    expect(plan.counts.notes).toEqual({ parent_is_trace: 1 });
    expect(sentSpans(plan)).toEqual([span({ model: 'm' })]);
  });

  it('are told from rows of the same span id in another trace', async () => {
    const { plan } = await planOf([file(jsonl([span(), span({ trace_unique_id: 'other' })]))]);
    expect(plan.counts).toMatchObject({ used: 2, duplicate: 0 });
    expect(plan.index.defined).toBe(2);
  });

  it('that are too large together leave what fits, and the row that does not is rejected', async () => {
    const large = 'x'.repeat(11 * 1024 * 1024);
    const { plan, rejects } = await planOf([
      file(jsonl([span({ input: large }), span({ output: large }), span({ model: 'm' })])),
    ]);
    expect(rejects.map(([code]) => code)).toEqual(['span_too_large']);
    expect(plan.counts).toMatchObject({ read: 3, used: 2, rejected: 1, merged: 1 });
    const [body] = sentSpans(plan);
    expect(Object.keys(body ?? {})).toEqual(expect.arrayContaining(['input', 'model']));
    expect(body).not.toHaveProperty('output');
  });
});
