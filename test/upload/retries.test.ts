import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import type { ImportEvent } from '../../src/report/events.js';
import {
  hang,
  held,
  ok,
  reset,
  resetBeforeBody,
  status,
  type Answer,
  type Script,
} from '../support/scripted-server.js';
import { above, eventsOf, fates, ImportJob, importTo, rows, sentIds, serve } from './import-job.js';

const single = { limits: { spans: 1, bytes: 1_000_000 } };
const everyTime =
  (answer: Answer): Script =>
  () =>
    answer;

describe('answers that are worth another try', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 520])(
    '%i, then ok: sent again, ingested once',
    async (code) => {
      const { summary, server, job } = await importTo([status(code)], rows(2));
      expect(fates(summary)).toMatchObject({ planned: 2, ingested: 2 });
      expect(summary).toMatchObject({ exit_code: 0, upload: { requests: 2, retries: 1 } });
      expect(server.requests[1]?.body).toEqual(server.requests[0]?.body);
      expect(job.clock.slept).toEqual([500]);
    },
  );

  test('backoff doubles with each retry', async () => {
    const { job } = await importTo([status(500), status(500), status(500), status(500)], rows(1));
    expect(job.clock.slept).toEqual([500, 1000, 2000, 4000]);
  });

  test('a wait is told', async () => {
    const { events } = await importTo([status(500)], rows(1));
    expect(eventsOf(events, 'waiting').map(({ milliseconds }) => milliseconds)).toEqual([500]);
  });

  test('an answer of a gateway may hide a success: the repeat is counted once', async () => {
    const { summary } = await importTo([status(502), status(504)], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 3, possibly_repeated: 3 });
  });
});

/** What the run advises where the server asks for this wait. */
async function hintOf(wait: string): Promise<string | null | undefined> {
  const { summary } = await importTo([status(429, {}, { 'retry-after': wait })], rows(1));
  return summary.stopped?.hint;
}

describe('a wait that the server asks for', () => {
  test.each<[string, Answer, number]>([
    ['seconds in the header', status(429, {}, { 'retry-after': '7' }), 7000],
    ['a date in the header', status(503, {}, { 'retry-after': 'Thu, 15 Jan 2026 12:01:00 GMT' }), 60_000],
    ['seconds in the body', status(429, { detail: 'Rate limit exceeded', retry_after: 30 }), 30_000],
    ['longer than the time for retries', status(429, {}, { 'retry-after': '299' }), 299_000],
    ['exactly five minutes', status(429, {}, { 'retry-after': '300' }), 300_000],
  ])('%s is kept to', async (_name, answer, milliseconds) => {
    const { summary, job } = await importTo([answer], rows(1));
    expect(fates(summary)).toEqual({ planned: 1, ingested: 1 });
    expect(job.clock.slept).toEqual([milliseconds]);
  });

  test.each(['soon', '0', '-1', 'Thu, 15 Jan 2026 11:00:00 GMT'])('%j means normal backoff', async (wait) => {
    const { summary, job } = await importTo([status(429, {}, { 'retry-after': wait })], rows(1));
    expect(summary.exit_code).toBe(0);
    expect(job.clock.slept).toEqual([500]);
  });

  test('holds for every batch, not only for the one that was told', async () => {
    const throttling = held(status(429, {}, { 'retry-after': '20' }));
    const others = [held(), held(), held()];
    const server = await serve([ok(), throttling, ...others]);
    const job = new ImportJob(server.url, rows(8));
    const signs = new EventEmitter();
    const told = once(signs, 'waiting');
    const sleeping = once(signs, 'sleeping');
    const wake = once(signs, 'wake');
    const slept: number[] = [];
    job.clock.sleep = async (milliseconds) => {
      const until = job.clock.now() + milliseconds;
      slept.push(milliseconds);
      signs.emit('sleeping');
      await wake;
      job.clock.time = Math.max(job.clock.time, until);
    };
    const onEvent = ({ kind }: ImportEvent): void => void signs.emit(kind);
    const running = job.run({ ...single, concurrency: 4, onEvent });
    await server.received(5);
    throttling.release();
    await told;
    for (const gate of others) gate.release();
    // The batch that comes next either waits as well or is sent in spite of the pause.
    await Promise.race([sleeping, server.received(6)]);
    expect(server.requests).toHaveLength(5);
    expect(slept).toEqual([20_000]);
    signs.emit('wake');
    expect(fates((await running).summary)).toEqual({ planned: 8, ingested: 8 });
  });

  test.each<[string, Answer]>([
    ['the header', status(429, {}, { 'retry-after': '301' })],
    ['the body', status(429, { retry_after: 3600 })],
    ['a date', status(503, {}, { 'retry-after': 'Fri, 16 Jan 2026 12:00:00 GMT' })],
    ['a number without sense', status(429, {}, { 'retry-after': '9'.repeat(40) })],
  ])('over five minutes (%s) stops the run, which resumes', async (_name, answer) => {
    const { summary, server, job } = await importTo([ok(), answer], rows(5), { ...single, concurrency: 1 });
    expect(fates(summary)).toEqual({ planned: 5, ingested: 1, held_back: 4 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'server_asks_to_wait' } });
    expect(job.clock.slept).toEqual([]);
    expect(server.requests).toHaveLength(2);

    const again = await job.run();
    expect(fates(again.summary)).toEqual({ planned: 5, already_imported: 1, ingested: 4 });
  });

  test('the time to come back to is told with its day where that is another one', async () => {
    expect(await hintOf('3601')).toContain('13:01');
    expect(await hintOf('86400')).toContain('2026-01-16 12:00');
  });
});

