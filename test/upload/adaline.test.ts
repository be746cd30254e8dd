import { writeFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { traceLimits } from '../../src/upload/batch-limits.js';
import { reset, status } from '../support/scripted-server.js';
import { adalineJob, target, traceRows } from './adaline-job.js';
import { eventsOf, fates } from './import-job.js';

/** Three traces of 1 + 4 spans. */
const rows = ['a', 'b', 'c'].flatMap((id) => traceRows(id, 4));
const trace = '/v2/logs/trace';
const span = '/v2/logs/span';

describe.each(['object', 'text'] as const)('with errors as %s', (errors) => {
  test('a trace is a request, and a second run sends nothing', async () => {
    const { gateway, run } = await adalineJob(rows, undefined, errors);
    const { summary } = await run();
    expect(summary).toMatchObject({ exit_code: 0, ingested_spans: 15, created_traces: 3, target: 'adaline' });
    expect(gateway.count('trace')).toBe(3);
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 3, spans: 15, repeated: 0 });

    const again = await run();
    expect(fates(again.summary)).toEqual({ planned: 15, already_imported: 15 });
    expect(gateway.server.requests).toHaveLength(3);
  });

  test('what somebody else has imported is found, and counts as already imported', async () => {
    const { gateway, run } = await adalineJob(rows, undefined, errors);
    await run();
    const { summary } = await run({ destinationName: 'another ledger' });
    expect(summary).toMatchObject({ exit_code: 0, created_traces: 0, ingested_spans: 0 });
    expect(fates(summary)).toEqual({ planned: 15, already_imported: 15 });
    expect(gateway.sandbox.adaline.totals()).toMatchObject({ spans: 15, repeated: 0 });

    const requests = gateway.server.requests.length;
    await run({ destinationName: 'another ledger' });
    expect(gateway.server.requests).toHaveLength(requests);
  });

  test('of a trace that is there in part, the missing spans are sent', async () => {
    const { gateway, job, run } = await adalineJob(rows.slice(0, 3), undefined, errors);
    await run();
    job.write(rows);
    const { summary } = await run({ destinationName: 'another ledger' });
    expect(fates(summary)).toEqual({ planned: 15, ingested: 12, already_imported: 3 });
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 3, spans: 15, repeated: 0 });
  });
});

test('a number that no JavaScript number holds keeps its digits', async () => {
  const { gateway, job, run } = await adalineJob([]);
  const [root] = traceRows('a', 0, {});
  const line = JSON.stringify({ ...root, metadata: { order: 'digits' } });
  writeFileSync(job.file, `${line.replace('"digits"', '12345678901234567890')}\n`);
  expect((await run()).summary).toMatchObject({ exit_code: 0, ingested_spans: 1 });
  const body: unknown = JSON.parse(gateway.server.requests[0]!.body.toString());
  expect(body).toMatchObject({ spans: [{ attributes: { order: '12345678901234567890' } }] });
});

test('of a trace that is there and is not told of, nothing counts as delivered', async () => {
  const { gateway, run } = await adalineJob(rows);
  await run();
  gateway.interfere(({ path }) => (path === '/v2/logs/traces' ? status(400, { error: 'no' }) : undefined));
  const { summary } = await run({ destinationName: 'another ledger' });
  expect(summary).toMatchObject({ exit_code: 1, warnings: { existing_unchecked: 3 } });
  expect(fates(summary)).toEqual({ planned: 15, failed: 15 });
});

test('a span of which it is not told whether it is there is not sent again', async () => {
  const { gateway, job, run } = await adalineJob(rows.slice(0, 4));
  await run();
  job.write(rows.slice(0, 5));
  gateway.interfere(({ path }) => (path === '/v2/logs/spans' ? status(500, {}) : undefined));
  const { summary, events } = await run({ retryFor: 5000 });
  expect(fates(summary)).toEqual({ planned: 5, already_imported: 4, failed: 1 });
  expect(eventsOf(events, 'span-missing').map(({ span }) => span.place.line)).toEqual([5]);
  expect(gateway.count('span')).toBe(0);
});

test('a refused key is told of a question as of a request', async () => {
  const { gateway, job, run } = await adalineJob(rows.slice(0, 4));
  await run();
  job.write(rows.slice(0, 5));
  const refused = status(401, { error: { code: 'UNAUTHORIZED', message: 'no' } });
  gateway.interfere(({ path }) => (path === '/v2/logs/traces' ? refused : undefined));
  const { summary } = await run();
  expect(summary).toMatchObject({ exit_code: 4, stopped: { code: 'credentials_refused' } });
  expect(fates(summary)).toEqual({ planned: 5, already_imported: 4, held_back: 1 });
});

