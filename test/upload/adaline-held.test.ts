import { describe, expect, test } from 'vitest';

import { reset, status, type Answer } from '../support/scripted-server.js';
import { adalineJob, project, target, traceRows, type AdalineJob } from './adaline-job.js';
import { eventsOf, fates } from './import-job.js';

/** A trace of 1 + 9 spans. */
const rows = traceRows('a', 9);
const another = { destinationName: 'another ledger' };

function storedIds({ gateway }: AdalineJob): string[] {
  return gateway.sandbox.adaline
    .spansOf({ projectId: project })
    .map(({ fields }) => String(fields.referenceId))
    .sort();
}

const allIds = rows.map((row) => String(row['span_unique_id'])).sort();

describe('a trace of which others have sent as many spans as are to be sent', () => {
  test('does not hold these: they are sent, with another ledger', async () => {
    const job = await adalineJob(rows.slice(0, 5));
    await job.run();
    job.job.write(rows.slice(5));
    const { summary } = await job.run(another);
    expect(fates(summary)).toEqual({ planned: 5, ingested: 5 });
    expect(storedIds(job)).toEqual(allIds);
  });

  test('does not hold these: two runs side by side that share a ledger', async () => {
    const job = await adalineJob(rows);
    job.job.write(rows.slice(0, 5));
    const rest = job.job.file.replace('spans.jsonl', 'rest.jsonl');
    job.job.write(rows.slice(5), rest);
    const outcomes = await Promise.all([job.run(), job.run({ files: [rest] })]);
    expect(outcomes.map(({ summary }) => fates(summary))).toEqual([
      { planned: 5, ingested: 5 },
      { planned: 5, ingested: 5 },
    ]);
    expect(storedIds(job)).toEqual(allIds);
  });
});

describe('after a reply that did not come', () => {
  const lost: Record<string, () => Answer> = {
    'the connection is reset': reset,
    'a gateway answers 502': () => status(502, 'bad gateway'),
    'a gateway answers 504': () => status(504, 'timeout'),
  };

  test.each(Object.entries(lost))(
    'a trace that others created is not taken for this run’s own: %s',
    async (_name, fault) => {
      const job = await adalineJob(rows.slice(0, 2));
      await job.run();
      job.job.write(rows);
      const before = job.gateway.server.requests.length;
      job.gateway.interfere(({ number }) => (number === before + 1 ? fault() : undefined));
      const { summary } = await job.run(another);
      expect(summary.exit_code).toBe(0);
      expect(fates(summary)).toEqual({ planned: 10, already_imported: 2, ingested: 8 });
      expect(storedIds(job)).toEqual(allIds);
    },
  );

  test.each(Object.entries(lost))('a trace that arrived is ingested: %s', async (_name, fault) => {
    const job = await adalineJob(rows, ({ number }, passes) =>
      number === 1 ? passes.butAnswers(fault()) : undefined,
    );
    const { summary } = await job.run();
    expect(fates(summary)).toEqual({ planned: 10, ingested: 10 });
    expect(storedIds(job)).toEqual(allIds);
  });
});

test('a span without times is found, though another input tells more of its trace', async () => {
  const untimed = { trace_unique_id: 'a', span_parent_id: 'a-root', span_name: 'untimed', output: 'x' };
  const [root] = rows;
  const child = { ...rows[5], span_unique_id: 'child' };
  const lone = { ...untimed, span_unique_id: 'untimed' };
  const job = await adalineJob([child, lone]);
  await job.run();
  job.job.write([root!, child, lone]);
  const { summary } = await job.run(another);
  expect(fates(summary)).toEqual({ planned: 3, already_imported: 2, ingested: 1 });
  expect(job.gateway.sandbox.adaline.totals()).toMatchObject({ spans: 3, repeated: 0 });
});

