import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asText } from '../../src/span/text.js';
import { parsePythonContainer } from '../../src/sources/python-repr.js';

/** As Python's `repr` writes a value of JSON. */
function repr(value: unknown): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(', ')}}`;
  }
  const text = asText(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return text.includes("'") && !text.includes('"')
    ? `"${text}"`
    : `'${text.replaceAll("'", String.raw`\'`)}'`;
}

describe('a Python literal', () => {
  it('reads as the value that it was written from', () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('tree'),
          { noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree), (value) => {
        expect(parsePythonContainer(repr(value))).toEqual(value);
      }),
    );
  });

  it.each([
    ["array([{'a': 1}], dtype=object)", [{ a: 1 }]],
    ["[{'a': 1}\n {'a': 2}]", [{ a: 1 }, { a: 2 }]],
    ["('x', nan, 1.5e3,)", ['x', null, 1500]],
    [String.raw`['\x41\u00e9\U0001F600\'']`, ["A\u00e9\u{1f600}'"]],
    ['[12345678901234567890]', ['12345678901234567890']],
  ])('%s is read', (text, value) => expect(parsePythonContainer(text)).toEqual(value));

  it('reads ids and decimals as their texts', () => {
    expect(parsePythonContainer(`[UUID('5e551017-0000-4000-8000-000000000011'), Decimal("0.10")]`)).toEqual([
      '5e551017-0000-4000-8000-000000000011',
      '0.10',
    ]);
  });

  it.each([
    'hello',
    '[1, 2',
    '{1 2}',
    '[<Foo at 0x1>]',
    'array(1)',
    '[datetime(2025)]',
    '[UUID(1)]',
    "[UUID('1'",
    '[1] and more',
  ])('%s is none', (text) => expect(parsePythonContainer(text)).toBeUndefined());

  it('that nests too deeply is none', () => {
    expect(parsePythonContainer('['.repeat(5000) + ']'.repeat(5000))).toBeUndefined();
  });
});
