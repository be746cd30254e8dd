import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, openStdin, outcomes, readRows, readText } from './read-rows.js';

const values = [
  { a: 1, text: 'é 😀 日本' },
  { a: 2, text: '' },
];
const lines = values.map((value) => `${JSON.stringify(value)}\r\n`).join('');

const littleEndian = (text: string) => Buffer.from(text, 'utf16le');
const bigEndian = (text: string) => littleEndian(text).swap16();
const encodings: [string, (text: string) => Buffer, string][] = [
  ['little-endian, with a mark', littleEndian, '\ufeff'],
  ['little-endian, without a mark', littleEndian, ''],
  ['big-endian, with a mark', bigEndian, '\ufeff'],
  ['big-endian, without a mark', bigEndian, ''],
];

describe('UTF-16', () => {
  it.each(encodings)('%s, is read, with offsets of the same text in UTF-8', async (_title, encode, mark) => {
    const { input, rows, warnings } = await readText(encode(mark + lines));
    expect(input).toMatchObject({ format: 'jsonl', rereadable: false, compression: 'none' });
    expect(outcomes(rows)).toEqual(values);
    expect(warnings).toEqual([]);
    const decoded = Buffer.from(mark + lines);
    for (const row of rows) {
      const end = row.offset + Buffer.byteLength(row.bytes);
      expect(decoded.toString('utf8', row.offset, end)).toBe(row.bytes);
    }
  });

  it('may hold a JSON array, a wrapper or a table, and may be packed', async () => {
    const contents = [
      `[${values.map((value) => JSON.stringify(value)).join()}]`,
      JSON.stringify({ data: values }),
    ];
    for (const content of contents) {
      expect(outcomes((await readText(littleEndian(`\ufeff${content}`))).rows)).toEqual(values);
    }
    const table = gzipSync(bigEndian('\ufeffname;text\r\nä;"b;\r\nc"\r\n'));
    expect(outcomes((await readText(table)).rows)).toEqual([{ name: 'ä', text: 'b;\r\nc' }]);
  });

  it('is decoded alike in pieces of any size', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\ud83d', '\ude00', '日', '\n', '"') });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (content, sizes, big) => {
          const whole = `\ufeff${content}`;
          const chunks = cut((big ? bigEndian : littleEndian)(whole), sizes);
          const { rows, warnings } = await readRows(await openStdin(chunks, { format: 'jsonl' }, 16));
          // Buffer makes U+FFFD of lone surrogates itself.
          const expected = Buffer.from(content).toString().split('\n');
          expect(rows.map(({ bytes }) => bytes)).toEqual(expected.filter((line) => line !== ''));
          const lone = content.match(/\p{Surrogate}/gu)?.length ?? 0;
          expect(warnings).toEqual(Array.from({ length: lone }, () => 'utf16_lone_surrogate'));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps the rows around half a pair, and counts it', async () => {
    const { rows, warnings } = await readText(
      littleEndian('\ufeff{"a":"x\ud83d"}\n{"a":"\ude00"}\n{"a":"ok"}\n'),
    );
    expect(outcomes(rows)).toEqual([{ a: 'x\ufffd' }, { a: '\ufffd' }, { a: 'ok' }]);
    expect(warnings).toEqual(['utf16_lone_surrogate', 'utf16_lone_surrogate']);
  });

  it('with half a character at its end gives the rows before it', async () => {
    const bytes = littleEndian(`\ufeff${lines}{"a"`);
    const { rows, warnings } = await readText(bytes.subarray(0, -1));
    expect(outcomes(rows.slice(0, 2))).toEqual(values);
    expect(rows).toHaveLength(3);
    expect(rows[2]?.code).toBeDefined();
    expect(warnings).toEqual(['utf16_lone_surrogate']);
  });
});
