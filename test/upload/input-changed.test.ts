import { appendFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import type { ImportEvent } from '../../src/report/events.js';
import { fates, ImportJob, rows, serve } from './import-job.js';

const single = { limits: { spans: 1, bytes: 1_000_000 }, concurrency: 1 };

/** Runs while the file is changed between the plan and the upload. */
async function withChange(change: (file: string) => void) {
  const server = await serve();
  const job = new ImportJob(server.url, rows(4));
  const onEvent = (event: ImportEvent): void => {
    if (event.kind === 'planned') change(job.file);
  };
  return { server, job, ...(await job.run({ ...single, onEvent })) };
}

test.each<[string, (file: string) => void]>([
  [
    'overwritten with other rows of the same length',
    (file) => writeFileSync(file, lines().replaceAll('reply', 'REPLY')),
  ],
  ['emptied', (file) => truncateSync(file, 0)],
  ['deleted', (file) => rmSync(file)],
])('%s: nothing is sent, and the run stops', async (_name, change) => {
  const { summary, server } = await withChange(change);
  expect(fates(summary)).toEqual({ planned: 4, held_back: 4 });
  expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'input_changed' } });
  expect(server.requests).toEqual([]);
});

test('changed behind its beginning: what still is as planned arrives', async () => {
  const { summary, server } = await withChange((file) =>
    truncateSync(file, Math.floor(lines().length / 2) + 1),
  );
  expect(fates(summary)).toEqual({ planned: 4, ingested: 2, held_back: 2 });
  expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'input_changed' } });
  expect(server.spans()).toEqual(rows(2));
});

test('growth at the end is fine, and the next run brings it', async () => {
  const grown = rows(5).slice(4);
  const { summary, job } = await withChange((file) => appendFileSync(file, lines(grown)));
  expect(fates(summary)).toEqual({ planned: 4, ingested: 4 });
  expect(summary.exit_code).toBe(0);
  expect(fates((await job.run()).summary)).toEqual({ planned: 5, already_imported: 4, ingested: 1 });
});

function lines(content: readonly object[] = rows(4)): string {
  return content.map((one) => `${JSON.stringify(one)}\n`).join('');
}