test('an interrupt holds back what was not begun, and what follows completes it', async () => {
  const controller = new AbortController();
  const { gateway, run } = await adalineJob(rows);
  const { summary } = await run({
    concurrency: 1,
    interrupt: controller.signal,
    onEvent: ({ kind }) => {
      if (kind === 'batch-settled') controller.abort();
    },
  });
  expect(summary).toMatchObject({ exit_code: 130, stopped: { code: 'interrupted' }, verification: null });
  expect(fates(summary)).toEqual({ planned: 15, ingested: 5, held_back: 10 });
  expect((await run({ verify: true })).summary).toMatchObject({
    exit_code: 0,
    verification: { complete: 3 },
  });
  expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 3, spans: 15, repeated: 0 });
});

test('rows that are appended to a trace follow it span by span, below their parents', async () => {
  const { gateway, job, run } = await adalineJob(rows.slice(0, 3));
  await run();
  job.write(rows.slice(0, 5));
  const { summary } = await run();
  expect(summary).toMatchObject({ exit_code: 0, created_traces: 0 });
  expect(fates(summary)).toEqual({ planned: 5, ingested: 2, already_imported: 3 });
  expect(gateway.count('trace')).toBe(1);
  expect(gateway.server.requests.filter(({ path }) => path === span).map(({ json }) => json)).toMatchObject([
    { span: { traceReferenceId: 'a', referenceId: 'a-3', parentReferenceId: 'a-root' } },
    { span: { traceReferenceId: 'a', referenceId: 'a-4', parentReferenceId: 'a-root' } },
  ]);
});

test('a span whose row has changed is refused, since Adaline changes none', async () => {
  const { gateway, job, run } = await adalineJob(rows.slice(0, 5));
  await run();
  job.write([...rows.slice(0, 4), { ...rows[4], output: 'another reply' }]);
  const { summary, events } = await run();
  expect(fates(summary)).toEqual({ planned: 5, already_imported: 4, refused: 1, changed: 1 });
  expect(summary.exit_code).toBe(1);
  expect(eventsOf(events, 'span-refused').map(({ place }) => place.line)).toEqual([5]);
  expect(gateway.sandbox.adaline.totals()).toMatchObject({ spans: 5, repeated: 0 });
});

describe('a reply that is lost', () => {
  test('of a trace: it is there at the next attempt, and counts as ingested', async () => {
    const { gateway, run } = await adalineJob(rows, ({ number }, passes) =>
      number === 2 ? passes.butAnswers(reset()) : undefined,
    );
    const { summary } = await run();
    expect(summary).toMatchObject({ exit_code: 0, created_traces: 3 });
    expect(fates(summary)).toEqual({ planned: 15, ingested: 15 });
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 3, spans: 15, repeated: 0 });
  });

  test('of a single span: it is asked for before it is sent again', async () => {
    const { gateway, job, run } = await adalineJob(rows.slice(0, 3));
    await run();
    job.write(rows.slice(0, 5));
    let lost = 0;
    gateway.interfere(({ path }, passes) => {
      if (path !== span || lost > 0) return undefined;
      lost += 1;
      return passes.butAnswers(reset());
    });
    const { summary } = await run();
    expect(fates(summary)).toEqual({ planned: 5, ingested: 2, already_imported: 3 });
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 1, spans: 5, repeated: 0 });
  });

  test('before the span arrived: it is asked for, not found, and sent again', async () => {
    const { gateway, job, run } = await adalineJob(rows.slice(0, 4));
    await run();
    job.write(rows.slice(0, 5));
    let lost = 0;
    gateway.interfere(({ path }) => (path === span && lost++ === 0 ? reset() : undefined));
    const { summary } = await run();
    expect(fates(summary)).toEqual({ planned: 5, ingested: 1, already_imported: 4, possibly_repeated: 1 });
    expect(gateway.sandbox.adaline.totals()).toMatchObject({ spans: 5, repeated: 0 });
  });

  test('for good: the spans failed, and the next run finds them', async () => {
    const { gateway, run } = await adalineJob(rows, ({ json }, passes) =>
      JSON.stringify(json).includes('"b-root"') ? passes.butAnswers(reset()) : undefined,
    );
    // Three resets make the size of the trace suspect: its first half is found, and the rest of it by itself.
    const { summary } = await run({ retryFor: 0 });
    expect(fates(summary)).toEqual({ planned: 15, ingested: 10, failed: 5 });
    gateway.interfere(() => undefined);
    const again = await run();
    expect(fates(again.summary)).toEqual({ planned: 15, already_imported: 15 });
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 3, spans: 15, repeated: 0 });
  });
});