describe('a row that has changed, of which the ledger knows nothing', () => {
  const changes = {
    'its output': { output: 'another reply' },
    'its name': { span_name: 'renamed' },
    'its end': { timestamp: '2025-06-05T11:00:00Z' },
    'its metadata': { metadata: { color: 'blue' } },
    'a field without a place': { customer_identifier: 'c' },
  };

  test.each(Object.entries(changes))('is refused: %s', async (_name, change) => {
    const job = await adalineJob(rows);
    await job.run();
    const changed = { ...rows[5], ...change };
    job.job.write(rows.map((each, at) => (at === 5 ? changed : each)));
    for (const options of [another, { resume: false }]) {
      const { summary, events } = await job.run(options);
      expect(fates(summary)).toMatchObject({ planned: 10, already_imported: 9, refused: 1 });
      expect(eventsOf(events, 'span-refused').map(({ place }) => place.line)).toEqual([6]);
    }
    // Nothing was remembered that is not there: the row as it was is no change.
    job.job.write(rows);
    const { summary } = await job.run({ ...another, verify: true });
    expect(summary).toMatchObject({ exit_code: 0, verification: { complete: 1 } });
    expect(fates(summary)).toEqual({ planned: 10, already_imported: 10 });
    expect(storedIds(job)).toEqual(allIds);
  });

  test('is the same row with other provenance', async () => {
    const job = await adalineJob(rows);
    await job.run();
    job.job.write(rows.map((each) => ({ ...each, metadata: { 'import.run': 'r2', 'import.line': 7 } })));
    expect(fates((await job.run(another)).summary)).toEqual({ planned: 10, already_imported: 10 });
  });
});

describe('a verification', () => {
  test('knows that a refused span is there as it was', async () => {
    const job = await adalineJob(rows);
    await job.run();
    job.job.write(rows.map((each, at) => (at === 5 ? { ...each, output: 'another reply' } : each)));
    const { summary } = await job.run({ verify: true });
    expect(summary).toMatchObject({
      spans: { refused: 1 },
      warnings: {},
      verification: { complete: 1, surplus_spans: 0, missing_spans: 0 },
    });
  });

  test('calls no span surplus that others have sent', async () => {
    const job = await adalineJob(rows);
    await job.run();
    job.job.write(rows.slice(0, 6));
    const { summary } = await job.run({ verify: true });
    expect(summary).toMatchObject({ warnings: {}, verification: { complete: 1, surplus_spans: 0 } });
  });

  test('misses a span though others have sent one in its place', async () => {
    const job = await adalineJob(rows.slice(0, 5));
    await job.run();
    job.job.write(rows.slice(5));
    job.gateway.interfere(({ path }) =>
      path === '/v2/logs/span' ? status(200, { spanId: 's'.repeat(24) }) : undefined,
    );
    const { summary } = await job.run({ ...another, verify: true });
    expect(summary).toMatchObject({
      exit_code: 1,
      spans: { ingested: 5 },
      verification: { missing_spans: 5, differences: [{ trace_id: 'a', expected: 5, found: 0 }] },
    });
  });

  test('by a key that may not read says so, and refuses no key', async () => {
    const forbidden = status(403, { error: { code: 'FORBIDDEN', message: 'no' } });
    const job = await adalineJob(rows, ({ path }) =>
      path === '/v2/logs/trace' || path === '/v2/logs/span' ? undefined : forbidden,
    );
    const { summary } = await job.run({ verify: true });
    expect(summary).toMatchObject({
      exit_code: 1,
      stopped: null,
      warnings: { unverified: 1 },
      spans: { ingested: 10 },
    });
    const again = await job.run(another);
    expect(again.summary).toMatchObject({ exit_code: 1, warnings: { existing_unchecked: 1 } });
    expect(fates(again.summary)).toEqual({ planned: 10, failed: 10 });
  });
});

test.each([
  ['no_prompt', 'prompt', { promptId: 'prompt-of-the-flag' }],
  ['no_deployment', 'deployment', { deploymentId: 'deployment-of-the-flag' }],
])('an id of a flag that is unknown ends the run: %s', async (code, kind, options) => {
  const [id] = Object.values(options);
  const job = await adalineJob(rows, () => status(400, { error: `No ${kind} found, ${kind}Id: ${id}` }));
  const { summary } = await job.run({ target: target(options) });
  expect(summary).toMatchObject({ exit_code: 5, stopped: { code } });
  expect(fates(summary)).toEqual({ planned: 10, held_back: 10 });
  expect(job.gateway.server.requests).toHaveLength(1);
});
