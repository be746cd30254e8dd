import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';

const key = 'sk-marked-5f2b9c';
const escape = '\u001b';

const good = (id: string): string => JSON.stringify(nativeRow({ span_unique_id: id }));
const long = (megabytes: number): string =>
  JSON.stringify(nativeRow({ input: 'x'.repeat(megabytes * 1_000_000) }));

async function runOn(
  content: string | Buffer,
  args: readonly string[] = ['--sandbox'],
): ReturnType<typeof runForReport> {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), content);
  return runForReport(['rows.jsonl', ...args], { cwd });
}

describe('what is wrong before a row is read ends with exit code 2 and one message', () => {
  const utf32 = Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0, 0x7d, 0, 0, 0]);
  test.each<[string, Buffer | string | undefined, string]>([
    ['a missing file', undefined, 'input_missing'],
    ['a file in UTF-32', utf32, 'unsupported_encoding'],
    [
      'a binary file',
      Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256)),
      'binary_input',
    ],
    [
      'a zip file',
      Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100)]),
      'unsupported_compression',
    ],
    ['prose', 'Dear customer,\nthis is no log.\n', 'unknown_format'],
  ])('%s', async (_, content, code) => {
    const cwd = temporaryFolder();
    if (content !== undefined) writeFileSync(path.join(cwd, 'logs'), content);
    const run = await runCommand(['logs', '--dry-run'], { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`(${code})`);
    expect(run.stderr).toContain('logs');
    expect(run.stderr).not.toMatch(/^ +at /m);
  });

  test('a folder without logs', async () => {
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, 'export'));
    const run = await runCommand(['export', '--dry-run'], { cwd });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('(no_match)');
    expect(run.stderr).toContain('export');
  });

  test('a glob without a match', async () => {
    const run = await runCommand(['*.jsonl', '--dry-run']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('(no_match)');
  });

  test.skipIf(process.getuid?.() === 0)('a file without permission (root may read everything)', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), '{}');
    chmodSync(path.join(cwd, 'rows.jsonl'), 0o000);
    const run = await runCommand(['rows.jsonl', '--dry-run'], { cwd });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('(input_unreadable)');
  });

  test('one unreadable file among good ones: nothing is sent', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'good.jsonl'), jsonLines(nativeRows(3)));
    const run = await runCommand(['good.jsonl', 'missing.jsonl', '--sandbox'], { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '' });
  });

  test('a gzip bomb', async () => {
    const cwd = temporaryFolder();
    const line = `${JSON.stringify(nativeRow({ input: 'a'.repeat(1024 * 1024) }))}\n`;
    writeFileSync(path.join(cwd, 'bomb.gz'), gzipSync(line.repeat(80)));
    const run = await runCommand(['bomb.gz', '--dry-run'], { cwd });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('(decompression_bomb)');
    const allowed = await runForReport(['bomb.gz', '--dry-run', '--max-compression-ratio', '5000'], { cwd });
    expect(allowed.summary.rows.read).toBe(80);
  });
});

describe('flags that cannot be followed end with exit code 2', () => {
  test.each<[string, string[]]>([
    ['an unknown flag', ['--batch-span', '5']],
    ['no file at all', []],
    ['quiet and verbose', ['-q', '-v']],
    ['a sandbox and an address', ['--sandbox', '--base-url', 'http://127.0.0.1:1']],
    ['a sandbox and a dry run', ['--sandbox', '--dry-run']],
    ['a format that is none', ['--format', 'xml']],
    ['a size that is none', ['--batch-bytes', 'big']],
    ['a number out of range', ['--concurrency', '0']],
    ['a duration that is none', ['--timeout', 'soon']],
    ['an unknown source', ['--source', 'nobody', '--dry-run']],
    ['an unknown time zone', ['--timezone', 'Mars/Olympus', '--dry-run']],
    ['a field that is none', ['--set', 'colour=red', '--dry-run']],
    ['an address that is none', ['--base-url', 'ftp://example.org']],
    ['plain http to another machine', ['--base-url', 'http://example.org']],
    ['a share beyond the whole', ['--max-errors', '101%', '--dry-run']],
  ])('%s', async (name, args) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(1)));
    const files = name === 'no file at all' ? [] : ['rows.jsonl'];
    const run = await runCommand([...files, ...args], { cwd, env: { RESPAN_API_KEY: key } });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).not.toBe('');
    expect(run.stderr).not.toMatch(/^ +at /m);
    expect(run.stderr).not.toContain(key);
  });

  test.each([
    ['missing', undefined, 'no_api_key'],
    ['with a line break inside', `${key}\nsecond`, 'bad_api_key'],
    ['with a letter outside ASCII', `${key}é`, 'bad_api_key'],
  ])('a key %s, and the key is not shown', async (_, value, code) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(1)));
    const run = await runCommand(['rows.jsonl'], {
      cwd,
      env: value === undefined ? {} : { RESPAN_API_KEY: value },
    });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`(${code})`);
    expect(run.stderr).not.toContain(key);
  });
});

