import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PlanOptions } from '../../src/options.js';
import { defaultInputOptions } from '../../src/input/input-file.js';
import type { ImportEvent } from '../../src/report/events.js';
import { file, outcomeOf, planOpen, planOptions, sentSpans, span } from '../plan/make-plan.js';

const rowByRow = { jobs: 1, smallestFile: Infinity, rangeBytes: 1 };

/** Everything that a plan tells, and what it would send. */
async function told(files: readonly string[], overrides: Partial<PlanOptions>): Promise<unknown> {
  const planned = await planOpen(files, overrides);
  try {
    const { plan, warnings, events } = planned;
    return {
      // What framing warns of is told before the rows that are taken up with it, and these are more or fewer.
      outcome: outcomeOf({ ...planned, warnings: sorted(warnings) }),
      warned: sorted(events.filter(({ kind }) => kind === 'warning').map(withoutPlace)),
      others: events
        .filter(({ kind }) => !['rows-read', 'source-detected', 'warning'].includes(kind))
        .map(withoutPlace),
      spans: sentSpans(plan),
    };
  } finally {
    planned.plan.close();
  }
}

function sorted<Item>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
}

/** Two plans of one file name it by two inputs. */
function withoutPlace(event: ImportEvent): unknown {
  if (event.kind !== 'row-rejected') return { ...event, place: undefined };
  // Of a row that is too large, those bytes are told that happen to be at hand.
  const bytes = event.problem.code === 'row_too_large' ? undefined : event.bytes?.toString();
  return { ...event, place: undefined, bytes };
}

const names = fc.constantFrom('agent.run', 'плановик', '計画 7', 'tool "x"', '\u{1f600}', 'é');
const ids = fc.constantFrom('a', 'b', 'ü', 'span-1', '1', 'None', '');
const times = fc.constantFrom(
  '2025-06-05T10:00:00Z',
  '2025-06-05T10:00:01.5Z',
  '2025-06-05T12:00:00+02:00',
  '2025-06-05 10:00:00',
  '2031-01-01T00:00:00Z',
  'yesterday',
);

const cleanRow = fc
  .record(
    {
      trace_unique_id: fc.constantFrom('t1', 't2', 'träce'),
      span_unique_id: fc.integer({ min: 0, max: 30 }).map((number) => `s${number}`),
      span_parent_id: fc.option(fc.integer({ min: 0, max: 30 }).map((number) => `s${number}`)),
      span_name: names,
      output: fc.string({ unit: 'binary', maxLength: 40 }),
      metadata: fc.constantFrom({ a: 'ß' }, {}, { deep: { er: ['x', { y: 'ø' }] } }),
      prompt_tokens: fc.nat(),
    },
    { requiredKeys: ['trace_unique_id', 'span_unique_id'] },
  )
  .map((fields) => span(fields));

const oddRow = fc
  .record({
    trace_unique_id: ids,
    span_unique_id: ids,
    span_parent_id: ids,
    start_time: times,
    timestamp: times,
    user_id: fc.constantFrom(undefined, 'u'),
    prompt_tokens: fc.constantFrom(undefined, -1, '7', Number.MAX_VALUE, 2 ** 53, null),
    log_type: fc.constantFrom(undefined, 'chat', 'CHAT', 'nonsense'),
    output: fc.constantFrom('x', '\ud800', 'a\u{1f600}b', null),
  })
  .map((fields) => span(fields));

const line = fc.oneof(
  { weight: 8, arbitrary: cleanRow.map((row) => JSON.stringify(row)) },
  { weight: 2, arbitrary: cleanRow.map((row) => escaped(JSON.stringify(row))) },
  { weight: 3, arbitrary: oddRow.map((row) => JSON.stringify(row)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '',
      '   ',
      '\ufeff',
      '{}',
      'null',
      '[1]',
      '"text"',
      '{"trace_unique_id": NaN}',
      '{"trace_unique_id":"t1","span_unique_id":"s4","prompt_tokens":9007199254740993,"cost":1e400}',
      '{"trace_unique_id":"t1"',
      '  \t{"broken": ',
      `{"trace_unique_id":"t1","span_unique_id":"s1","output":"${'x'.repeat(600)}"}`,
      `{"trace_unique_id":"t1","span_unique_id":"s2","metadata":${'['.repeat(9)}${']'.repeat(9)}}`,
      String.raw`{"trace_unique_id":"t1","span_unique_id":"s3","span_name":"\\ud83d\ude00"}`,
      `\u0001{"a":1}`,
    ),
  },
);

