import { describe, expect, it } from 'vitest';
import { remapId } from '../../src/span/rewrite.js';
import { file, jsonl, outcomeOf, planOf, sentSpans, span } from './make-plan.js';

const began = Date.UTC(2025, 5, 5, 10);
const at = (seconds: number): string => new Date(began + seconds * 1000).toISOString();

function timed(id: string, from: number, to: number, more = {}): Record<string, unknown> {
  return span({ span_unique_id: id, span_name: id, start_time: at(from), timestamp: at(to), ...more });
}

const rows = [timed('chat', 2, 3), timed('agent', 0, 10.5), timed('search', 4, 5), timed('index', 4.2, 4.8)];

function parentsSent(spans: readonly Record<string, unknown>[]): Record<string, unknown> {
  return Object.fromEntries(spans.map((sent) => [sent['span_unique_id'], sent['span_parent_id']]));
}

describe('parents that no row names', () => {
  it('are sent, parents first, and counted by time', async () => {
    const { plan } = await planOf([file(jsonl(rows))]);
    expect(parentsSent(sentSpans(plan))).toEqual({
      agent: undefined,
      chat: 'agent',
      search: 'agent',
      index: 'search',
    });
    expect(sentSpans(plan)[0]).toMatchObject({ span_unique_id: 'agent' });
    expect(plan.parents).toEqual({ explicit: 0, by_path: 0, by_time: 3, ambiguous: 0, roots: 1, orphans: 0 });
  });

  it('are the same in a dry run, down to the bytes that would be sent', async () => {
    const input = file(jsonl(rows));
    const imported = await planOf([input]);
    const dry = await planOf([input], { dryRun: true });
    expect(outcomeOf(dry)).toEqual(outcomeOf(imported));
  });

  it('leave the content keys of the ledger as they were', async () => {
    const input = file(jsonl(rows));
    const { plan } = await planOf([input]);
    const without = await planOf([input], { inference: { mode: 'never', minConfidence: 0 } });
    for (let number = 0; number < rows.length; number++) {
      expect(plan.index.contentKey(number)).toEqual(without.plan.index.contentKey(number));
    }
  });

  it('are remapped with the ids', async () => {
    const rewrite = { remapSeed: 'seed', shiftTo: undefined, provenance: undefined };
    const { plan } = await planOf([file(jsonl(rows))], { rewrite });
    const parents = sentSpans(plan).map((sent) => sent['span_parent_id']);
    expect(parents).toContain(remapId('search', 'seed', 16));
  });

  it('make a task of what was taken for a workflow only since it named no parent', async () => {
    const events = [
      { name: 'job', trace_id: 't', start_time: at(0), end_time: at(9) },
      { name: 'part', trace_id: 't', start_time: at(1), end_time: at(2) },
      { name: 'flow', trace_id: 't', start_time: at(3), end_time: at(4), log_type: 'workflow' },
    ];
    const { plan } = await planOf([file(jsonl(events))]);
    const types = sentSpans(plan).map((sent) => [sent['span_name'], sent['log_type']]);
    expect(types).toEqual([
      ['job', 'workflow'],
      ['part', 'task'],
      ['flow', 'workflow'],
    ]);
  });

  it('are looked for only among spans that are imported', async () => {
    const selection = { since: Date.UTC(2025, 5, 5) * 1000, until: undefined, sample: undefined };
    const { plan } = await planOf([file(jsonl(rows))], { selection });
    expect(plan.parents.by_time).toBe(3);
  });
});

describe('a row with a parent key', () => {
  it.each([
    ['null', null],
    ['another span', 'agent'],
  ])('%s speaks for its whole trace', async (_, parent) => {
    const { plan } = await planOf([file(jsonl([...rows, timed('last', 6, 7, { span_parent_id: parent })]))]);
    expect(plan.parents.by_time).toBe(0);
  });
});