describe('a run that stops at once', () => {
  const quota =
    "Workspace 'w' has reached the limit of 100 log writes per month. Please upgrade your plan or contact support.";

  test.each([
    ['the plan is used up', 400, { error: quota }, 'quota_reached', 5],
    [
      'the plan is used up, told as a throttling',
      429,
      { error: { code: 'QUOTA', message: quota } },
      'quota_reached',
      5,
    ],
    ['the key opens no such project', 404, { error: 'No project found, projectId: p' }, 'no_project', 5],
    [
      'the key is refused',
      401,
      { error: { code: 'UNAUTHORIZED', message: 'Invalid' } },
      'credentials_refused',
      4,
    ],
  ])('because %s', async (_name, code, body, stopped, exitCode) => {
    const { gateway, run } = await adalineJob(rows, ({ number }) =>
      number === 2 ? status(code, body) : undefined,
    );
    const { summary } = await run({ concurrency: 1 });
    expect(summary).toMatchObject({ exit_code: exitCode, stopped: { code: stopped } });
    expect(fates(summary)).toEqual({ planned: 15, ingested: 5, held_back: 10 });
    expect(gateway.server.requests).toHaveLength(2);

    gateway.interfere(() => undefined);
    const again = await run();
    expect(again.summary.exit_code).toBe(0);
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 3, spans: 15, repeated: 0 });
  });
});

test('throttling and faults are waited for', async () => {
  const { gateway, run, job } = await adalineJob(rows, ({ number }) => {
    if (number === 1) return status(429, { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'later' } });
    return number === 3 ? status(503, 'unavailable') : undefined;
  });
  const { summary } = await run();
  expect(summary).toMatchObject({ exit_code: 0, upload: { retries: 2 } });
  expect(job.clock.slept.length).toBeGreaterThanOrEqual(2);
  expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 3, spans: 15, repeated: 0 });
});

test('one bad span costs itself: the trace is there without it, and its children become roots', async () => {
  const { gateway, run } = await adalineJob(traceRows('a', 6), ({ json }) =>
    JSON.stringify(json).includes('"referenceId":"a-3"')
      ? status(400, { error: 'No prompt found, promptId: x' })
      : undefined,
  );
  const { summary, events } = await run();
  expect(fates(summary)).toEqual({ planned: 7, ingested: 6, refused: 1 });
  expect(eventsOf(events, 'span-refused').map(({ place }) => place.line)).toEqual([4]);
  expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 1, spans: 6, repeated: 0 });
});

test('a root that is refused leaves a trace of its children, which name no parent that is not there', async () => {
  const { gateway, run } = await adalineJob(traceRows('a', 3), ({ json }) =>
    JSON.stringify(json).includes('"referenceId":"a-root"') ? status(400, { error: 'bad' }) : undefined,
  );
  const { summary } = await run();
  expect(fates(summary)).toEqual({ planned: 4, ingested: 3, refused: 1 });
  const sent = gateway.server.requests.filter(({ path }) => path === trace || path === span);
  expect(JSON.stringify(sent.slice(-3).map(({ json }) => json))).not.toContain('parentReferenceId');
  expect(gateway.sandbox.adaline.totals()).toMatchObject({ traces: 1, spans: 3 });
});

