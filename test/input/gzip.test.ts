import { appendFileSync } from 'node:fs';
import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cut, file, openOne, openStdin, outcomes, readRows, readText } from './read-rows.js';

const values = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ n: from + index, h: crc32(`${from + index}`) }));

const lines = (from: number, to: number): string =>
  values(from, to)
    .map((value) => `${JSON.stringify(value)}\n`)
    .join('');

describe('gzip', () => {
  it('is read by its content, with all of its members', async () => {
    const { input, rows } = await readText(Buffer.concat([gzipSync(lines(0, 3)), gzipSync(lines(3, 5))]));
    expect(input).toMatchObject({ compression: 'gzip', format: 'jsonl', rereadable: false });
    expect(outcomes(rows)).toEqual(values(0, 5));
  });

  it('is read from stdin in any pieces', async () => {
    const packed = gzipSync(lines(0, 20_000));
    const { rows } = await readRows(await openStdin(cut(packed, [1, 7, 5000])));
    expect(rows).toHaveLength(20_000);
  });

  it('is what it was when it was first read, where it is small and grows meanwhile', async () => {
    const path = file(gzipSync(lines(0, 1000)));
    const input = await openOne(path);
    const codes: unknown[] = [];
    for await (const { rows } of input.rows()) {
      if (codes.length === 0) appendFileSync(path, gzipSync(lines(1000, 1100)));
      codes.push(...rows.map(({ problem }) => problem?.code));
    }
    expect(codes).toEqual(values(0, 1000).map(() => undefined));
  });

  it('gives the rows before a truncation, and one problem', async () => {
    const packed = gzipSync(lines(0, 50_000));
    const { rows } = await readText(packed.subarray(0, packed.length / 2));
    expect(rows.at(-1)?.code).toBe('truncated_gzip');
    const good = rows.slice(0, -1);
    expect(good.length).toBeGreaterThan(20_000);
    expect(outcomes(good)).toEqual(values(0, good.length));
    expect(lines(0, 50_000).startsWith(rows.map(({ bytes }) => bytes).join('\n'))).toBe(true);
  });

  it('gives every row where only the checksum is wrong', async () => {
    const packed = gzipSync(lines(0, 1000));
    packed.writeUInt32LE(0, packed.length - 8);
    const { rows } = await readText(packed);
    expect(rows.map(({ code }) => code).filter((code) => code !== undefined)).toEqual(['corrupt_gzip']);
    expect(rows).toHaveLength(1001);
  });

  it('gives the rows before what cannot be unpacked', async () => {
    const good = gzipSync(lines(0, 1000));
    const { rows } = await readText(Buffer.concat([good, Buffer.from([0x1f, 0x8b, 0xff, 0xff, 1, 2, 3])]));
    expect(rows).toHaveLength(1001);
    expect(rows.at(-1)?.code).toBe('corrupt_gzip');
  });

  it('gives the good prefix of every format', async () => {
    const array = gzipSync(`[${lines(0, 5000).trim().replaceAll('\n', ',')}]`);
    const json = await readText(array.subarray(0, array.length - 2000));
    expect(json.rows.at(-1)?.code).toBe('truncated_gzip');
    expect(json.rows.filter(({ code }) => code !== undefined)).toHaveLength(1);
    const table = gzipSync(
      `a,b\n${Array.from({ length: 5000 }, (_, n) => `${n},${crc32(String(n))}\n`).join('')}`,
    );
    const csv = await readText(table.subarray(0, table.length - 2000));
    expect(csv.rows.at(-1)?.code).toBe('truncated_gzip');
    expect(csv.rows.filter(({ code }) => code !== undefined)).toHaveLength(1);
    expect(csv.rows.length).toBeGreaterThan(2000);
  });

  it('is one problem where it is cut in its header', async () => {
    expect(outcomes((await readText(gzipSync('{"a":1}').subarray(0, 6))).rows)).toEqual(['truncated_gzip']);
  });

  it('is refused where it grows beyond the ratio', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, `{"a":"${'x'.repeat(65_527)}"}\n`));
    const input = await openOne(file(bomb));
    await expect(readRows(input)).rejects.toMatchObject({ code: 'decompression_bomb', exitCode: 2 });
    expect((await readRows(await openOne(file(bomb), { maxCompressionRatio: 2000 }))).rows.length).toBe(1280);
  });
});
