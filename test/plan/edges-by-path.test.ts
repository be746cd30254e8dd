import path from 'node:path';

import { expect, it, test } from 'vitest';

import { fixture } from '../sources/fixture.js';
import { samplesAreMissing, samplesFolder } from '../sources/import-sample.js';
import { file, jsonl, planOf } from './make-plan.js';

const times = { start_time: '2025-06-05T10:00:00Z', end_time: '2025-06-05T10:00:01Z' };
const run = { trace_id: 'r0', run_type: 'chain', ...times };

it('LangSmith runs: a parent_run_id is named, dotted orders, ancestors and nesting are paths', async () => {
  const order = '20250605T100000000000Zr0.20250605T100000000001Zr2';
  const rows = [
    { ...run, id: 'r0', child_runs: [{ ...run, id: 'r1' }] },
    { ...run, id: 'r2', dotted_order: order },
    { ...run, id: 'r3', parent_run_ids: ['r0', 'r2'] },
    { ...run, id: 'r4', parent_run_id: 'r3', parent_run_ids: ['r0', 'r2', 'r3'] },
  ];
  const { plan } = await planOf([file(jsonl(rows))]);
  expect(plan.parents).toEqual({ explicit: 1, by_path: 3, by_time: 0, ambiguous: 0, roots: 1, orphans: 0 });
});

it('TRAIL spans: parent_span_id is named, nesting is a path', async () => {
  const { plan } = await planOf([fixture('trail/nested.json')]);
  expect(plan.parents).toMatchObject({ roots: 1, orphans: 0 });
  expect(plan.parents.by_path + plan.parents.explicit).toBe(plan.index.defined - 1);
  const bare = { span_attributes: {}, child_spans: [] };
  const named = { ...bare, span_id: 'c', parent_span_id: 'a' };
  const tree = { ...bare, span_id: 'a', child_spans: [{ ...bare, span_id: 'b' }, named] };
  const other = await planOf([file(JSON.stringify({ trace_id: 't', spans: [tree] }))]);
  expect(other.plan.parents).toEqual({
    explicit: 1,
    by_path: 1,
    by_time: 0,
    ambiguous: 0,
    roots: 1,
    orphans: 0,
  });
});

it('Jaeger references name the parent', async () => {
  const span = { traceID: 't', operationName: 'o', startTime: 1749117600000000, duration: 5, processID: 'p' };
  const references = [{ refType: 'CHILD_OF', traceID: 't', spanID: 'a' }];
  const spans = [
    { ...span, spanID: 'a' },
    { ...span, spanID: 'b', references },
  ];
  const { plan } = await planOf([file(JSON.stringify({ traceID: 't', spans, processes: {} }))]);
  expect(plan.parents).toEqual({ explicit: 1, by_path: 0, by_time: 0, ambiguous: 0, roots: 1, orphans: 0 });
});

test
  .skipIf(samplesAreMissing)
  .each([
    'langsmith/langchain-ai_langsmith-sdk__run_ops_1efb27a4-5264-6908-9ab5-23fc3c60ae2d.jsonl',
    'claude-code/real_sample__07f2e15c-a38b-454b-9148-60edc06de401.jsonl',
    'codex/daaain_claude-code-log__rollout_synthetic.jsonl',
    'adk/google_adk-python__sample.session.json',
  ])('%s: every parent follows from a path (needs ../shared/samples)', async (name) => {
  const { plan } = await planOf([path.join(samplesFolder, name)]);
  expect(plan.parents).toMatchObject({
    explicit: 0,
    by_path: plan.index.defined - plan.parents.roots - plan.parents.orphans,
  });
  expect(plan.parents.by_path).toBeGreaterThan(0);
});
