import { brotliCompressSync, constants, crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { file, openOne, outcomes, readRows } from './read-rows.js';

const values = Array.from({ length: 20_000 }, (_, n) => ({ n, h: crc32(`${n}`) }));
const lines = values.map((value) => `${JSON.stringify(value)}\n`).join('');
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } };
const packed = brotliCompressSync(lines, quick);
let written = 0;

const readBrotli = async (bytes: Buffer) =>
  readRows(await openOne(file(bytes, `brotli-${written++}.jsonl.br`)));

describe('brotli', () => {
  it('is read by its name', async () => {
    const input = await openOne(file(packed, 'all.jsonl.BR'));
    expect(input).toMatchObject({ compression: 'brotli', format: 'jsonl', rereadable: false });
    expect(outcomes((await readRows(input)).rows)).toEqual(values);
  });

  it('gives the rows before a truncation, and one problem', async () => {
    const { rows } = await readBrotli(packed.subarray(0, packed.length / 2));
    expect(rows.at(-1)?.code).toBe('truncated_brotli');
    const good = rows.slice(0, -1);
    expect(good.length).toBeGreaterThan(values.length / 3);
    expect(outcomes(good)).toEqual(values.slice(0, good.length));
  });

  it('gives the rows before what cannot be unpacked, and one problem', async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, damaged.length / 2, damaged.length / 2 + 100);
    const { rows } = await readBrotli(damaged);
    const codes = rows.map(({ code }) => code).filter((code) => code !== undefined);
    expect(codes.at(-1)).toBe('corrupt_brotli');
    expect(rows.length).toBeGreaterThan(values.length / 3);
    expect(outcomes(rows.slice(0, values.length / 3))).toEqual(values.slice(0, values.length / 3));
  });

  it('is one problem where it is no brotli', async () => {
    expect(outcomes((await readBrotli(Buffer.from('{"a":1}\n{"a":2}\n'))).rows)).toEqual(['corrupt_brotli']);
  });

  it('is refused where it grows beyond the ratio, in one piece or in many', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(80 * 1024 * 1024, `{"a":"${'x'.repeat(65_527)}"}\n`), quick);
    expect(bomb.length).toBeLessThan(32 * 1024);
    const name = file(bomb, 'bomb.br');
    await expect(openOne(name)).rejects.toMatchObject({ code: 'decompression_bomb', exitCode: 2 });
    const { rows } = await readRows(await openOne(name, { maxCompressionRatio: 1_000_000 }));
    expect(rows).toHaveLength(1280);
  });
});
