import { describe, expect, it } from 'vitest';

import { csv, file, jsonl, outcomeOf, planOf, planOptions, sentSpans, span } from './make-plan.js';

const strict = { normalise: { ...planOptions([]).normalise, strict: true } };

const columns = ['span_unique_id', 'trace_unique_id', 'start_time', 'timestamp'];

describe('strict', () => {
  it('rejects the rows that warnings are about, and no other', async () => {
    const rows = [
      span(),
      span({ span_unique_id: 'naive', start_time: '2025-06-05 10:00:00' }),
      span({ span_unique_id: 'unknown', colour: 'red' }),
    ];
    const path = file(jsonl(rows));
    const planned = await planOf([path], strict);
    expect(planned.rejects.map(([code, place]) => [code, place.slice(0, 3)])).toEqual([
      ['naive_time', '0:2'],
      ['unknown_field_to_metadata', '0:3'],
    ]);
    expect(planned.plan.counts).toMatchObject({ used: 1, rejected: 2, warnings: {} });
    const rehearsed = await planOf([path], { ...strict, dryRun: true });
    expect(outcomeOf(rehearsed)).toEqual(outcomeOf(planned));
  });

  it('rejects the later of two rows that contradict each other, and the earlier one stays', async () => {
    const rows = [span({ output: 'yes' }), span({ output: 'no' }), span({ model: 'm' })];
    const planned = await planOf([file(jsonl(rows))], strict);
    expect(planned.rejects.map(([code, place]) => [code, place.slice(0, 3)])).toEqual([
      ['conflicting_span', '0:2'],
    ]);
    expect(planned.plan.counts).toMatchObject({ used: 2, rejected: 1, merged: 1, conflicting: 0 });
    expect(sentSpans(planned.plan)).toEqual([span({ output: 'yes', model: 'm' })]);
  });

  it('rejects a row with a number that is none, also beside others on its line', async () => {
    const good = JSON.stringify(span());
    const bad = JSON.stringify(span({ span_unique_id: 'b', cost: 1 })).replace('"cost":1', '"cost":NaN');
    const planned = await planOf([file(`[${good},${bad}]`)], strict);
    expect(planned.rejects).toEqual([['non_finite_number', `0:1:${good.length + 2}`]]);
    expect(planned.plan.counts).toMatchObject({ used: 1, rejected: 1, warnings: {} });
  });

  it('rejects a short row of a table', async () => {
    const text = csv(columns, [span()]);
    const { rejects, plan } = await planOf([file(`${text}"short","trace-1"\n`)], strict);
    expect(rejects.map(([code, place]) => [code, place.slice(0, 3)])).toEqual([['csv_short_row', '0:3']]);
    expect(plan.counts).toMatchObject({ used: 1, rejected: 1 });
  });

  it('leaves the warnings that name no row, and what flags were told to do', async () => {
    const text = csv([...columns, 'model'], [span({ model: 'm' })]).replace('"model"', '"model","model"');
    const { plan } = await planOf([file(text.replace('"m"', '"m",""'))], {
      ...strict,
      privacy: { drop: ['model'], hash: [], redact: [] },
    });
    expect(plan.counts).toMatchObject({
      used: 1,
      rejected: 0,
      warnings: { csv_duplicate_column: 1 },
      notes: { dropped_field: 1 },
    });
    expect(plan.strict).toBe(true);
  });

  it('leaves notes alone', async () => {
    const rows = [
      span(),
      span({ span_unique_id: 'second root' }),
      span({ span_unique_id: 'late', span_parent_id: 'span-1', timestamp: '2025-06-05T10:00:09Z' }),
      span({ span_unique_id: 'by trace', span_parent_id: 'trace-1' }),
    ];
    const { plan } = await planOf([file(jsonl(rows))], strict);
    expect(plan.counts).toMatchObject({
      used: 4,
      rejected: 0,
      notes: { multiple_roots: 1, child_outside_parent: 1, parent_is_trace: 1 },
    });
  });
});
