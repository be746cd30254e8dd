import { expect, test } from 'vitest';

import { traceLimits } from '../../src/upload/batch-limits.js';
import { reset } from '../support/scripted-server.js';
import { adalineJob, target, traceRows } from './adaline-job.js';

/** 36 spans of 900 kB below a root: more than one request may carry. */
const rows = traceRows('large', 36, { output: 'x'.repeat(900_000) });

test('a trace of more than 30 MB arrives whole, though the last part of it is lost on the way', async () => {
  let spans = 0;
  const { gateway, run } = await adalineJob(rows, ({ path }, passes) => {
    if (path !== '/v2/logs/span') return undefined;
    spans += 1;
    return spans === 2 ? passes.butAnswers(reset()) : undefined;
  });
  const { summary } = await run({ verify: true });
  expect(summary).toMatchObject({
    exit_code: 0,
    created_traces: 1,
    ingested_spans: 37,
    verification: { complete: 1 },
  });
  expect(gateway.count('trace')).toBe(1);
  expect(gateway.count('span')).toBe(3);
  const [first] = gateway.server.requests;
  expect(first!.body.length).toBeGreaterThan(29_000_000);
  expect(first!.body.length).toBeLessThanOrEqual(30_000_000);
  expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 1, spans: 37, repeated: 0 });
});

test('a dry run tells as many requests as the import sends', async () => {
  const { gateway, job, run } = await adalineJob(rows);
  const { requests } = (await job.dryRun(target(), traceLimits({}, [], 30_000_000))).upload;
  await run();
  expect(gateway.server.requests).toHaveLength(requests);
});
