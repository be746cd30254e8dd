import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowFormat } from '../../src/input/row.js';
import { comparable, cut, file, openOne, openStdin, readRows } from './read-rows.js';

const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const blockBytes = fc.integer({ min: 4, max: 64 });

const word = fc.constantFrom(
  'é',
  '😀',
  'plain',
  '\\',
  '"',
  '\\"',
  '\n',
  '\r\n',
  '{',
  '}',
  '[',
  ']',
  ',',
  'x'.repeat(70),
  '',
);
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(''));
const value = fc.oneof(
  fc.record({ a: text, b: fc.array(fc.record({ c: text }), { maxLength: 2 }) }),
  fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null)), { maxKeys: 3 }),
);
const broken = fc.constantFrom(
  '{"a":1,}',
  '{"a":"x',
  '{]',
  'garbage',
  '{"a":[1,{"b":2}',
  '}',
  '{"a":\n',
  '[[[[[[1]]]]]]',
);
const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\n \n');

const jsonl = fc
  .array(fc.tuple(fc.oneof({ weight: 4, arbitrary: value.map((v) => JSON.stringify(v)) }, broken), lineEnd), {
    maxLength: 12,
  })
  .map((lines) => lines.flat().join(''));
const json = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: value.map((v) => JSON.stringify(v)) },
        { weight: 2, arbitrary: value.map((v) => JSON.stringify(v, null, 2)) },
        { weight: 1, arbitrary: broken },
      ),
      fc.constantFrom(',', '\n', ',\n', '\n,', ' '),
    ),
    { maxLength: 10 },
  )
  .chain((parts) =>
    fc.constantFrom(`[${parts.flat().join('')}]`, parts.flat().join(''), `[\n${parts.flat().join('')}`),
  );
const member = fc.constantFrom(
  '"total":3',
  '"next":null',
  '"text":"]}[{,\\""',
  '"meta":{"list":[{"a":1}]}',
  '"other":[{"a":1}]',
  '"empty":[ ]',
  '\n"lines":"x\ny"',
);
const wrapper = fc
  .tuple(
    fc.array(member, { maxLength: 3 }),
    json.map((text) => (text.startsWith('[') ? text : `[${text}]`)),
    fc.array(member, { maxLength: 3 }),
    fc.constantFrom(',', '\n,\n  '),
    fc.constantFrom('}', '}\n', '\n}\n}', '', '}{"b":1}', '} garbage'),
  )
  .map(
    ([before, list, after, comma, end]) => `{${[...before, `"data":${list}`, ...after].join(comma)}${end}`,
  );
const cell = fc.oneof(
  text.map((t) => `"${t.replaceAll('"', '""')}"`),
  fc.constantFrom('', 'plain', '"', '"stray', 'a "quote" within', '"closed" late', 'é', '\r'),
);
const csv = fc
  .array(
    fc.tuple(
      fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => cells.join(',')),
      lineEnd,
    ),
    { maxLength: 12 },
  )
  .map((records) => `a,b,c\n${records.flat().join('')}`);

const formats: [string, RowFormat, fc.Arbitrary<string>][] = [
  ['jsonl', 'jsonl', jsonl],
  ['json', 'json', json],
  ['json in a wrapper', 'json', wrapper],
  ['csv', 'csv', csv],
];

describe('any split of the bytes gives the same rows, lines and offsets', () => {
  it.each(formats)('for %s', async (_title, format, contents) => {
    await fc.assert(
      fc.asyncProperty(contents, chunkSizes, blockBytes, async (content, sizes, block) => {
        const bytes = Buffer.from(content);
        const limits = { format, maxRowBytes: 100, maxDepth: 5 };
        const whole = await readRows(await openOne(file(content), limits));
        const pieces = await readRows(await openStdin(cut(bytes, sizes), limits, block));
        expect(pieces.rows.map(comparable)).toEqual(whole.rows.map(comparable));
        expect(pieces.warnings).toEqual(whole.warnings);
        for (const row of whole.rows) {
          const before = bytes.subarray(0, row.offset).toString();
          expect(bytes.toString('utf8', row.offset, row.offset + Buffer.byteLength(row.bytes))).toBe(
            row.bytes,
          );
          expect(row.line).toBe(before.split('\n').length);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('valid rows come back as they were written', () => {
  it('from JSONL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 20 }), async (values) => {
        const content = values.map((v) => JSON.stringify(v)).join('\n');
        const { rows } = await readRows(await openOne(file(content), { format: 'jsonl' }, 64));
        expect(rows.map((row) => row.value)).toEqual(values);
      }),
      { numRuns: 100 },
    );
  });

  it('from a JSON array in any layout', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 20 }),
        fc.integer({ min: 0, max: 4 }),
        async (values, indent) => {
          const { rows } = await readRows(
            await openOne(file(JSON.stringify(values, null, indent)), { format: 'json' }, 64),
          );
          expect(rows.map((row) => row.value)).toEqual(values);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('from CSV', async () => {
    const record = fc.record({ a: text, b: text, c: text });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 20 }), async (records) => {
        const lines = records.map((r) =>
          [r.a, r.b, r.c].map((t) => `"${t.replaceAll('"', '""')}"`).join(','),
        );
        const { rows } = await readRows(
          await openOne(file(['a,b,c', ...lines].join('\n')), { format: 'csv' }, 64),
        );
        expect(rows.map((row) => row.value)).toEqual(records);
      }),
      { numRuns: 100 },
    );
  });
});
