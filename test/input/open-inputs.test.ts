import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ImportError } from '../../src/errors.js';
import { defaultInputOptions } from '../../src/input/input-file.js';
import { openInputs } from '../../src/input/open-inputs.js';
import {
  file,
  noStdin,
  openOne,
  openStdin,
  outcomes,
  readRows,
  readText,
  temporaryFolder,
} from './read-rows.js';

const open = (...names: string[]) => openInputs(names, defaultInputOptions, noStdin);

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('{}\n');
  throw Object.assign(new Error('gone'), { code: 'EIO' });
}

describe('names', () => {
  it('may be files, and keep their order', async () => {
    const [b, a] = [file('{"b":1}\n'), file('{"a":1}\n')];
    const inputs = await open(b, a);
    expect(inputs.map(({ index, name, path }) => ({ index, name, path }))).toEqual([
      { index: 0, name: b, path: b },
      { index: 1, name: a, path: a },
    ]);
    expect(inputs[0]).toMatchObject({ bytes: 8, rereadable: true, empty: false, compression: 'none' });
  });

  it('may be globs, which are sorted and match files only', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'deep', 'deeper'), { recursive: true });
    mkdirSync(join(folder, 'x.jsonl'));
    for (const name of [
      'b.jsonl',
      'a.jsonl',
      'c.json',
      '.hidden.jsonl',
      'deep/d.jsonl',
      'deep/deeper/e.jsonl',
    ]) {
      writeFileSync(join(folder, name), '{}\n');
    }
    const names = async (pattern: string) =>
      (await open(join(folder, pattern))).map(({ name }) => name.slice(folder.length + 1));
    expect(await names('*.jsonl')).toEqual(['a.jsonl', 'b.jsonl']);
    expect(await names('?.json')).toEqual(['c.json']);
    expect(await names('[!a].jsonl')).toEqual(['b.jsonl']);
    expect(await names('[a-b].jsonl')).toEqual(['a.jsonl', 'b.jsonl']);
    expect(await names('**/*.jsonl')).toEqual(['a.jsonl', 'b.jsonl', 'deep/d.jsonl', 'deep/deeper/e.jsonl']);
    expect(await names('*/*.jsonl')).toEqual(['deep/d.jsonl']);
    await expect(names('*.csv')).rejects.toMatchObject({ code: 'no_match', exitCode: 2 });
  });

  it('may have glob characters where such a file exists', async () => {
    const name = file('{}\n', 'odd[1].jsonl');
    expect((await open(name))[0]?.path).toBe(name);
  });

  it('must exist and be readable', async () => {
    const folder = temporaryFolder();
    await expect(open(join(folder, 'none.jsonl'))).rejects.toMatchObject({
      code: 'input_missing',
      exitCode: 2,
    });
    await expect(open(join(file('x'), 'below'))).rejects.toMatchObject({ exitCode: 2 });
  });

  it.skipIf(process.getuid?.() === 0)('must be permitted', async () => {
    const name = file('{}\n');
    chmodSync(name, 0);
    await expect(open(name)).rejects.toMatchObject({ code: 'input_unreadable', exitCode: 2 });
  });

  it('may be there once, by whatever path', async () => {
    const name = file('{}\n');
    const link = join(temporaryFolder(), 'link.jsonl');
    symlinkSync(name, link);
    await expect(open(name, link)).rejects.toMatchObject({ code: 'input_repeated', exitCode: 2 });
    await expect(openInputs(['-', '-'], defaultInputOptions, () => Readable.from([]))).rejects.toMatchObject({
      code: 'input_repeated',
    });
  });
});

