import { renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { fates, ImportJob, row, rows, sentIds, serve } from './import-job.js';

async function imported(content = rows(4)) {
  const server = await serve();
  const job = new ImportJob(server.url, content);
  await job.run();
  return { server, job };
}

describe('after a success', () => {
  test('a re-run sends nothing', async () => {
    const { server, job } = await imported();
    const { summary } = await job.run();
    expect(fates(summary)).toEqual({ planned: 4, already_imported: 4 });
    expect(summary).toMatchObject({ exit_code: 0, upload: { requests: 0 }, created_traces: 0 });
    expect(server.requests).toHaveLength(1);
  });

  test('appended rows alone are sent', async () => {
    const { server, job } = await imported();
    job.append([row('span-005')]);
    const { summary } = await job.run();
    expect(fates(summary)).toEqual({ planned: 5, already_imported: 4, ingested: 1 });
    expect(sentIds(server)[1]).toEqual(['span-005']);
  });

  test('a span whose content changed is sent again and counted', async () => {
    const { server, job } = await imported();
    const changed = row('span-002', { output: 'another reply' });
    job.write([...rows(4).slice(0, 1), changed, ...rows(4).slice(2)]);
    const { summary } = await job.run();
    expect(fates(summary)).toEqual({ planned: 4, already_imported: 3, ingested: 1, changed: 1 });
    expect(server.requests[1]?.spans).toEqual([changed]);

    expect(fates((await job.run()).summary)).toEqual({ planned: 4, already_imported: 4 });
  });

  test('a change that is taken back is a change: the latest delivery counts', async () => {
    const { server, job } = await imported(rows(1));
    job.write([row('span-001', { output: 'second' })]);
    await job.run();
    job.write(rows(1));
    expect(fates((await job.run()).summary)).toEqual({ planned: 1, ingested: 1, changed: 1 });
    expect(server.requests).toHaveLength(3);
  });

  test('a renamed file, another order and other batch sizes do not matter', async () => {
    const { server, job } = await imported();
    job.write(rows(4).toReversed());
    const renamed = path.join(job.folder, 'renamed.jsonl');
    renameSync(job.file, renamed);
    const { summary } = await job.run({
      files: [renamed],
      limits: { spans: 1, bytes: 1000 },
      concurrency: 1,
    });
    expect(fates(summary)).toEqual({ planned: 4, already_imported: 4 });
    expect(server.requests).toHaveLength(1);
  });

  test('without resuming, everything is offered again', async () => {
    const { server, job } = await imported();
    const { summary } = await job.run({ resume: false });
    expect(fates(summary)).toEqual({ planned: 4, ingested: 4 });
    expect(server.requests).toHaveLength(2);
  });
});

describe('destinations', () => {
  test('what another key delivered is not known to be here', async () => {
    const { job } = await imported();
    expect(fates((await job.run({ key: 'key-of-another-project' })).summary)).toEqual({
      planned: 4,
      ingested: 4,
    });
  });

  test('a named destination is known under any key', async () => {
    const { job } = await imported();
    await job.run({ destinationName: 'production' });
    const { summary } = await job.run({ destinationName: 'production', key: 'rotated-key' });
    expect(fates(summary)).toEqual({ planned: 4, already_imported: 4 });
  });
});

test('the same span id in two traces is two spans', async () => {
  const { job } = await imported([row('same', { trace_unique_id: 'a' })]);
  job.append([row('same', { trace_unique_id: 'b' })]);
  expect(fates((await job.run()).summary)).toEqual({ planned: 2, already_imported: 1, ingested: 1 });
});
