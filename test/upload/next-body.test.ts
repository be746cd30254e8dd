import { truncateSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';

import { BatchBodyBuilder } from '../../src/upload/batch-body.js';
import { held } from '../support/scripted-server.js';
import { fates, ImportJob, rows, sentIds, serve } from './import-job.js';

const single = { limits: { spans: 1, bytes: 1_000_000 }, concurrency: 1 };

test('the next body is made while an answer is awaited, and no further one', async () => {
  const gate = held();
  const server = await serve([gate]);
  const job = new ImportJob(server.url, rows(3));
  const running = job.run(single);
  await server.received(1);
  // Bodies that were made by now no longer need the input.
  truncateSync(job.file);
  gate.release();
  const { summary } = await running;
  expect(sentIds(server)).toEqual([['span-001'], ['span-002']]);
  expect(fates(summary)).toEqual({ planned: 3, ingested: 2, held_back: 1 });
  expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'input_changed' } });
});

test('while the first answer is awaited, a body is made for every place that may become free, and one more', async () => {
  const build = vi.spyOn(BatchBodyBuilder.prototype, 'build');
  onTestFinished(() => build.mockRestore());
  const gate = held();
  const server = await serve([gate]);
  const job = new ImportJob(server.url, rows(9));
  const running = job.run({ ...single, concurrency: 4 });
  await server.received(1);
  await vi.waitFor(() => expect(build).toHaveBeenCalledTimes(5));
  expect(sentIds(server)).toEqual([['span-001']]);
  truncateSync(job.file);
  gate.release();
  const { summary } = await running;
  expect(new Set(sentIds(server).flat())).toEqual(new Set(rows(5).map((row) => row['span_unique_id'])));
  expect(fates(summary)).toEqual({ planned: 9, ingested: 5, held_back: 4 });
  expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'input_changed' } });
});
