import { describe, expect, it } from 'vitest';
import { countParents } from '../../src/trace/lint.js';
import { file, jsonl, planOf, sentSpans, span } from './make-plan.js';

describe('mended edges', () => {
  it('are written into the spans that are sent, and into no other', async () => {
    const rows = [
      span({ span_unique_id: 'self', span_parent_id: 'self', model: 'm' }),
      span({ span_unique_id: 'child', span_parent_id: 'self' }),
      span({ span_unique_id: 'by trace', span_parent_id: 'trace-1' }),
      span({ span_unique_id: 'late', span_parent_id: 'early', start_time: '2025-06-05T10:00:00.5Z' }),
      span({ span_unique_id: 'early', span_parent_id: 'late' }),
      span({ span_unique_id: 'orphan', span_parent_id: 'missing' }),
    ];
    const { plan } = await planOf([file(jsonl(rows))]);
    const parents = sentSpans(plan).map((body) => [body['span_unique_id'], body['span_parent_id']]);
    expect(Object.fromEntries(parents)).toEqual({
      self: undefined,
      child: 'self',
      'by trace': undefined,
      late: 'early',
      early: undefined,
      orphan: 'missing',
    });
    expect(plan.counts.warnings).toEqual({ self_parent: 1, cycle: 1, orphan_parent: 1 });
    expect(plan.counts.notes).toMatchObject({ parent_is_trace: 1 });
    expect(countParents(plan.index)).toEqual(plan.parents);
  });

  it('keep all that the row says besides', async () => {
    const row = span({ span_parent_id: 'span-1', metadata: { deep: 'x', n: 1 }, model: 'm', cost: 0.1 });
    const { plan } = await planOf([file(jsonl([row]))]);
    const { span_parent_id: _, ...rest } = row;
    expect(sentSpans(plan)).toEqual([rest]);
  });
});
