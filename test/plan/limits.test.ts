import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultInputOptions } from '../../src/input/input-file.js';
import { csv, file, jsonl, planOf, planOpen, sentSpans, span } from './make-plan.js';

const idsFrom = (ids: readonly string[]): string => jsonl(ids.map((id) => span({ span_unique_id: id })));

describe('--skip and --limit', () => {
  it('count rows across all inputs, empty ones between them', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 });
    const rows = fc.integer({ min: 0, max: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, rows, fc.option(rows), async (inputs, skip, limit) => {
        let next = 0;
        const ids = inputs.map((size) => Array.from({ length: size }, () => `s${next++}`));
        const { plan } = await planOpen(
          ids.map((each) => file(idsFrom(each))),
          { skip, limit: limit ?? Number.POSITIVE_INFINITY },
        );
        try {
          const wanted = ids
            .flat()
            .slice(skip)
            .slice(0, limit ?? undefined);
          expect(sentSpans(plan).map((body) => body['span_unique_id'])).toEqual(wanted);
          expect(plan.counts.read).toBe(wanted.length);
        } finally {
          plan.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tell how many rows were passed over', async () => {
    const inputs = [file(idsFrom(['a', 'b'])), file(idsFrom(['c', 'd']))];
    expect((await planOf(inputs, { skip: 3 })).plan.counts).toMatchObject({ read: 1, passedOver: 3 });
    expect((await planOf(inputs, { skip: 9 })).plan.counts).toMatchObject({ read: 0, passedOver: 4 });
  });

  it('pass over bad rows like others', async () => {
    const { plan, rejects } = await planOf([file(`{"broken":\n${idsFrom(['a', 'b'])}`)], {
      skip: 2,
      source: 'respan',
      input: { ...defaultInputOptions, format: 'jsonl' },
    });
    expect(rejects).toEqual([]);
    expect(plan.counts).toMatchObject({ read: 1, used: 1, rejected: 0, passedOver: 2 });
  });

  it('say nothing of rows that they leave out', async () => {
    const header = 'trace_id,span_id,model,output\n';
    const input = file(`${header}t,a\nt,b,m,o\nt,c\nt,d,m,o\n`);
    const codes = async (skip: number, limit: number) =>
      (await planOf([input], { skip, limit })).plan.counts.warnings;
    expect(await codes(0, 9)).toMatchObject({ csv_short_row: 2 });
    expect(await codes(1, 1)).not.toHaveProperty('csv_short_row');
    expect(await codes(1, 2)).toMatchObject({ csv_short_row: 1 });
  });

  it('tell rows of one line apart', async () => {
    const rows = ['a', 'b', 'c'].map((id) =>
      JSON.stringify(span({ span_unique_id: id, cost: 0 })).replace('"cost":0', '"cost":NaN'),
    );
    const { plan, warnings } = await planOf([file(`[${rows.join(',')}]`)], { skip: 1, limit: 1 });
    expect(plan.counts.warnings).toMatchObject({ non_finite_number: 1 });
    expect(warnings).toContainEqual(['non_finite_number', `0:1:${rows[0]!.length + 2}`]);
  });

  it('keep a warning about the header', async () => {
    const input = file(
      csv(['trace_id', 'span_id', 'model', 'model'], [{ trace_id: 't', span_id: 's', model: 'm' }]),
    );
    const { plan } = await planOf([input], { limit: 0 });
    expect(plan.counts.warnings).toMatchObject({ csv_duplicate_column: 1 });
  });
});

/** A file of good rows, and after them bad ones. */
function mixed(good: number, bad: number): string {
  const ids = Array.from({ length: good }, (_, place) => `s${place}`);
  const badRows = Array.from({ length: bad }, () => span({ start_time: 'yesterday' }));
  return file(idsFrom(ids) + jsonl(badRows));
}

describe('--max-errors', () => {
  it.each([
    { good: 3, bad: 2, count: 2, stops: false },
    { good: 3, bad: 3, count: 2, stops: true },
    { good: 3, bad: 0, count: 0, stops: false },
    { good: 3, bad: 1, count: 0, stops: true },
  ])('$count permits $bad of $good rows and more: stops $stops', async ({ good, bad, count, stops }) => {
    const { plan } = await planOf([mixed(good, bad)], { maxErrors: { kind: 'count', count } });
    expect(plan.stopped?.code).toBe(stops ? 'too_many_errors' : undefined);
    expect(plan.stopped?.exitCode).toBe(stops ? 3 : undefined);
    expect(plan.counts).toMatchObject({ read: good + bad, rejected: bad });
  });

  it.each([
    { good: 190, bad: 10, stops: false },
    { good: 189, bad: 11, stops: true },
  ])('5 % permits 10 of 200 rows, not $bad', async ({ good, bad, stops }) => {
    const { plan } = await planOf([mixed(good, bad)], { maxErrors: { kind: 'share', share: 0.05 } });
    expect(plan.stopped !== undefined).toBe(stops);
  });

  it('does not count skipped rows as errors', async () => {
    const { plan } = await planOf([file(`${idsFrom(['a', 'b', 'c', 'd', 'e'])}{}\n`)], {
      maxErrors: { kind: 'count', count: 0 },
    });
    expect(plan.counts.skippedByReason).toEqual({ empty_object: 1 });
    expect(plan.stopped).toBeUndefined();
  });
});

describe('an interrupt', () => {
  it('ends the plan before anything is sent', async () => {
    const interrupt = AbortSignal.abort();
    await expect(planOpen([file(idsFrom(['a']))], { interrupt })).rejects.toMatchObject({
      code: 'interrupted',
      exitCode: 130,
    });
  });
});