describe('stdin', () => {
  it('is sniffed and then read from its first byte', async () => {
    const input = await openStdin([Buffer.from('{"a":1}\n{"a"'), Buffer.from(':2}\n')]);
    expect(input).toMatchObject({
      name: '-',
      path: undefined,
      bytes: undefined,
      rereadable: false,
      format: 'jsonl',
    });
    expect(outcomes((await readRows(input)).rows)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('may be CSV with a header beyond the sample', async () => {
    const names = Array.from({ length: 9000 }, (_, index) => `a_long_column_name_${index}`);
    const input = await openStdin([Buffer.from(`${names.join(',')}\n${names.map(() => '1').join(',')}\n`)]);
    const { rows } = await readRows(input);
    expect(Object.keys(rows[0]?.value ?? {})).toEqual(names);
  });

  it('names the error of a stream that fails', async () => {
    await expect(
      openInputs(['-'], defaultInputOptions, () => Readable.from(failing())),
    ).rejects.toMatchObject({
      code: 'input_unreadable',
    });
  });
});

describe('what cannot be imported', () => {
  const cases: [string, Buffer | string, string][] = [
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1]), 'unsupported_compression'],
    ['bzip2', Buffer.from('BZh91AY&SY rest'), 'unsupported_compression'],
    ['zip', Buffer.from('PK\u0003\u0004rest'), 'unsupported_compression'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'unsupported_encoding'],
    ['big-endian UTF-32', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x7b]), 'unsupported_encoding'],
    ['binary data', Buffer.from(Array.from({ length: 256 }, (_, index) => index)), 'binary_input'],
    [
      'control characters',
      Buffer.from(Array.from({ length: 99 }, (_, index) => (index % 8) + 1)),
      'binary_input',
    ],
    ['prose', 'Dear reader, this is a letter.\nIt has no columns.\n\nYours\n', 'unknown_format'],
    ['one sentence', 'Hello, world\n', 'unknown_format'],
    ['HTML', '<!doctype html>\n<html><body>Not found</body></html>\n', 'unknown_format'],
  ];

  it.each(cases)('%s', async (_title, content, code) => {
    const error: unknown = await openOne(file(content)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ImportError);
    expect(error).toMatchObject({ code, exitCode: 2, hint: expect.any(String) });
  });

  it('shows the beginning of an unknown format without control characters', async () => {
    const error: unknown = await openOne(file('\u001b[31mred alert\u0007\n')).catch(
      (error: unknown) => error,
    );
    expect(error).toMatchObject({
      code: 'unknown_format',
      message: expect.stringContaining('·[31mred alert·'),
    });
  });
});

describe('objects beside other text', () => {
  const object = '{"model": "gpt-4o", "prompt": "a, b", "tokens": 3}';
  it.each([
    ['behind a time', `2025-06-05T10:00:00Z ${object}\n2025-06-05T10:00:01Z ${object}\n`],
    ['behind a level, after other lines', `INFO:root:up\nINFO:llm:${object}\nINFO:root:done\n`],
    ['between other lines', `up on port 8000\n${object}\nnoise\nmore noise\n`],
  ])('%s are no table of their pieces; the hint takes them out', async (_where, text) => {
    await expect(openOne(file(text))).rejects.toMatchObject({
      code: 'unknown_format',
      hint: expect.stringContaining("grep -o '{.*}'"),
    });
  });

  it('are cells of a table where a header tells so', async () => {
    const input = await openOne(file(`id|body\n1|${object}\n2|${object}\n`));
    expect(input.format).toBe('csv');
  });
});

describe('the format', () => {
  it('is told by content, whatever the name', async () => {
    const formats = new Map([
      ['{"a":1}\n', 'jsonl'],
      ['{"a":1}\n{"a":2}\n', 'jsonl'],
      ['[1]\n[2]\n', 'jsonl'],
      ['[{"a":1}]', 'json'],
      ['{\n "a": 1\n}\n', 'json'],
      ['  \n\t[\n]', 'json'],
      [`{"a":"${'x'.repeat(100_000)}"}\n{"a":2}`, 'jsonl'],
      [`{"a":1}{"a":"${'x'.repeat(100_000)}"}`, 'json'],
      [`[{"a":"${'x'.repeat(100_000)}"}]`, 'json'],
      ['a,b\n1,2\n', 'csv'],
    ]);
    for (const [content, format] of formats) {
      expect((await openOne(file(content))).format).toBe(format);
    }
  });

  it('is what is given', async () => {
    expect((await openOne(file('{"a":1}\n'), { format: 'json' })).format).toBe('json');
  });

  it('of nothing but white space is empty', async () => {
    for (const content of ['', '\n\n', '  ', '\ufeff', '\ufeff\r\n']) {
      const { input, rows } = await readText(content);
      expect(input).toMatchObject({ empty: true, format: 'jsonl' });
      expect(rows).toEqual([]);
    }
    expect((await readText('', { format: 'csv' })).rows).toEqual([]);
  });

  it('costs a log with a hole of NULs the row with the hole', async () => {
    const { rows } = await readText(
      `{"a":1}\n{"a":"x${'\0'.repeat(20)}\n{"a":3,"text":"${'y'.repeat(60)}"}\n`,
    );
    expect(rows.map(({ code }) => code)).toEqual([undefined, 'bad_json', undefined]);
  });
});
