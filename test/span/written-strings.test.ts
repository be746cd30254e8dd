import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeSpan, spanText } from '../../src/span/encode.js';
import { parseJsonContainer } from '../../src/span/text.js';
import { WrittenStrings } from '../../src/span/written-strings.js';

const ids = { traceId: 't', spanId: 's', parentId: undefined };
const filler = ' to be long enough'.repeat(12);
/** Long and short, of all that JSON escapes and of all that the encoders of other languages escape besides. */
const text = fc
  .array(
    fc.constantFrom(
      '\\',
      '"',
      '/',
      '\n',
      '\r',
      '\b',
      '\u0001',
      '\u007f',
      '\u2028',
      'é',
      '🙂',
      '\\u0041',
      'x',
    ),
  )
  .chain((parts) => fc.constantFrom(parts.join(''), parts.join('') + filler, filler + parts.join('')));
const key = fc.constantFrom('input', 'output', 'metadata', 'a"b', 'ключ', '__proto__', '0', '');
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, text, fc.integer(), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc.dictionary(key, tie('any'), { maxKeys: 4 }),
}));

/** How different writers of JSON would write a value. */
const styles: Record<string, (value: unknown) => string> = {
  plain: (each) => JSON.stringify(each),
  indented: (each) => JSON.stringify(each, undefined, 2),
  'in ASCII': (each) =>
    JSON.stringify(each).replaceAll(
      /[^\0-~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  'with escaped slashes': (each) => JSON.stringify(each).replaceAll('/', '\\/'),
};

function encode(row: string, fields: Record<string, unknown>): string {
  const written = new WrittenStrings();
  // Short rows are not searched.
  const padded = row.replace('{', `{"padding": "${'p'.repeat(400)}",`).replace(',}', '}');
  written.begin(Buffer.from(padded), JSON.parse(padded));
  return encodeSpan(fields, ids, written).toString();
}

/** Every text in a value, keys and the texts in JSON texts included. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const inner = parseJsonContainer(value);
    return [value, ...(inner === undefined ? [] : textsIn(inner))];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [name, ...textsIn(item)]);
}

describe('halves of characters', () => {
  it.each(Object.entries(styles))('are nowhere in a row without their escapes, written %s', (_, write) => {
    const half = fc.constantFrom('\ud83d', '\ude42', '🙂', '\\', 'u', '"', 'é', filler);
    const halves = fc.array(half, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(key, halves), halves), fc.nat(3), (fields, levels) => {
        let row: unknown = fields;
        for (let level = 0; level < levels; level++) row = { text: JSON.stringify(row) };
        const text = Buffer.from(write(row));
        const parsed: unknown = JSON.parse(text.toString());
        const written = new WrittenStrings();
        written.begin(text, parsed);
        const isSound = textsIn(parsed).every((each) => each.isWellFormed());
        expect(written.mayHoldHalves() || isSound).toBe(true);
      }),
    );
  });
});

describe('strings that are copied from the row', () => {
  it.each(Object.entries(styles))('are what would be written anew, from rows written %s', (_, write) => {
    fc.assert(
      fc.property(value.object, text, (row, other) => {
        const parsed: Record<string, unknown> = JSON.parse(JSON.stringify(row));
        const fields = { input: parsed, output: other, metadata: parsed };
        expect(encode(write(row), fields)).toBe(spanText(fields, ids));
      }),
      { numRuns: 300 },
    );
  });

  const one = `one${filler}`;
  const two = `two${filler}`;
  it.each([
    ['a key that comes twice', `{"a":"${one}","a":"${two}"}`],
    ['a key that comes twice, once with escapes', String.raw`{"a":"${one}","\u0061":"${two}"}`],
    ['a string that comes last with other escapes', String.raw`{"a":"${one}","a":"\u0074wo${filler}"}`],
    ['an object that comes twice', `{"a":{"b":"${one}","c":"${one}"},"a":{"b":"${two}"}}`],
    ['a list in place of an object', `{"a":{"0":"${one}"},"a":["${two}"]}`],
    ['a short string in place of a long one', `{"a":"${one}","a":"x"}`],
  ])('are those that the parser keeps: %s', (_, row) => {
    const fields = JSON.parse(row);
    expect(encode(row, { ...fields, input: two, output: one })).toBe(
      spanText({ ...fields, input: two, output: one }, ids),
    );
  });

  it('are found wherever they stand, with escapes or without', () => {
    const row = Buffer.from(
      JSON.stringify({ n: [1, [{ 'a"b': `"${one}"\n` }], two], [`key ${one}`]: 'x', last: '"' }),
    );
    const written = new WrittenStrings();
    written.begin(row, JSON.parse(row.toString()));
    const found = [two, `"${one}"\n`, `key ${one}`].map((wanted) =>
      written.find(wanted) ? row.toString('utf8', written.start, written.end) : undefined,
    );
    expect(found).toEqual([JSON.stringify(two), JSON.stringify(`"${one}"\n`), undefined]);
  });

  it('are found in a row of more strings than are looked at', () => {
    const texts = Array.from({ length: 3000 }, (_, number) => `${number} ${filler}`);
    const fields = { input: texts, output: texts.toReversed() };
    expect(encode(JSON.stringify({ texts }), fields)).toBe(spanText(fields, ids));
  });

  it('stand in memory of their own', () => {
    const rows = Array.from({ length: 300 }, (_, size) => ({ input: `${size} é🙂${filler.repeat(size)}` }));
    const written = new WrittenStrings();
    const block = Buffer.alloc(64 * 1024);
    const encoded = rows.map((row) => {
      const length = block.write(JSON.stringify(row));
      written.begin(block.subarray(0, length), row);
      const bytes = encodeSpan(row, ids, written);
      block.fill(0);
      return bytes;
    });
    expect(encoded.map(String)).toEqual(rows.map((row) => spanText(row, ids)));
  });
});