describe('throttling', () => {
  test('a run that was throttled goes on with fewer requests at once, retries included', async () => {
    let throttled = 0;
    let highestAfter = 0;
    const open = new Set<number>();
    const script: Script = (request) => ({
      async play(_request, response) {
        open.add(request.number);
        response.once('close', () => open.delete(request.number));
        if (request.number === 1) return ok().play(request, response);
        // The first four that come together are told to slow down.
        if (throttled < 4) {
          throttled += 1;
          return status(429).play(request, response);
        }
        if (request.number <= 9) highestAfter = Math.max(highestAfter, open.size);
        return ok().play(request, response);
      },
    });
    const { summary } = await importTo(script, rows(12), { ...single, concurrency: 4 });
    expect(fates(summary)).toEqual({ planned: 12, ingested: 12 });
    expect(throttled).toBe(4);
    expect(highestAfter).toBeLessThanOrEqual(2);
  });

  test('a server that limits the requests in flight is left in peace, and gets everything', async () => {
    const limit = 3;
    let open = 0;
    let refused = 0;
    const script: Script = () => ({
      async play(request, response) {
        open += 1;
        response.once('close', () => (open -= 1));
        if (open > limit) {
          refused += 1;
          return status(429).play(request, response);
        }
        // Long enough for others to arrive beside it.
        for (let turn = 0; turn < 20; turn += 1) await setImmediate();
        return ok().play(request, response);
      },
    });
    const { summary } = await importTo(script, rows(400), { ...single, concurrency: 16 });
    expect(fates(summary)).toEqual({ planned: 400, ingested: 400 });
    expect(refused).toBeGreaterThan(0);
    expect(refused / summary.upload.requests).toBeLessThan(0.1);
  });

  test('the rate limit spaces the requests', async () => {
    const server = await serve();
    const job = new ImportJob(server.url, rows(4));
    const begun = job.clock.now();
    await job.run({ ...single, rateLimits: [{ unit: 'requests', amount: 60, window: 60_000 }] });
    expect(job.clock.now() - begun).toBe(3000);
  });
});

