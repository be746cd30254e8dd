import { describe, expect, test } from 'vitest';

import { huge, ok, status, truncated } from '../support/scripted-server.js';
import { eventsOf, fates, importTo, row, rows, sentIds, serve, ImportJob } from './import-job.js';

describe('answers that tell how many spans were taken', () => {
  test('the documented answer: all ingested', async () => {
    const { summary, server } = await importTo([ok()], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 3 });
    expect(summary).toMatchObject({
      ingested_spans: 3,
      created_traces: 3,
      errors: { count: 0, messages: [] },
      stopped: null,
      exit_code: 0,
      warnings: {},
    });
    expect(server.requests).toHaveLength(1);
  });

  test('the sentence of the newer documentation gives the count, but no traces', async () => {
    const { summary } = await importTo([status(200, { message: 'Processed 2 Vercel spans' })], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
    expect(summary).toMatchObject({ created_traces: null, exit_code: 0 });
  });

  test('partialSuccess without rejections is a full success', async () => {
    const answer = status(200, { partialSuccess: { rejectedSpans: 0, errorMessage: '' } });
    const { summary } = await importTo([answer], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
    expect(summary.exit_code).toBe(0);
  });

  test('partialSuccess with rejections is a shortfall with its words', async () => {
    const answer = status(200, { partialSuccess: { rejectedSpans: '1', errorMessage: 'too old' } });
    const { summary } = await importTo([answer], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 2, failed: 1 });
    expect(summary).toMatchObject({ errors: { count: 1, messages: ['too old'] }, exit_code: 1 });
  });

  test('a count beyond what was sent is cut to what was sent', async () => {
    const { summary } = await importTo([ok({ ingested_spans: 7 })], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
    expect(summary).toMatchObject({ ingested_spans: 2, exit_code: 0 });
  });

  test('created traces are the distinct ids of all answers, not the sum of the counts', async () => {
    const trace = { trace_unique_id: 'one-trace' };
    const { summary, server } = await importTo([], rows(3, trace), { limits: { spans: 1, bytes: 1e6 } });
    expect(server.requests).toHaveLength(3);
    expect(summary.created_traces).toBe(1);
  });
});

describe('errors and shortfalls', () => {
  test('more names than missing spans are no evidence against any of them', async () => {
    const parent = 'span span-002: its parent span-001 was not found';
    const short = await importTo([ok({ ingested_spans: 2, errors: [parent] })], rows(3));
    expect(fates(short.summary)).toEqual({ planned: 3, ingested: 2, failed: 1 });
    const complete = await importTo([ok({ ingested_spans: 3, errors: [parent] })], rows(3));
    expect(fates(complete.summary)).toEqual({ planned: 3, ingested: 3 });
    expect(complete.summary).toMatchObject({ exit_code: 1, errors: { count: 1 } });
  });

  test('a count above the batch is told', async () => {
    const { summary } = await importTo([ok({ ingested_spans: 8 })], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 3 });
    expect(summary.warnings).toEqual({ count_over: 1 });
  });

  test('an error that names a span refuses that span alone', async () => {
    const answer = ok({ ingested_spans: 2, errors: ['span span-002: output is too long'] });
    const { summary, events, server, job } = await importTo([answer], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 2, refused: 1 });
    expect(summary).toMatchObject({ exit_code: 1, errors: { count: 1 } });
    const [refusal, ...others] = eventsOf(events, 'span-refused');
    expect(others).toEqual([]);
    expect(refusal?.place).toMatchObject({ line: 2 });
    expect(JSON.parse(refusal?.body.toString() ?? '')).toEqual(row('span-002'));

    const again = await job.run();
    expect(fates(again.summary)).toMatchObject({ already_imported: 2, ingested: 1 });
    expect(sentIds(server)[1]).toEqual(['span-002']);
  });

  test('an id is named only as a whole word', async () => {
    const answer = ok({ ingested_spans: 1, errors: ['span-001-b is bad'] });
    const { summary, events } = await importTo([answer], [row('span-001'), row('span-001-b')]);
    expect(fates(summary)).toEqual({ planned: 2, ingested: 1, refused: 1 });
    expect(eventsOf(events, 'span-refused').map(({ place }) => place.line)).toEqual([2]);
  });

  test('a number in a message does not name the span with that number', async () => {
    const answer = ok({ ingested_spans: 2, errors: ['1 of 3 spans failed'] });
    const { summary } = await importTo([answer], [row('1'), row('2'), row('3')]);
    expect(fates(summary)).toEqual({ planned: 3, ingested: 2, failed: 1 });
  });

  test('an anonymous shortfall: nothing of the batch is remembered, a re-run offers all of it again', async () => {
    const { summary, server, job } = await importTo([ok({ ingested_spans: 2 })], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 2, failed: 1 });
    expect(summary).toMatchObject({ exit_code: 1, warnings: { count_short: 1 }, stopped: null });

    const again = await job.run();
    expect(fates(again.summary)).toEqual({ planned: 3, ingested: 3 });
    expect(sentIds(server)[1]).toEqual(['span-001', 'span-002', 'span-003']);
  });

  test('a named span and an anonymous shortfall beside it', async () => {
    const answer = ok({ ingested_spans: 1, errors: ['span-001 is bad'] });
    const { summary, job } = await importTo([answer], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 1, refused: 1, failed: 1 });
    expect(fates((await job.run()).summary)).toEqual({ planned: 3, ingested: 3 });
  });

  test('complaints without a count are taken for as many spans', async () => {
    const { summary } = await importTo([status(200, { errors: ['something failed'] })], rows(3));
    expect(fates(summary)).toEqual({ planned: 3, ingested: 2, failed: 1 });
    expect(summary.exit_code).toBe(1);
  });

  test('an error beside a full count is reported and costs the clean exit code', async () => {
    const { summary, events } = await importTo([ok({ errors: ['the cost is unusual'] })], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
    expect(summary).toMatchObject({ exit_code: 1, errors: { count: 1, messages: ['the cost is unusual'] } });
    expect(eventsOf(events, 'server-error').map(({ message }) => message)).toEqual(['the cost is unusual']);
  });
});

