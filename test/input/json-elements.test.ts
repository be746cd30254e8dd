import { describe, expect, it } from 'vitest';
import { outcomes, readText } from './read-rows.js';

const tower = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('JSON elements', () => {
  it('come from an array in any layout', async () => {
    for (const content of [
      '[{"a":1},{"a":2}]',
      '[\n{"a":1}\n,{"a":2}\n]',
      '[\n{"a":1},\n{"a":2},\n]\n',
      JSON.stringify([{ a: 1 }, { a: 2 }], null, 2),
      '[{"a":1}]\n[\n{"a":2}]',
      '{"a":1}{"a":2}',
      '{\n  "a": 1\n}\n{\n  "a": 2\n}\n',
      '{\n"a":1\n},\n{"a":2}',
    ]) {
      const { input, rows } = await readText(content);
      expect({ content, format: input.format, rows: outcomes(rows) }).toEqual({
        content,
        format: 'json',
        rows: [{ a: 1 }, { a: 2 }],
      });
    }
  });

  it('are rows when they are scalars or arrays', async () => {
    const { rows } = await readText('[1, "two", null, [3], -4.5e1]');
    expect(outcomes(rows)).toEqual([1, 'two', null, [3], -45]);
  });

  it('know their line and offset', async () => {
    const content = '[\n  {\n    "a": "é"\n  },\n  {\n    "a": 2\n  }\n]\n';
    const { rows } = await readText(content);
    expect(rows.map(({ line }) => line)).toEqual([2, 5]);
    for (const row of rows) {
      expect(Buffer.from(content).subarray(row.offset).toString().startsWith(row.bytes)).toBe(true);
    }
  });

  it('survive a neighbour that does not parse', async () => {
    for (const bad of ["{'a':1}", '{"a":1,}', '{"a":[1,2}', '{"a":}', '{"a":01}', 'oops', '{"a":{"b":1]}']) {
      const { rows } = await readText(`[{"a":1}\n,${bad}\n,{"a":3}]`, { format: 'json' });
      expect({ bad, rows: outcomes(rows) }).toEqual({ bad, rows: [{ a: 1 }, 'bad_json', { a: 3 }] });
    }
  });

  it('survive a neighbour without its last bracket or quote, where each begins a line', async () => {
    for (const bad of ['{"a":{"b":1}', '{"a":"x}', '{"a":"x,"b":"y"}', '{"a":1']) {
      const { rows } = await readText(`[\n{"a":1},\n${bad},\n{"a":3},\n{"a":4}\n]`);
      expect({ bad, rows: outcomes(rows) }).toEqual({
        bad,
        rows: [{ a: 1 }, 'bad_json', { a: 3 }, { a: 4 }],
      });
    }
  });

  it('survive an unclosed quote in a pretty-printed neighbour', async () => {
    const content = JSON.stringify([{ a: 1, b: { c: 2 } }, { a: 'oops', b: { c: 2 } }, { a: 3 }], null, 2);
    const { rows } = await readText(content.replace('"oops"', '"oops'));
    expect(outcomes(rows)).toEqual([{ a: 1, b: { c: 2 } }, 'bad_json', { a: 3 }]);
  });

  it('give the good prefix and one problem where the input is cut short', async () => {
    const content = '[{"a":1},{"a":2},{"a":3}]';
    expect(outcomes((await readText(content.slice(0, -4))).rows)).toEqual([
      { a: 1 },
      { a: 2 },
      'truncated_row',
    ]);
    expect(outcomes((await readText(content.slice(0, -1))).rows)).toEqual([
      { a: 1 },
      { a: 2 },
      { a: 3 },
      'truncated_row',
    ]);
    expect(outcomes((await readText('{"a":1}{"a":"x')).rows)).toEqual([{ a: 1 }, 'truncated_row']);
  });

  it('tell of a closing bracket too many once', async () => {
    const { rows } = await readText('{"a":1}}}\n{"a":2}', { format: 'json' });
    expect(outcomes(rows)).toEqual([{ a: 1 }, 'bad_json', { a: 2 }]);
  });

  it('are rejected when nested too deep, however deep', async () => {
    const { rows } = await readText(`[${tower(1000)},${tower(1001)},${tower(200_000)},{"a":1}]`);
    expect(rows.map(({ code }) => code)).toEqual([
      undefined,
      'nested_too_deep',
      'nested_too_deep',
      undefined,
    ]);
  });

  it('are rejected when too large, and the next ones pass', async () => {
    const big = JSON.stringify({ a: 'x'.repeat(700_000) });
    const { rows } = await readText(`[{"a":1},${big},{"a":3},${big}]`, { maxRowBytes: 300_000 });
    expect(outcomes(rows)).toEqual([{ a: 1 }, 'row_too_large', { a: 3 }, 'row_too_large']);
    expect(rows[2]?.offset).toBe(1 + 8 + big.length + 1);
  });

  it('may hold strings full of brackets, quotes and backslashes', async () => {
    const values = [
      { a: '}]{["' },
      { a: '\\' },
      { a: '\\"'.repeat(100) },
      { a: `${'x'.repeat(60)}\\` },
      { a: '"' },
    ];
    expect(outcomes((await readText(JSON.stringify(values))).rows)).toEqual(values);
  });
});
