import { describe, expect, test } from 'vitest';

import { ExitCode, ImportError } from '../../src/errors.js';
import { early, ok, status, type Script } from '../support/scripted-server.js';
import { eventsOf, fates, importTo, row, rows, sentIds } from './import-job.js';

/** Refuses, as a whole, every batch that holds one of the spans. */
function refusing(bad: readonly string[], code = 422): Script {
  return ({ spans }) =>
    spans.some((span) => bad.includes(String(span['span_unique_id'])))
      ? status(code, { detail: 'Validation error', errors: { cost: ['must be a number'] } })
      : ok();
}

/** Answers 200, takes nothing and names every span. */
const namingAll: Script = ({ spans }) =>
  ok({ ingested_spans: 0, errors: spans.map((span) => `bad span ${String(span['span_unique_id'])}`) });

/** Takes bodies up to this many bytes. */
const capped =
  (bytes: number): Script =>
  ({ body }) =>
    body.length > bytes ? status(413) : ok();

const large = (count: number) => rows(count, { input: 'x'.repeat(30_000) });

const ids = (count: number): string[] => rows(count).map((one) => String(one['span_unique_id']));

describe('a batch that is refused as a whole', () => {
  test.each([
    [400, ['span-003']],
    [422, ['span-001', 'span-008']],
    [422, ['span-004', 'span-005', 'span-006']],
    [400, ids(8)],
  ])('%i: the bad spans %j are found one by one, the others arrive', async (code, bad) => {
    const { summary, events, server } = await importTo(refusing(bad, code), rows(8));
    const refused = { refused: bad.length };
    const ingested = bad.length === 8 ? {} : { ingested: 8 - bad.length };
    expect(fates(summary)).toEqual({ planned: 8, ...ingested, ...refused });
    expect(summary).toMatchObject({ exit_code: 1, stopped: null, errors: { count: bad.length } });

    const refusals = eventsOf(events, 'span-refused');
    expect(refusals.map(({ body }) => JSON.parse(body.toString()))).toEqual(bad.map((id) => row(id)));
    expect(refusals.map(({ place }) => place.line)).toEqual(bad.map((id) => Number(id.slice(-3))));
    const [first] = refusals;
    expect(first?.problem).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('must be a number'),
    });
    // No span is in an accepted batch twice.
    const accepted = server.requests.filter(
      ({ spans }) => !spans.some((span) => bad.includes(String(span['span_unique_id']))),
    );
    expect(accepted.flatMap(({ spans }) => spans)).toHaveLength(8 - bad.length);
  });

  test('finding one bad span of n takes about 2 log n requests', async () => {
    const { server } = await importTo(refusing(['span-037']), rows(64));
    expect(server.requests).toHaveLength(13);
  });

  test('no attempt is made to send the same batch again', async () => {
    const { summary, job } = await importTo(refusing(['span-001']), rows(2));
    expect(summary.upload.retries).toBe(0);
    expect(job.clock.slept).toEqual([]);
  });

  test('refused spans are offered again by a re-run, the others are not', async () => {
    const { server, job } = await importTo(refusing(['span-002']), rows(4));
    const before = server.requests.length;
    const again = await job.run();
    expect(fates(again.summary)).toEqual({ planned: 4, already_imported: 3, refused: 1 });
    expect(sentIds(server).slice(before)).toEqual([['span-002']]);
  });
});

