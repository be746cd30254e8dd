import { describe, expect, it } from 'vitest';
import { cut, file, openOne, openStdin, outcomes, readRows, readText } from './read-rows.js';

const tower = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

describe('JSON Lines', () => {
  it.each([
    ["{'a': None}", /python3 -c/],
    ['{"a": None}', /mend the row/],
  ])('tells what to do about %s', async (line, hint) => {
    const { rows } = await readText(`{"a":1}\n${line}\n`);
    expect(rows[1]).toMatchObject({ code: 'bad_json', hint: expect.stringMatching(hint) });
  });

  it('takes LF, CRLF, blank lines and a last line without an end', async () => {
    const { rows } = await readText('{"a":1}\r\n\n  \r\n{"a":2}\n{"a":3}');
    expect(rows).toMatchObject([
      { line: 1, offset: 0, bytes: '{"a":1}' },
      { line: 4, offset: 14, bytes: '{"a":2}' },
      { line: 5, offset: 22, bytes: '{"a":3}' },
    ]);
  });

  it('strips a byte order mark and counts it in offsets', async () => {
    const { rows, input } = await readText('\ufeff{"a":1}\n{"a":2}\n');
    expect(input.format).toBe('jsonl');
    expect(rows.map(({ offset, value }) => ({ offset, value }))).toEqual([
      { offset: 3, value: { a: 1 } },
      { offset: 11, value: { a: 2 } },
    ]);
  });

  it('tells line and column of what is not JSON, and goes on', async () => {
    const input = await openOne(file('{"a":1}\n{"a": oops}\n{"a":3}\n'));
    const messages: string[] = [];
    for await (const batch of input.rows())
      messages.push(...batch.rows.map((row) => row.problem?.message ?? 'fine'));
    expect(messages).toEqual(['fine', expect.stringContaining('line 2, column 7'), 'fine']);
  });

  it('calls a last row that only lacks its end truncated, and one that is wrong bad', async () => {
    expect(outcomes((await readText('{"a":1}\n{"a":{"b":"c')).rows)).toEqual([{ a: 1 }, 'truncated_row']);
    expect(outcomes((await readText('{"a":1}\n{"a" 2}')).rows)).toEqual([{ a: 1 }, 'bad_json']);
    expect(outcomes((await readText('{"a":1}\n{"a":2\n')).rows)).toEqual([{ a: 1 }, 'bad_json']);
  });

  it('reads the non-finite numbers that Python writes as null, outside of strings only', async () => {
    const { rows, warnings } = await readText(
      '{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN \\" Infinity"}\n{"c":"NaN"}\n{"a":NaN,}\n',
    );
    expect(outcomes(rows)).toEqual([
      { a: null, b: [null, null], c: 'NaN " Infinity' },
      { c: 'NaN' },
      'bad_json',
    ]);
    expect(warnings).toEqual(['non_finite_number']);
  });

  it('rejects the row with invalid UTF-8 and no other', async () => {
    const content = Buffer.concat([
      Buffer.from('{"a":"é"}\n{"a":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}\n{}'),
    ]);
    expect(outcomes((await readText(content)).rows)).toEqual([{ a: 'é' }, 'invalid_utf8', {}]);
  });

  it('reads a row of 30 MB', async () => {
    const big = 'x'.repeat(30_000_000);
    const { rows } = await readText(`{"a":1}\n{"a":"${big}"}\n{"a":3}\n`);
    expect(rows.map((row) => row.bytes.length)).toEqual([7, 30_000_008, 7]);
    expect(rows.map((row) => row.code)).toEqual([undefined, undefined, undefined]);
  });

  it('passes over a row that is too large, also at the end', async () => {
    const big = JSON.stringify({ a: 'x'.repeat(500_000) });
    const { rows } = await readText(`{"a":1}\n${big}\n{"a":3}\n${big}`, { maxRowBytes: 300_000 });
    expect(outcomes(rows)).toEqual([{ a: 1 }, 'row_too_large', { a: 3 }, 'row_too_large']);
    expect(rows.map(({ offset }) => offset)).toEqual([0, 8, 500_017, 500_025]);
  });

  it('keeps the sizes of rows at the limit exact', async () => {
    const row = '{"a":"12345"}';
    expect(outcomes((await readText(`${row}\n`, { maxRowBytes: row.length })).rows)).toEqual([
      { a: '12345' },
    ]);
    expect(outcomes((await readText(`${row}\n`, { maxRowBytes: row.length - 1 })).rows)).toEqual([
      'row_too_large',
    ]);
  });

  it('does not count white space around a row against the limit, unless there is a lot of it', async () => {
    const row = '{"a":"12345"}';
    const limit = { maxRowBytes: row.length };
    for (const chunk of [1, 7, 1000]) {
      const padded = cut(Buffer.from(`  ${row} \t\r\n`), [chunk]);
      expect(outcomes((await readRows(await openStdin(padded, limit, 8))).rows)).toEqual([{ a: '12345' }]);
      const blown = cut(Buffer.from(`${row}${' '.repeat(100_000)}\n{}\n`), [chunk * 100]);
      expect(outcomes((await readRows(await openStdin(blown, limit, 64))).rows)).toEqual([
        'row_too_large',
        {},
      ]);
    }
  });

  it('rejects nesting beyond the limit without overflowing a stack', async () => {
    const { rows } = await readText(
      [tower(1000), tower(1001), tower(100_000), tower(600_000), '{}'].join('\n'),
    );
    expect(rows.map((row) => row.code)).toEqual([
      undefined,
      'nested_too_deep',
      'nested_too_deep',
      'nested_too_deep',
      undefined,
    ]);
  });

  it('keeps a __proto__ key as data', async () => {
    const { rows } = await readText('{"__proto__":{"polluted":true}}\n');
    expect(Object.keys(rows[0]?.value ?? {})).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('stays JSON Lines when its first line is broken', async () => {
    for (const first of ['{"a":1', 'Starting server on port 80']) {
      const { input, rows } = await readText(`${first}\n{"a":1}\n{"a":2}\n`);
      expect(input.format).toBe('jsonl');
      expect(outcomes(rows)).toEqual(['bad_json', { a: 1 }, { a: 2 }]);
    }
  });

  it('counts all bytes as consumed', async () => {
    const content = '{"a":1}\n{"a":2}';
    const input = await openOne(file(content));
    expect((await readRows(input)).consumed).toBe(content.length);
  });
});
