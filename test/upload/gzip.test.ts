import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ContentCoding } from '../../src/upload/content-coding.js';
import {
  early,
  ok,
  reset,
  resetBeforeBody,
  status,
  truncated,
  type Answer,
  type ReceivedRequest,
  type ScriptedServer,
} from '../support/scripted-server.js';
import { importAndComplete } from './honesty.js';
import { above, eventsOf, fates, ImportJob, importTo, row, rows, sentIds, serve } from './import-job.js';

const single = { limits: { spans: 1, bytes: 1_000_000 }, concurrency: 1 };
const gzip = { ...single, gzip: true };

const isGzip = ({ headers }: ReceivedRequest): boolean => headers['content-encoding'] === 'gzip';
const codings = (server: ScriptedServer): boolean[] => server.requests.map(isGzip);
const holds = ({ spans }: ReceivedRequest, id: string): boolean =>
  spans.some((span) => span['span_unique_id'] === id);
const bytesOnTheWire = (server: ScriptedServer): number =>
  server.requests.reduce((sum, { body }) => sum + body.length, 0);

describe('compressed requests', () => {
  test('hold what plain ones would, and both sizes are told', async () => {
    const content = rows(50, { input: 'the same question again and again' });
    const plain = await importTo([], content);
    const { server, summary } = await importTo([], content, { gzip: true });
    expect(codings(server)).toEqual([true]);
    expect(server.requests[0]?.body.length).toBeLessThan(plain.server.requests[0]!.body.length / 5);
    expect(server.spans()).toEqual(plain.server.spans());
    expect(summary).toMatchObject({ exit_code: 0, notes: {} });
    expect(summary.upload).toMatchObject({
      bytes: plain.summary.upload.bytes,
      wire_bytes: bytesOnTheWire(server),
    });
  });

  test('are not made without the flag', async () => {
    const { server, summary } = await importTo([], rows(2));
    expect(codings(server)).toEqual([false]);
    expect(summary.upload.wire_bytes).toBeNull();
  });

  test('say how long they are', async () => {
    const { server } = await importTo([], rows(2), gzip);
    for (const { headers, body } of server.requests)
      expect(headers['content-length']).toBe(String(body.length));
  });

  test('are the same ones when they are sent again', async () => {
    const { server, summary } = await importTo([status(503), reset(), ok()], rows(1), gzip);
    expect(codings(server)).toEqual([true, true, true]);
    expect(server.requests[2]?.body).toEqual(server.requests[0]?.body);
    expect(summary.upload).toMatchObject({ requests: 3, retries: 2 });
  });

  test('are compressed once, however often they are sent', async () => {
    const coding = new ContentCoding(true);
    const body = Buffer.from('[{}]');
    const first = await coding.encode(body);
    expect(gunzipSync(first.bytes)).toEqual(body);
    expect(await coding.encode(body, first)).toBe(first);
  });

  test('are halved where they are too large', async () => {
    const { server, summary } = await importTo(above(2, status(413)), rows(4), {
      gzip: true,
      limits: { spans: 4, bytes: 1_000_000 },
    });
    expect(sentIds(server).map(({ length }) => length)).toEqual([4, 2, 2]);
    expect(codings(server)).toEqual([true, true, true]);
    expect(fates(summary)).toEqual({ planned: 4, ingested: 4 });
  });

  test('name the spans that the server refuses', async () => {
    const { summary, events } = await importTo(
      [ok({ ingested_spans: 1, errors: ['span-002 is bad'] })],
      rows(2),
      { gzip: true },
    );
    expect(fates(summary)).toEqual({ planned: 2, ingested: 1, refused: 1 });
    expect(eventsOf(events, 'span-refused')[0]?.place.line).toBe(2);
  });
});