describe('a destination that stays away', () => {
  test('500 for ever: the batch failed, the rest is held back, and the run stops', async () => {
    const { summary, job } = await importTo(everyTime(status(500, { detail: 'broken' })), rows(5), single);
    expect(fates(summary)).toEqual({ planned: 5, failed: 1, held_back: 4 });
    expect(summary).toMatchObject({
      exit_code: 5,
      stopped: { code: 'destination_unreachable' },
      errors: { count: 1 },
    });
    const slept = job.clock.slept.reduce((sum, wait) => sum + wait, 0);
    expect(slept).toBeLessThanOrEqual(120_000);
    expect(slept).toBeGreaterThan(60_000);
  });

  test('a refused connection is no repeat', async () => {
    const server = await serve();
    const job = new ImportJob(server.url, rows(3));
    await server.close();
    const { summary } = await job.run(single);
    expect(fates(summary)).toEqual({ planned: 3, failed: 1, held_back: 2 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'destination_unreachable' } });
  });

  test('it goes down after a success: what was under way failed, and a re-run sends exactly the missing', async () => {
    let down = true;
    const script: Script = ({ number }) => (down && number > 2 ? status(503) : ok());
    const { summary, server, job } = await importTo(script, rows(6), { ...single, concurrency: 2 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'destination_unreachable' } });
    expect(summary.spans).toMatchObject({ planned: 6, ingested: 2 });

    down = false;
    const acknowledged = sentIds(server).slice(0, 2).flat();
    const before = server.requests.length;
    const again = await job.run(single);
    expect(fates(again.summary)).toEqual({ planned: 6, already_imported: 2, ingested: 4 });
    const all = rows(6).map((span) => span['span_unique_id']);
    expect(sentIds(server).slice(before).flat()).toEqual(all.filter((id) => !acknowledged.includes(id)));
  });

  test('a run that waits whenever it is asked to does not wait for ever', async () => {
    const answer = status(429, {}, { 'retry-after': '100' });
    const { summary, server } = await importTo(everyTime(answer), rows(2), single);
    expect(fates(summary)).toEqual({ planned: 2, failed: 1, held_back: 1 });
    expect(summary.exit_code).toBe(5);
    expect(server.requests).toHaveLength(3);
  });
});

test('one batch that always fails while others pass: it failed, the run goes on', async () => {
  const poison = new EventEmitter();
  const met = once(poison, 'met');
  const script: Script = ({ number, spans }) => ({
    async play(request, response) {
      if (spans[0]?.['span_unique_id'] === 'span-002') {
        poison.emit('met');
        return status(500).play(request, response);
      }
      // The others pass after it has failed for the first time.
      if (number > 1) await met;
      return ok().play(request, response);
    },
  });
  const { summary, server, job } = await importTo(script, rows(6), { ...single, concurrency: 2 });
  expect(fates(summary)).toEqual({ planned: 6, ingested: 5, failed: 1 });
  expect(summary).toMatchObject({ exit_code: 1, stopped: null });

  const before = server.requests.length;
  await job.run(single);
  expect(new Set(sentIds(server).slice(before).flat())).toEqual(new Set(['span-002']));
});

describe('connections', () => {
  test('a reset after the body was read: sent again under the same ids and counted as possibly repeated', async () => {
    const { summary, server } = await importTo([reset()], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2, possibly_repeated: 2 });
    expect(summary).toMatchObject({ exit_code: 0, upload: { retries: 1 } });
    expect(server.requests[1]?.body).toEqual(server.requests[0]?.body);
  });

  test('a reset before the body was read is retried too', async () => {
    const { summary } = await importTo([resetBeforeBody()], rows(2));
    expect(fates(summary)).toMatchObject({ planned: 2, ingested: 2 });
    expect(summary.exit_code).toBe(0);
  });

  test('a server that never answers: the time limit ends the request, and the batch is offered again', async () => {
    const { summary } = await importTo([hang()], rows(2), { timeout: 200 });
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2, possibly_repeated: 2 });
  });

  test('resets of the first batch alone make its size suspicious: it is halved', async () => {
    const { summary, server } = await importTo(above(2, reset()), rows(4));
    expect(fates(summary)).toEqual({ planned: 4, ingested: 4, possibly_repeated: 4 });
    expect(server.requests.map(({ spans }) => spans.length)).toEqual([4, 4, 4, 2, 2]);
  });

  test('spans that were offered in ever smaller batches are counted as possibly repeated once', async () => {
    const { summary } = await importTo(above(1, reset()), rows(4));
    expect(fates(summary)).toEqual({ planned: 4, ingested: 4, possibly_repeated: 4 });
  });

  test('a server that resets everything is given up in the end', async () => {
    const { summary } = await importTo(everyTime(reset()), rows(4), { limits: { spans: 2, bytes: 1e6 } });
    expect(fates(summary)).toMatchObject({ planned: 4, held_back: 2, failed: 2 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'destination_unreachable' } });
  });
});