describe('2xx answers that acknowledge nothing', () => {
  test.each([
    ['an empty body', status(200, '')],
    ['an empty body without content', status(204, '')],
    ['no JSON', status(200, 'OK', { 'content-type': 'text/plain' })],
    ['JSON without a count', status(200, { status: 'queued' })],
    ['a message without a count', status(200, { message: 'Invalid API key' })],
    ['a body that breaks off', truncated()],
    ['a body beyond the cap', huge(3 * 1024 * 1024)],
  ])('%s: unconfirmed, remembered, and warned about', async (_name, answer) => {
    const { summary, server, job } = await importTo([answer], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, unconfirmed: 2 });
    expect(summary).toMatchObject({ exit_code: 0, warnings: { unconfirmed: 1 }, stopped: null });

    const again = await job.run();
    expect(fates(again.summary)).toEqual({ planned: 2, already_imported: 2 });
    expect(server.requests).toHaveLength(1);
  });

  test('a web page stops the run', async () => {
    const page = status(200, '<!doctype html><title>Sign in</title>');
    const { summary, server } = await importTo([page], rows(3), { limits: { spans: 1, bytes: 1e6 } });
    expect(fates(summary)).toEqual({ planned: 3, held_back: 3 });
    expect(summary).toMatchObject({ exit_code: 5, stopped: { code: 'not_the_api' } });
    expect(server.requests).toHaveLength(1);
  });

  test('the documented answer under the content type of a web page is still the documented answer', async () => {
    const answer = status(200, JSON.stringify({ status: 'ok', ingested_spans: 2 }));
    const { summary } = await importTo([answer], rows(2));
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
  });
});

test('nothing to send: no request, exit code 0', async () => {
  const server = await serve();
  const { summary } = await new ImportJob(server.url, []).run();
  expect(fates(summary)).toEqual({});
  expect(summary).toMatchObject({ exit_code: 0, created_traces: 0, ingested_spans: 0 });
  expect(server.requests).toEqual([]);
});

describe('strictness', () => {
  test('an answer that confirms nothing is no success', async () => {
    const lenient = await importTo([status(204, '')], rows(2));
    expect(lenient.summary).toMatchObject({ spans: { unconfirmed: 2 }, exit_code: 0 });
    const strict = await importTo([status(204, '')], rows(2), { strict: true });
    expect(strict.summary).toMatchObject({ spans: { unconfirmed: 2 }, strict: true, exit_code: 1 });
  });

  test('a clean import is one', async () => {
    const { summary } = await importTo([ok()], rows(3), { strict: true });
    expect(summary).toMatchObject({ warnings: {}, exit_code: 0 });
  });
});