describe('a destination that cannot be used', () => {
  test('an unreachable host: exit code 5, everything held back or failed, no key in the output', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(3)));
    const args = ['rows.jsonl', '--base-url', 'http://127.0.0.1:1', '--retry-for', '0'];
    const run = await runForReport(args, { cwd, env: { RESPAN_API_KEY: key } });
    expect(run.code).toBe(5);
    expect(run.summary.stopped?.message).toContain('ECONNREFUSED');
    expect(run.summary.balanced).toEqual({ rows: true, spans: true });
    expect(run.stdout + run.stderr).not.toContain(key);
  });
});

describe('rows that are wrong cost themselves and nothing else', () => {
  test('an empty file is fine', async () => {
    const { code, summary } = await runOn('');
    expect(code).toBe(0);
    expect(summary.rows.read).toBe(0);
  });

  test('hundred-thousand-fold nesting', async () => {
    const nested = `{"input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const { code, summary } = await runOn(`${good('a')}\n${nested}\n${good('b')}\n`);
    expect(code).toBe(1);
    expect(summary.rows.rejected_by_code).toEqual({ nested_too_deep: 1 });
    expect(summary.ingested_spans).toBe(2);
  });

  test('a span of 30 MB, and a row of 40 MB', async () => {
    const { code, summary } = await runOn(`${good('a')}\n${long(30)}\n${long(40)}\n${good('b')}\n`);
    expect(code).toBe(1);
    expect(summary.rows.rejected_by_code).toEqual({ span_too_large: 1, row_too_large: 1 });
    expect(summary.ingested_spans).toBe(2);
  });

  test('numbers that are none, and numbers that are too large', async () => {
    const nan = good('nan').replace('"latency":1.499999', '"cost":NaN');
    const infinite = good('inf').replace('"latency":1.499999', '"cost":1e999');
    const { summary } = await runOn(`${nan}\n${infinite}\n`);
    expect(summary.ingested_spans).toBe(2);
    expect(summary.warnings).toMatchObject({ non_finite_number: 1, value_omitted: 1 });
  });

  test('__proto__ keys are data', async () => {
    const row = good('proto').replace('{', '{"__proto__":{"polluted":true},');
    const { code, summary } = await runOn(`${row}\n`);
    expect(code).toBe(0);
    expect(summary.ingested_spans).toBe(1);
  });

  test('control characters of the data do not reach the terminal', async () => {
    const cwd = temporaryFolder();
    const row = JSON.stringify({
      trace_unique_id: 't',
      span_unique_id: 's',
      start_time: `${escape}[31m03/04/2025\u202e`,
    });
    writeFileSync(path.join(cwd, 'rows.jsonl'), `${row}\n`);
    const run = await runCommand(['rows.jsonl', '--dry-run'], { cwd });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('bad_time');
    for (const character of [escape, '\u202e']) expect(run.stdout + run.stderr).not.toContain(character);
  });

  test('a truncated gzip gives its good rows and one rejection', async () => {
    const cwd = temporaryFolder();
    const file = path.join(cwd, 'cut.gz');
    const packed = gzipSync(jsonLines(nativeRows(2000)));
    writeFileSync(file, packed);
    truncateSync(file, Math.floor(packed.length / 2));
    const { code, summary } = await runForReport(['cut.gz', '--sandbox'], { cwd });
    expect(code).toBe(1);
    expect(summary.rows.rejected_by_code).toEqual({ truncated_gzip: 1 });
    expect(summary.ingested_spans).toBe(summary.rows.used);
    expect(summary.rows.used).toBeGreaterThan(500);
  });

  test('a file that ends inside its last row gives the rows before it', async () => {
    const content = `${good('a')}\n${good('b').slice(0, 40)}`;
    const { summary } = await runOn(content);
    expect(summary.rows.rejected_by_code).toEqual({ truncated_row: 1 });
    expect(summary.ingested_spans).toBe(1);
  });
});
