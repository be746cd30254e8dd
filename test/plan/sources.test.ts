import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultInputOptions } from '../../src/input/input-file.js';
import {
  csv,
  file,
  filesIn,
  freshPath,
  jsonl,
  outcomeOf,
  planOf,
  planOpen,
  sentSpans,
  span,
} from './make-plan.js';

const log = { trace_id: 't', span_id: 'log', model: 'small', prompt: 'p' };

describe('the source of an input', () => {
  it('is detected for each input by itself', async () => {
    const inputs = [jsonl([span()]), csv(Object.keys(log), [log]), '', JSON.stringify([log])];
    const { plan, events } = await planOf(inputs.map((text) => file(text)));
    expect(plan.sourceNames).toEqual(['respan', 'generic', undefined, 'generic']);
    expect(plan.inputs.map(({ format }) => format)).toEqual(['jsonl', 'csv', 'jsonl', 'json']);
    const detected = events.filter((event) => event.kind === 'source-detected');
    expect(detected.map(({ input, sampled, agreeing }) => [input.index, sampled, agreeing])).toEqual([
      [0, 1, 1],
      [1, 1, 1],
      [3, 1, 1],
    ]);
    expect(plan.counts.duplicate).toBe(1);
  });

  it('is not guessed where no source fits', async () => {
    await expect(planOpen([file('[1, 2, "three"]')])).rejects.toMatchObject({
      code: 'unknown_source',
      exitCode: 2,
    });
  });

  it('is judged by rows that can be read', async () => {
    const { plan } = await planOf([file(`{"a":\n{"b":\n${jsonl([span()])}`)], {
      input: { ...defaultInputOptions, format: 'jsonl' },
    });
    expect(plan.sourceNames).toEqual(['respan']);
    expect(plan.counts).toMatchObject({ used: 1, rejected: 2 });
  });

  it('stays unknown for an input of nothing but bad rows, which are all rejected', async () => {
    const { plan, rejects, events } = await planOf([file('{"a":\n{"b":\n{"c":\n')], {
      input: { ...defaultInputOptions, format: 'jsonl' },
    });
    expect(plan.counts).toMatchObject({ read: 3, used: 0, rejected: 3 });
    expect(rejects.map(([code]) => code)).toHaveLength(3);
    expect(plan.sourceNames).toEqual([]);
    expect(events.some(({ kind }) => kind === 'source-detected')).toBe(false);
    expect(plan.index.defined).toBe(0);
  });

  it('is what the user says, without a look at the rows', async () => {
    const { plan, events } = await planOf([file(jsonl([span()]))], { source: 'generic' });
    expect(plan.sourceNames).toEqual(['generic']);
    expect(events.some(({ kind }) => kind === 'source-detected')).toBe(false);
  });

  it('is refused by an unknown name before an input is opened', async () => {
    await expect(planOpen([freshPath('missing')], { source: 'nope' })).rejects.toMatchObject({
      code: 'unknown_source',
      exitCode: 2,
    });
  });

  it('takes a CSV row for one, whose first cell looks like the beginning of JSON', async () => {
    const text = 'output,trace_unique_id,span_unique_id\n{hello},t,s\n';
    const { plan } = await planOf([file(text)]);
    expect(sentSpans(plan)).toEqual([{ trace_unique_id: 't', span_unique_id: 's', output: '{hello}' }]);
  });

  it('joins halves of a span from inputs of two formats', async () => {
    const half = { trace_unique_id: 'trace-1', span_unique_id: 'span-1', model: 'm', prompt_tokens: '7' };
    const { plan } = await planOf([file(jsonl([span()])), file(csv(Object.keys(half), [half]))]);
    expect(plan.counts).toMatchObject({ used: 2, merged: 1 });
    expect(sentSpans(plan)).toEqual([{ ...span(), model: 'm', prompt_tokens: 7 }]);
  });
});

describe('an input that cannot be read again', () => {
  const rows = [
    span(),
    span({ span_unique_id: 'b', span_parent_id: 'span-1', output: 'x' }),
    span({ span_unique_id: 'b', model: 'm' }),
    { ...span({ span_unique_id: 'c', span_parent_id: 'c' }), surplus: 1 },
    { trace_unique_id: 't', span_unique_id: 's', start_time: 'no' },
    {},
  ];
  const text = jsonl(rows);

  it.each([
    ['stdin', '-'],
    ['gzip', file(gzipSync(text), 'input.gz')],
  ])('(%s) gives the plan of the same plain file from the spool', async (_, name) => {
    const spoolFolder = freshPath('spool');
    const stdin = (): NodeJS.ReadableStream => Readable.from([Buffer.from(text)], { objectMode: true });
    const spooled = await planOf([name], { stdin, spoolFolder });
    const plain = await planOf([file(text)]);
    expect(outcomeOf(spooled)).toEqual(outcomeOf(plain));
    expect(sentSpans(spooled.plan)).toEqual(sentSpans(plain.plan));
    expect(spooled.plan.index.location(0).kind).toBe('spool');
    expect(plain.plan.index.location(0).kind).toBe('input');
    expect(filesIn(spoolFolder)).toEqual([]);
  });

  it('gives the same plan in a dry run', async () => {
    const stdin = (): NodeJS.ReadableStream => Readable.from([Buffer.from(text)], { objectMode: true });
    const dry = await planOf(['-'], { stdin, dryRun: true });
    expect(outcomeOf(dry)).toEqual(outcomeOf(await planOf([file(text)])));
  });
});

it('--trace-by groups spans in the target shape that name no trace, JSONL and CSV', async () => {
  const rows = [
    {
      span_unique_id: 'a',
      session_identifier: 's1',
      start_time: '2025-06-05T10:00:00Z',
      timestamp: '2025-06-05T10:00:01Z',
    },
    {
      span_unique_id: 'b',
      span_parent_id: 'a',
      session_identifier: 's1',
      start_time: '2025-06-05T10:00:00Z',
      timestamp: '2025-06-05T10:00:01Z',
    },
  ];
  const columns = ['span_unique_id', 'span_parent_id', 'session_identifier', 'start_time', 'timestamp'];
  for (const text of [jsonl(rows), csv(columns, rows)]) {
    const { plan } = await planOf([file(text)], { traceBy: 'session_identifier' });
    expect(plan.sourceNames).toEqual(['respan']);
    expect(plan.parents).toEqual({ explicit: 1, by_path: 0, by_time: 0, ambiguous: 0, roots: 1, orphans: 0 });
    plan.close();
  }
});