describe('too many refusals', () => {
  const oneByOne = { limits: { spans: 1, bytes: 1_000_000 }, concurrency: 1 };

  test('twenty lone refusals without one acceptance stop the run: the mapping is wrong', async () => {
    const { summary } = await importTo(() => status(422), rows(64));
    expect(fates(summary)).toEqual({ planned: 64, refused: 20, held_back: 44 });
    expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'all_refused' } });
  });

  test('the same where the server names the spans in a 200', async () => {
    const { summary } = await importTo(namingAll, rows(40), {
      limits: { spans: 10, bytes: 1e6 },
      concurrency: 1,
    });
    expect(fates(summary)).toEqual({ planned: 40, refused: 20, held_back: 20 });
    expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'all_refused' } });
  });

  test('one acceptance shows that the mapping is right: every span is judged', async () => {
    const { summary } = await importTo(refusing(ids(30).slice(1)), rows(30), oneByOne);
    expect(fates(summary)).toEqual({ planned: 30, ingested: 1, refused: 29 });
    expect(summary).toMatchObject({ exit_code: 1, stopped: null });
  });

  test('so does an acceptance that the ledger remembers', async () => {
    const { job } = await importTo(refusing(ids(30).slice(1)), rows(30), oneByOne);
    const { summary } = await job.run(oneByOne);
    expect(fates(summary)).toEqual({ planned: 30, already_imported: 1, refused: 29 });
    expect(summary.stopped).toBeNull();
  });

  test('--max-errors: the refusal beyond the limit stops the run', async () => {
    const bad = ['span-002', 'span-003', 'span-004', 'span-006'];
    const limit = { maxErrors: { kind: 'count', count: 2 } as const };
    const { summary } = await importTo(refusing(bad), rows(8), { ...oneByOne, ...limit });
    expect(fates(summary)).toEqual({ planned: 8, ingested: 1, refused: 3, held_back: 4 });
    expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'too_many_errors' } });
  });

  test('--max-errors as a share is judged from a hundred spans on', async () => {
    const bad = ids(150).filter((_, position) => position % 10 === 5);
    const limit = { maxErrors: { kind: 'share', share: 0.05 } as const };
    const { summary } = await importTo(refusing(bad), rows(150), { ...oneByOne, ...limit });
    expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'too_many_errors' } });
    expect(fates(summary)).toEqual({ planned: 150, ingested: 95, refused: 11, held_back: 44 });
  });

  test('too many rejected rows: nothing is sent at all', async () => {
    const content = [row('span-001'), { ...row('span-002'), start_time: 'soon' }];
    const { summary, server } = await importTo([], content, { planMaxErrors: { kind: 'count', count: 0 } });
    expect(fates(summary)).toEqual({ planned: 1, held_back: 1 });
    expect(summary).toMatchObject({
      exit_code: 3,
      stopped: { code: 'too_many_errors' },
      rows: { rejected: 1 },
    });
    expect(server.requests).toEqual([]);
  });
});

describe('a batch that is too large', () => {
  test('is halved until it passes, and later batches keep to the size that was learnt', async () => {
    const limits = { spans: 8, bytes: 1_000_000 };
    const { summary, server } = await importTo(capped(130_000), large(24), { limits });
    expect(fates(summary)).toEqual({ planned: 24, ingested: 24 });
    expect(summary.exit_code).toBe(0);
    const sizes = server.requests.map(({ spans }) => spans.length);
    expect(sizes.slice(0, 3)).toEqual([8, 4, 4]);
    // Eight more were packed before the first answer taught anything; everything behind them is small.
    expect(sizes.filter((size) => size === 8).length).toBeLessThanOrEqual(2);
    expect(sizes.slice(-3).every((size) => size <= 4)).toBe(true);
  });

  test('a single span that is too large is refused, the others arrive', async () => {
    const content = [row('small-1'), row('giant', { input: 'x'.repeat(200_000) }), row('small-2')];
    const { summary, events } = await importTo(capped(100_000), content);
    expect(fates(summary)).toEqual({ planned: 3, ingested: 2, refused: 1 });
    expect(eventsOf(events, 'span-refused').map(({ place }) => place.line)).toEqual([2]);
    expect(summary).toMatchObject({ exit_code: 1, stopped: null });
  });

  test('the answer counts also where it comes before the body was read', async () => {
    const { summary } = await importTo([early(status(413))], large(2));
    expect(fates(summary)).toMatchObject({ planned: 2, ingested: 2 });
    expect(summary.exit_code).toBe(0);
  });
});

test.each([
  ['a batch that was bisected', refusing(['span-002'])],
  ['a batch whose answer names the span', [ok({ ingested_spans: 3, errors: ['span-002 is bad'] })]],
])(
  'a report of refusals that cannot be written stops the run without losing a count: %s',
  async (_name, script) => {
    const { summary } = await importTo(script, rows(4), {
      onEvent(event) {
        if (event.kind !== 'span-refused') return;
        throw new ImportError('disk full', { code: 'rejects_unwritable', exitCode: ExitCode.stopped });
      },
    });
    expect(summary).toMatchObject({
      exit_code: 3,
      stopped: { code: 'rejects_unwritable' },
      spans: { refused: 1 },
    });
  },
);
