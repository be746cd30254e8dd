import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { describe, expect, test } from 'vitest';

import type { Destination } from '../support/destination.js';
import { early, ok, reset, status, type Answer } from '../support/scripted-server.js';
import { endOf, ids, importAndComplete } from './honesty.js';
import { eventsOf, fates, ImportJob, rows, serve } from './import-job.js';

const deep = '['.repeat(200_000) + ']'.repeat(200_000);

/** Refuses batches that hold one of the spans; takes the others. */
const poisonedBy =
  (poison: ReadonlySet<unknown>, refusal: Answer) =>
  (destination: Destination) =>
  ({ spans }: { spans: Record<string, unknown>[] }): Answer =>
    spans.some((span) => poison.has(span['span_unique_id'])) ? refusal : destination.storing(ok());

/** Ids of a trace by its number; a trace is five spans, a batch twenty traces. */
const trace = (number: number): string[] => [0, 1, 2, 3, 4].map((span) => `span-${number}-${span}`);

describe('bad spans are found, refused and named; all others arrive', () => {
  const invalid = status(422, { detail: 'Validation error', errors: { input: ['is bad'] } });
  test.each<[string, string[], Answer]>([
    ['the first span, 422', ['span-0-0'], invalid],
    ['the first span, 400', ['span-0-0'], status(400, { detail: 'Invalid request format' })],
    ['one in the middle', ['span-200-2'], invalid],
    ['the last span', ['span-399-4'], invalid],
    ['several of one batch', ['span-20-0', 'span-20-1', 'span-39-4'], invalid],
    ['one in each of several batches', ['span-0-1', 'span-100-1', 'span-399-1'], invalid],
    ['a whole batch', Array.from({ length: 20 }, (_, position) => trace(40 + position)).flat(), invalid],
    ['refused without words', ['span-7-0'], status(400, '')],
    ['refused with a page', ['span-7-0'], status(400, '<html>Bad Request</html>')],
    [
      'refused in words that are nested too deeply',
      ['span-7-0'],
      status(422, `{"errors":${deep}}`, { 'content-type': 'application/json' }),
    ],
  ])('%s', async (_name, poison, refusal) => {
    const outcome = await importAndComplete(poisonedBy(new Set(poison), refusal));
    expect(endOf(outcome)).toBe('1');
    expect(fates(outcome.summary)).toEqual({
      planned: ids.length,
      refused: poison.length,
      ingested: ids.length - poison.length,
    });
    const refused = eventsOf(outcome.events, 'span-refused').map(({ place }) => ids[place.line - 1]);
    expect(new Set(refused)).toEqual(new Set(poison));
  });
});

describe('a server that takes only small batches', () => {
  test.each<[string, Answer]>([
    ['413', status(413, { detail: 'too large' })],
    ['413 as a page', status(413, '<html>Request Entity Too Large</html>')],
    ['a reset', reset()],
  ])('%s: halved until they pass', async (_name, refusal) => {
    const outcome = await importAndComplete(
      (destination) =>
        ({ spans }) =>
          spans.length > 30 ? refusal : destination.storing(ok()),
    );
    expect(endOf(outcome)).toBe('0');
    expect(fates(outcome.summary)).toMatchObject({ planned: ids.length, ingested: ids.length });
  });
});

describe('an answer that comes before a large body was read', () => {
  const large = rows(40, { input: 'x'.repeat(250_000) });
  const batches = { limits: { spans: 20, bytes: 20_000_000 }, concurrency: 2 };

  test.each<[string, Answer, string]>([
    ['401', status(401, { detail: 'invalid key' }), '4 credentials_refused'],
    ['404', status(404), '5 wrong_address'],
    ['302', status(302, {}, { location: 'http://127.0.0.1:9/' }), '5 redirected'],
  ])('%s ends the run as if it had come after it', async (_name, answer, end) => {
    const server = await serve(Array.from({ length: 100 }, () => early(answer)));
    const outcome = await new ImportJob(server.url, large).run(batches);
    expect(endOf(outcome)).toBe(end);
    expect(fates(outcome.summary)['ingested']).toBeUndefined();
  });

  test('503: tried again', async () => {
    const server = await serve([early(status(503))]);
    const outcome = await new ImportJob(server.url, large).run(batches);
    expect(endOf(outcome)).toBe('0');
  });

  test('413: halved', async () => {
    const server = await serve([early(status(413)), early(status(413))]);
    const outcome = await new ImportJob(server.url, large).run(batches);
    expect(endOf(outcome)).toBe('0');
  });
});

describe('kept connections', () => {
  test('that the server closes after each answer without a word: nothing is lost', async () => {
    const outcome = await importAndComplete(
      (destination) => () =>
        destination.storing({
          async play(request, response) {
            await ok().play(request, response);
            response.socket?.end();
          },
        }),
    );
    expect(endOf(outcome)).toBe('0');
  });

  test('that are cut at their second request: nothing is lost, and repeats are told', async () => {
    const used = new WeakSet<Socket>();
    const outcome = await importAndComplete((destination) => () => ({
      play(request, response) {
        const { socket } = response;
        if (socket !== null && used.has(socket)) return void socket.resetAndDestroy();
        if (socket !== null) used.add(socket);
        return destination.storing(ok()).play(request, response);
      },
    }));
    expect(endOf(outcome)).toBe('0');
    expect(outcome.summary.upload.retries).toBeGreaterThan(0);
  });
});

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('no connection', () => {
  test.each<[string, () => Promise<string>]>([
    ['refused', async () => `http://127.0.0.1:${await closedPort()}`],
    ['a name that does not exist', () => Promise.resolve('http://no-such-host.invalid')],
  ])('%s: what was tried failed, cannot have arrived, and goes with a re-run', async (_name, address) => {
    const server = await serve();
    let url = await address();
    const job = new ImportJob('http://unused.invalid', rows(10));
    const destination = (): object => ({
      destination: { endpoint: `${url}/v1/traces/ingest`, key: 'key-of-the-test', name: 'same' },
    });
    const single = { limits: { spans: 1, bytes: 1_000_000 } };
    const outcome = await job.run({ ...single, ...destination() });
    expect(endOf(outcome)).toBe('5 destination_unreachable');
    expect(fates(outcome.summary)).toEqual({ planned: 10, failed: 1, held_back: 9 });
    const missing = eventsOf(outcome.events, 'span-missing').map(({ span }) => span);
    expect(missing).toMatchObject([
      { fate: 'failed', spanId: 'span-001', traceId: 'trace-of-span-001', mayHaveArrived: false },
      ...Array.from({ length: 9 }, (_, position) => ({ fate: 'held_back', place: { line: position + 2 } })),
    ]);

    url = server.url;
    const again = await job.run({ ...single, ...destination() });
    expect(fates(again.summary)).toEqual({ planned: 10, ingested: 10 });
  });
});
