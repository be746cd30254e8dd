import { describe, expect, test } from 'vitest';

import { ok, status } from '../support/scripted-server.js';
import { fates, ImportJob, importTo, rows, sentIds, serve } from './import-job.js';

const oneByOne = { limits: { spans: 1, bytes: 1_000_000 }, concurrency: 1 };
const page = '<html><body>403 Forbidden</body></html>';

describe('credentials', () => {
  test.each([401, 403])('%i as JSON stops the run at once', async (code) => {
    const { summary, server } = await importTo([status(code, { detail: 'invalid key' })], rows(4), oneByOne);
    expect(fates(summary)).toEqual({ planned: 4, held_back: 4 });
    expect(summary).toMatchObject({ exit_code: 4, stopped: { code: 'credentials_refused' } });
    expect(server.requests).toHaveLength(1);
  });

  test('a key that is revoked on the way: the rest is held back, another key resumes', async () => {
    const { summary, job } = await importTo([ok(), ok(), status(401)], rows(5), {
      ...oneByOne,
      destinationName: 'production',
    });
    expect(fates(summary)).toEqual({ planned: 5, ingested: 2, held_back: 3 });
    const again = await job.run({ key: 'another-key-altogether', destinationName: 'production' });
    expect(fates(again.summary)).toEqual({ planned: 5, already_imported: 2, ingested: 3 });
  });

  test('a server that quotes the key does not make it public', async () => {
    const key = 'sk-secret-0123456789';
    const answers = [
      status(200, { status: 'ok', ingested_spans: 1, errors: [`key ${key} is about to expire`] }),
      status(500, { detail: `key ${key}` }),
      status(401, { detail: `Invalid API key: ${key}` }),
    ];
    const { summary, events } = await importTo(answers, rows(3), { ...oneByOne, key });
    expect(summary.stopped?.code).toBe('credentials_refused');
    const told = JSON.stringify([summary, events], (_name, value: unknown) => value);
    expect(told).not.toContain(key);
    expect(told).toContain('Invalid API key');
  });

  test('the key travels in one header, of every request alike', async () => {
    const { server } = await importTo([], rows(3), { ...oneByOne, key: 'key-of-this-test' });
    expect(server.requests).toHaveLength(3);
    for (const { headers, path, body, method } of server.requests) {
      expect([method, path]).toEqual(['POST', '/v1/traces/ingest']);
      expect(headers).toMatchObject({
        authorization: 'Bearer key-of-this-test',
        'content-type': 'application/json',
      });
      const { authorization: _, ...others } = headers;
      expect(JSON.stringify([others, path, body.toString()])).not.toContain('key-of-this-test');
    }
  });
});

describe("a page in the API's place", () => {
  test.each([401, 403])('%i as a page once: tried again', async (code) => {
    const { summary, server } = await importTo([status(code, page)], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
    expect(summary.exit_code).toBe(0);
    expect(server.requests).toHaveLength(2);
  });

  test('without time for retries: stops at once', async () => {
    const { summary, server } = await importTo([status(403, page)], rows(3), { ...oneByOne, retryFor: 0 });
    expect(fates(summary)).toEqual({ planned: 3, held_back: 3 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'not_the_api' } });
    expect(server.requests).toHaveLength(1);
  });

  test('twice: stops', async () => {
    const { summary, server } = await importTo([status(403, page), status(403, page)], rows(3), oneByOne);
    expect(fates(summary)).toEqual({ planned: 3, held_back: 3 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'not_the_api' } });
    expect(server.requests).toHaveLength(2);
  });
});

describe('a destination that cannot be used', () => {
  test.each([
    [404, 'wrong_address'],
    [405, 'wrong_address'],
    [407, 'proxy_refused'],
    [410, 'destination_refused'],
    [501, 'destination_refused'],
    [505, 'destination_refused'],
  ])('%i costs one request', async (code, stopped) => {
    const { summary, server } = await importTo(() => status(code), rows(4), oneByOne);
    expect(fates(summary)).toEqual({ planned: 4, held_back: 4 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: stopped } });
    expect(server.requests).toHaveLength(1);
  });

  test.each([301, 302, 303, 307, 308])('%i is not followed: the key stays with its host', async (code) => {
    const elsewhere = await serve();
    const location = `${elsewhere.url}/v1/traces/ingest`;
    const { summary, server } = await importTo([status(code, {}, { location })], rows(4), oneByOne);
    expect(fates(summary)).toEqual({ planned: 4, held_back: 4 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'redirected' } });
    expect(server.requests).toHaveLength(1);
    expect(elsewhere.requests).toEqual([]);
  });

  test('the same command resumes with exactly what is missing', async () => {
    const server = await serve([ok(), ok(), status(404)]);
    const job = new ImportJob(server.url, rows(5));
    const { summary } = await job.run(oneByOne);
    expect(fates(summary)).toEqual({ planned: 5, ingested: 2, held_back: 3 });
    const again = await job.run();
    expect(fates(again.summary)).toEqual({ planned: 5, already_imported: 2, ingested: 3 });
    expect(sentIds(server).at(-1)).toEqual(['span-003', 'span-004', 'span-005']);
  });
});
