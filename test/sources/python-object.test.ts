import { expect, test } from 'vitest';
import { readPythonObject } from '../../src/sources/python-object.js';

test('reads what Python prints of nested objects', () => {
  const text = `Response(id='r', n=-1.5e3, ok=True, none=None, list=[A(x=1), "it's"], pair=(1, 2), map={'k': {}}, e=B())`;
  expect(readPythonObject(text)).toEqual({
    id: 'r',
    n: -1500,
    ok: true,
    none: null,
    list: [{ x: 1 }, "it's"],
    pair: [1, 2],
    map: { k: {} },
    e: {},
  });
});

test('reads escapes as Python writes them', () => {
  expect(readPythonObject(String.raw`A(t='a\n\t\'\\\xe9\u2713\U0001f600')`)).toEqual({ t: "a\n\t'\\é✓😀" });
});

test.each([
  'plain words',
  '{"a":1}',
  "A(x='",
  'A(x=<Enum.y: 1>)',
  'A(x=1) and more',
  'A(x=1 y=2)',
  `A(x=${'['.repeat(5000)}`,
])('gives nothing for %s', (text) => {
  expect(readPythonObject(text)).toBeUndefined();
});