describe('a trace that is too large for one request', () => {
  const large = traceRows('large', 12, { output: 'x'.repeat(20_000) });

  test('is cut by its size, and the rest follows span by span, within the window of the trace', async () => {
    const { gateway, run } = await adalineJob(large);
    const { summary } = await run({ limits: traceLimits({ bytes: 150_000 }, [], 30_000_000) });
    expect(summary).toMatchObject({ exit_code: 0, created_traces: 1, ingested_spans: 13 });
    expect(gateway.count('trace')).toBe(1);
    expect(gateway.count('span')).toBeGreaterThan(3);
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 1, spans: 13, repeated: 0 });
    const [stored] = gateway.sandbox.adaline.tracesOf({ projectId: 'project-of-these-tests' });
    const ends = stored!.spans.map(({ fields }) => fields.endedAt);
    expect(stored!.fields.endedAt).toBe(Math.max(...ends));
  });

  test('goes in smaller requests after a 413', async () => {
    const { gateway, run } = await adalineJob(large, ({ body }) =>
      body.length > 100_000 ? status(413, { error: { code: 'X', message: 'Payload Too Large' } }) : undefined,
    );
    const { summary } = await run();
    expect(summary).toMatchObject({ exit_code: 0, ingested_spans: 13, created_traces: 1 });
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 1, spans: 13, repeated: 0 });
  });

  test('of which the first part fails: the others do not go ahead of it, and a further run completes it', async () => {
    const { gateway, run } = await adalineJob(large, ({ path }) =>
      path === trace ? status(503, {}) : undefined,
    );
    const limits = traceLimits({ bytes: 150_000 }, [], 30_000_000);
    const { summary } = await run({ limits, retryFor: 0 });
    expect(summary.spans.ingested).toBe(0);
    expect(gateway.count('span')).toBe(0);
    gateway.interfere(() => undefined);
    expect((await run({ limits })).summary.exit_code).toBe(0);
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces: 1, spans: 13, repeated: 0 });
  });
});

describe('what cannot be expressed', () => {
  const oversized = [...traceRows('a', 2), { ...traceRows('a', 3).at(-1), output: 'x'.repeat(1_100_000) }];

  test('is rejected with its row before anything is sent', async () => {
    const { gateway, run } = await adalineJob(oversized);
    const { summary, events } = await run();
    expect(summary).toMatchObject({ exit_code: 1, rows: { used: 3, rejected: 1 }, spans: { ingested: 3 } });
    expect(eventsOf(events, 'row-rejected')).toMatchObject([
      { place: { line: 4 }, problem: { code: 'content_too_large' } },
    ]);
    expect(gateway.sandbox.adaline.totals()).toMatchObject({ spans: 3 });
  });

  test('takes what is below it along, where orphans are rejected', async () => {
    const below = { ...traceRows('a', 4).at(-1), span_parent_id: 'a-3' };
    const { run } = await adalineJob([...oversized, below]);
    const { summary } = await run({ orphans: 'reject' });
    expect(summary.rows.rejected_by_code).toEqual({ content_too_large: 1, parent_rejected: 1 });
  });

  test('is cut where that is wished, and warned about', async () => {
    const { gateway, run } = await adalineJob(oversized);
    const { summary } = await run({ target: target({ onOversize: 'truncate' }) });
    expect(summary).toMatchObject({
      exit_code: 0,
      warnings: { content_truncated: 1 },
      spans: { ingested: 4 },
    });
    expect(gateway.sandbox.adaline.totals()).toMatchObject({ spans: 4 });
  });
});

describe('a verification', () => {
  test('finds all of it there, and needs nothing to be sent', async () => {
    const { run, gateway } = await adalineJob(rows);
    expect((await run({ verify: true })).summary).toMatchObject({
      exit_code: 0,
      verification: { traces: 3, complete: 3, missing_spans: 0, differences: [] },
    });
    expect(gateway.count('traces')).toBe(3);
    const again = await run({ verify: true });
    expect(again.summary).toMatchObject({ exit_code: 0, verification: { complete: 3 } });
    expect(gateway.count('trace')).toBe(3);
  });

  test('names traces that hold fewer spans than they should', async () => {
    const { run, gateway } = await adalineJob(rows);
    gateway.interfere(({ path, json }, passes) => {
      const isB = JSON.stringify(json).includes('"referenceId":"b"');
      if (path === trace && isB)
        return status(200, { traceId: 't'.repeat(24), spanIds: ['1', '2', '3', '4', '5'] });
      return passes.through();
    });
    const { summary, events } = await run({ verify: true });
    expect(summary).toMatchObject({
      exit_code: 1,
      spans: { ingested: 15 },
      warnings: { spans_missing: 1 },
      verification: {
        complete: 2,
        missing_spans: 5,
        differences: [{ trace_id: 'b', expected: 5, found: 0 }],
      },
    });
    expect(eventsOf(events, 'warning').map(({ place }) => place?.line)).toContain(6);
  });

  test('of which nothing is answered is no success', async () => {
    const { run } = await adalineJob(rows, ({ path }) =>
      path === '/v2/logs/traces' ? status(400, { error: 'no' }) : undefined,
    );
    const { summary } = await run({ verify: true });
    expect(summary).toMatchObject({ exit_code: 1, verification: { complete: 0, unanswered: 3 } });
  });
});
