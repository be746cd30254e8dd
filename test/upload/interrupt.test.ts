import { expect, test } from 'vitest';

import { hang, held, ok, status } from '../support/scripted-server.js';
import { above, fates, ImportJob, importTo, rows, sentIds, serve } from './import-job.js';

const single = { limits: { spans: 1, bytes: 1_000_000 } };

test('what is in flight ends, the rest is held back, and a re-run sends it', async () => {
  const gates = [held(), held()];
  const server = await serve([ok(), ...gates]);
  const job = new ImportJob(server.url, rows(6));
  const interrupt = new AbortController();
  const running = job.run({ ...single, concurrency: 2, interrupt: interrupt.signal });
  await server.received(3);
  interrupt.abort();
  for (const gate of gates) gate.release();
  const { summary } = await running;
  expect(fates(summary)).toEqual({ planned: 6, ingested: 3, held_back: 3 });
  expect(summary).toMatchObject({ exit_code: 130, stopped: { code: 'interrupted' } });

  const again = await job.run(single);
  expect(fates(again.summary)).toEqual({ planned: 6, already_imported: 3, ingested: 3 });
  expect(sentIds(server).slice(3).flat()).toEqual(['span-004', 'span-005', 'span-006']);
});

test('a batch in flight that would have to be retried is held back instead', async () => {
  const gate = held(status(503));
  const server = await serve([gate]);
  const interrupt = new AbortController();
  const running = new ImportJob(server.url, rows(2)).run({ interrupt: interrupt.signal });
  await server.received(1);
  interrupt.abort();
  gate.release();
  const { summary } = await running;
  expect(fates(summary)).toEqual({ planned: 2, held_back: 2 });
  expect(server.requests).toHaveLength(1);
});

test('an interrupt ends a wait', async () => {
  const interrupt = new AbortController();
  const { summary, server } = await importTo([status(429, {}, { 'retry-after': '60' })], rows(2), {
    interrupt: interrupt.signal,
    onEvent: (event) => {
      if (event.kind === 'waiting') interrupt.abort();
    },
  });
  expect(fates(summary)).toEqual({ planned: 2, held_back: 2 });
  expect(summary.exit_code).toBe(130);
  expect(server.requests).toHaveLength(1);
});

test('half a batch that was bisected is held back where the interrupt comes between', async () => {
  const interrupt = new AbortController();
  const { summary } = await importTo(above(2, status(422)), rows(4), {
    interrupt: interrupt.signal,
    onEvent: (event) => {
      if (event.kind === 'batch-settled') interrupt.abort();
    },
  });
  expect(fates(summary)).toEqual({ planned: 4, ingested: 2, held_back: 2 });
});

test('an interrupt before the first request: nothing is sent', async () => {
  const { summary, server } = await importTo([], rows(3), { interrupt: AbortSignal.abort() });
  expect(fates(summary)).toEqual({ planned: 3, held_back: 3 });
  expect(summary.exit_code).toBe(130);
  expect(server.requests).toEqual([]);
});

test('requests that are cut at the end of the drain time failed: the server may hold their spans', async () => {
  const server = await serve([ok(), hang(), hang()]);
  const job = new ImportJob(server.url, rows(5));
  const interrupt = new AbortController();
  const abort = new AbortController();
  const running = job.run({ ...single, concurrency: 2, interrupt: interrupt.signal, abort: abort.signal });
  await server.received(3);
  interrupt.abort();
  abort.abort();
  const { summary } = await running;
  expect(fates(summary)).toEqual({ planned: 5, ingested: 1, failed: 2, held_back: 2 });
  expect(summary).toMatchObject({ exit_code: 130, stopped: { code: 'interrupted' } });
  expect(server.requests).toHaveLength(3);
});