/** As Python's json module writes texts: nothing beyond ASCII. */
function escaped(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Rows before them fill a part of a block, behind which rows are digested as they come. */
const filler = Array.from({ length: 90 }, (_, number) =>
  JSON.stringify(span({ span_unique_id: `filler-${number}`, output: 'f'.repeat(300) })),
);

const content = fc
  .record({
    lines: fc.oneof(
      fc.array(line, { maxLength: 60 }),
      // So few rows pass as they are that whole ranges are not digested.
      fc.array(
        oddRow.map((row) => JSON.stringify(row)),
        { minLength: 80, maxLength: 120 },
      ),
    ),
    end: fc.constantFrom('\n', '\r\n'),
    isEnded: fc.boolean(),
    mark: fc.constantFrom('', '\ufeff'),
    cut: fc.nat({ max: 5 }),
    spoilt: fc.option(fc.nat(), { freq: 5 }),
  })
  .map(({ lines, end, isEnded, mark, cut, spoilt }) => {
    // A first row that tells the source.
    const text = mark + [JSON.stringify(span()), ...lines].join(end) + (isEnded ? end : '');
    const bytes = Buffer.from(isEnded ? text : text.slice(0, text.length - cut));
    // Something that is no UTF-8.
    if (spoilt !== null) bytes[spoilt % bytes.length] = 0xff;
    return bytes;
  });

const input = { ...defaultInputOptions, maxRowBytes: 500, maxDepth: 6, format: 'jsonl' as const };
const source = 'respan';

/** How rows come that cannot be read again, or not from any line on. */
const ways: Record<string, (lines: readonly string[]) => Partial<PlanOptions>> = {
  'a pipe': (lines) => {
    const bytes = Buffer.from(lines.join('\n'));
    return { files: ['-'], stdin: () => Readable.from(piecesOf(bytes, 1000)) };
  },
  'a packed file': (lines) => ({ files: [file(gzipSync(lines.join('\n')))] }),
  'a file whose first rows are passed over': (lines) => ({
    files: [file(lines.join('\n'))],
    skip: 3,
    limit: 130,
  }),
  'a list': (lines) => ({
    files: [file(`[${lines.join(',\n')}]`)],
    input: { ...input, format: 'json' },
  }),
  'values that touch': (lines) => ({
    files: [file(lines.join(''))],
    input: { ...input, format: 'json' },
  }),
  'a list in a document': (lines) => ({
    files: [file(`{"data":[${lines.join(', ')}],"next":null}`)],
    input: { ...input, format: 'json' },
  }),
};

function* piecesOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('digested rows', () => {
  it('make the plan that they make one by one, whatever the ranges', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { minLength: 1, maxLength: 3 }),
        fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.constant(50_000)),
        fc.boolean(),
        fc.constantFrom('keep', 'reject'),
        async (contents, rangeBytes, strict, orphans) => {
          const files = contents.map((bytes) => file(bytes));
          const normalise = { ...planOptions([]).normalise, strict };
          const options: Partial<PlanOptions> = { input, source, normalise, orphans };
          const expected = await told(files, { ...options, digesting: rowByRow });
          const digesting = { jobs: 1, smallestFile: 0, rangeBytes };
          expect(await told(files, { ...options, digesting })).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(Object.keys(ways))('make the same plan where they come from %s', async (way) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.boolean(),
        fc.constantFrom('keep', 'reject'),
        async (lines, strict, orphans) => {
          const normalise = { ...planOptions([]).normalise, strict };
          const { files = [], ...coming } = ways[way]!([...filler, ...lines]);
          const options: Partial<PlanOptions> = { input, source, normalise, orphans, ...coming };
          const expected = await told(files, { ...options, digesting: rowByRow });
          expect(await told(files, { ...options, digesting: { ...rowByRow, smallestFile: 0 } })).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