describe('a server that does not take them', () => {
  test.each([415, 400])('gets plain ones after it answered %i to the first', async (code) => {
    const { server, summary } = await importTo([status(code)], rows(3), { ...gzip, strict: true });
    expect(codings(server)).toEqual([true, false, false, false]);
    expect(sentIds(server)[1]).toEqual(['span-001']);
    expect(summary).toMatchObject({ exit_code: 0, warnings: {}, notes: { gzip_refused: 1 } });
    expect(summary.upload).toMatchObject({
      requests: 4,
      retries: 0,
      wire_bytes: bytesOnTheWire(server),
    });
    expect(fates(summary)).toEqual({ planned: 3, ingested: 3 });
  });

  test('is told from a busy one', async () => {
    const { server, summary } = await importTo([status(503), status(415)], rows(2), gzip);
    expect(codings(server)).toEqual([true, true, false, false]);
    expect(summary.upload).toMatchObject({ requests: 4, retries: 2 });
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
  });

  test('may say so before it has read the body', async () => {
    const large = row('span-001', { input: randomBytes(3_000_000).toString('base64') });
    const { server, summary } = await importTo([early(status(415))], [large], {
      gzip: true,
      limits: { spans: 1, bytes: 10_000_000 },
    });
    expect(codings(server).at(-1)).toBe(false);
    expect(fates(summary)).toMatchObject({ planned: 1, ingested: 1 });
    expect(summary.exit_code).toBe(0);
  });

  test('is believed later too where it names the coding, and the note counts once', async () => {
    let refusing = false;
    const { server, summary } = await importTo(
      (request) => {
        refusing ||= request.number === 3;
        return refusing && isGzip(request) ? status(415) : ok();
      },
      rows(8),
      { ...gzip, concurrency: 4 },
    );
    expect(summary).toMatchObject({ exit_code: 0, notes: { gzip_refused: 1 } });
    expect(fates(summary)).toEqual({ planned: 8, ingested: 8 });
    expect(codings(server).slice(-2)).toEqual([false, false]);
    expect(server.requests.length).toBe(summary.upload.requests);
  });

  test('means the spans with a 400 once it took compressed ones', async () => {
    const { server, summary } = await importTo(
      (request) => (holds(request, 'span-003') ? status(400) : ok()),
      rows(4),
      gzip,
    );
    expect(codings(server)).toEqual([true, true, true, true]);
    expect(summary).toMatchObject({ exit_code: 1, notes: {} });
    expect(fates(summary)).toEqual({ planned: 4, ingested: 3, refused: 1 });
  });

  test('means the spans with a 400 to a plain request', async () => {
    const { server, summary } = await importTo([status(400), status(400)], rows(2), gzip);
    expect(codings(server)).toEqual([true, false, false]);
    expect(fates(summary)).toEqual({ planned: 2, ingested: 1, refused: 1 });
  });

  test('stops the run with a 415 to a plain request', async () => {
    const { server, summary } = await importTo([status(415), status(415)], rows(2), gzip);
    expect(server.requests).toHaveLength(2);
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'destination_refused' } });
    expect(fates(summary)).toEqual({ planned: 2, held_back: 2 });
  });
});

test('an interrupt while a body is compressed sends nothing of it', async () => {
  const server = await serve();
  const large = row('span-001', { input: randomBytes(6_000_000).toString('base64') });
  const interrupt = new AbortController();
  const { summary, events } = await new ImportJob(server.url, [large]).run({
    gzip: true,
    limits: { spans: 1, bytes: 20_000_000 },
    interrupt: interrupt.signal,
    // The body is made and handed to the thread pool before this comes round.
    onEvent: ({ kind }) => {
      if (kind === 'upload-started') setImmediate(() => interrupt.abort());
    },
  });
  expect(summary).toMatchObject({ exit_code: 130, stopped: { code: 'interrupted' } });
  expect(fates(summary)).toEqual({ planned: 1, held_back: 1 });
  expect(eventsOf(events, 'batch-started')).toEqual([]);
  expect(server.requests).toEqual([]);
});

test('a limit on bytes counts what goes over the wire', async () => {
  const content = rows(20, { input: 'again and again '.repeat(100) });
  const limited = { ...single, rateLimits: [{ unit: 'bytes' as const, amount: 2000, window: 1000 }] };
  const plain = await importTo([], content, limited);
  const compressed = await importTo([], content, { ...limited, gzip: true });
  const slept = ({ job }: typeof plain): number => job.clock.slept.reduce((sum, time) => sum + time, 0);
  expect(slept(compressed)).toBeGreaterThan(0);
  expect(slept(compressed)).toBeLessThan(slept(plain) / 4);
});

/** What the destination does with a request: it stores the spans before it says 200, or nothing. */
const fault: fc.Arbitrary<{ stores: boolean; answer: Answer }> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(ok(), truncated(), reset()).map((answer) => ({ stores: true, answer })),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...[400, 413, 415, 422, 429, 503].map((code) => status(code)), resetBeforeBody())
      .map((answer) => ({ stores: false, answer })),
  },
);

test('under faults nothing is lost without a name or repeated without being told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 12 }), async (script) => {
      const { summary } = await importAndComplete(
        (destination) =>
          ({ number }) => {
            const { stores, answer } = script[number - 1] ?? { stores: true, answer: ok() };
            return stores ? destination.storing(answer) : answer;
          },
        { gzip: true },
      );
      expect(summary.notes['gzip_refused'] ?? 0).toBeLessThanOrEqual(1);
    }),
    { numRuns: 12 },
  );
});
