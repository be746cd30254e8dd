import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { describe, expect, onTestFinished, test } from 'vitest';

import { filesBelow, runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';
import { ok, scriptedServer, status, type Script } from '../support/scripted-server.js';

const env = { RESPAN_API_KEY: 'key-of-the-test' };

/** Moves the cursor, rings, reorders, hides, breaks lines. */
const hostile = '\u001b[2J\u0007\u009b31m\u202e\u2066\u200b\u2028\r';
/** Of these only line feeds are the program's own. */
const raw = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

async function serve(script: Script = []) {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** A row in which every text is hostile. */
const row = (id: string, more: object) =>
  nativeRow({
    trace_unique_id: `${hostile}t`,
    span_unique_id: `${id}${hostile}`,
    span_name: hostile,
    ...more,
  });

describe('what the data holds never reaches a terminal as it is', () => {
  test.each([
    ['an import', []],
    ['an import, in JSON', ['--json']],
    ['a strict import', ['--strict', '-v']],
    ['a dry run with drawings', ['--dry-run', '-v']],
  ])('%s: names of files, fields and spans, ids, values, and words of the server', async (_name, args) => {
    const words = { detail: hostile, errors: { [hostile]: [hostile] } };
    const server = await serve(({ spans }) =>
      spans.length === 1 ? status(422, words) : ok({ errors: [hostile], trace_ids: [hostile] }),
    );
    const cwd = temporaryFolder();
    const name = `rows${hostile}.jsonl`;
    const rows = [
      row('a', { [hostile]: hostile, log_type: hostile, start_time: hostile }),
      row('b', { log_type: hostile, metadata: { [hostile]: hostile } }),
      row('c', { span_parent_id: `nobody${hostile}` }),
      row('d', {}),
    ];
    writeFileSync(path.join(cwd, name), `${jsonLines(rows)}${hostile}\n`);
    const flags = ['--base-url', server.url, '--batch-spans', '2', ...args];
    const run = await runCommand([name, ...flags], { cwd, env });
    expect([1, 3]).toContain(run.code);
    const found = (run.stdout + run.stderr).match(raw)?.filter((character) => character !== '\n');
    expect(found ?? []).toEqual([]);
  });

  test.each(['explain', 'tree'])('%s', async (command) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, `${hostile}.jsonl`), jsonLines([row('a', { [hostile]: hostile })]));
    const run = await runCommand([command, `${hostile}.jsonl`], { cwd });
    expect(run.code).toBe(0);
    const found = (run.stdout + run.stderr).match(raw)?.filter((character) => character !== '\n');
    expect(found ?? []).toEqual([]);
  });
});

describe('limits', () => {
  test.each<[string, string, string[], string]>([
    [
      'the size of a row',
      JSON.stringify(nativeRow({ input: 'x'.repeat(5000) })),
      ['--max-row-bytes', '4KiB'],
      'row_too_large',
    ],
    [
      'nesting',
      JSON.stringify(nativeRow({ metadata: [[[[[[]]]]]] })),
      ['--max-depth', '5'],
      'nested_too_deep',
    ],
  ])('%s: the row is rejected, and the flag admits it', async (_name, row, flags, code) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), `${row}\n`);
    const rejected = await runForReport(['rows.jsonl', '--dry-run', ...flags], { cwd });
    expect(rejected.summary.rows.rejected_by_code).toEqual({ [code]: 1 });
    expect((await runForReport(['rows.jsonl', '--dry-run'], { cwd })).summary.rows.used).toBe(1);
  });

  test('columns of a table', async () => {
    const cwd = temporaryFolder();
    const header = Array.from({ length: 100_000 }, (_, column) => `c${column}`).join(',');
    writeFileSync(path.join(cwd, 'rows.csv'), `${header}\n${header}\n`);
    const run = await runCommand(['rows.csv', '--dry-run', '--format', 'csv'], { cwd });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('(too_many_columns)');
  });

  test('what brotli unpacks to', async () => {
    const cwd = temporaryFolder();
    const line = `${JSON.stringify(nativeRow({ input: 'a'.repeat(1024 * 1024) }))}\n`;
    writeFileSync(path.join(cwd, 'bomb.jsonl.br'), brotliCompressSync(line.repeat(80)));
    const run = await runCommand(['bomb.jsonl.br', '--dry-run'], { cwd });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('(decompression_bomb)');
  });
});

test('paths in the data are never opened, read or made', async () => {
  const server = await serve();
  const cwd = temporaryFolder();
  const outside = temporaryFolder();
  writeFileSync(path.join(outside, 'secret.txt'), 'MARKED');
  execFileSync('mkfifo', [path.join(outside, 'pipe')]);
  const paths = [
    path.join(outside, 'secret.txt'),
    `file://${path.join(outside, 'secret.txt')}`,
    // Whoever opens it waits for ever.
    path.join(outside, 'pipe'),
    `@${path.join(outside, 'pipe')}`,
    '../../made/by/import',
    path.join(outside, 'made'),
  ];
  const rows = paths.map((name) =>
    nativeRow({
      trace_unique_id: name,
      span_unique_id: name,
      span_name: name,
      input: name,
      metadata: { file: name, $ref: name },
      prompt_messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: name } }] }],
    }),
  );
  writeFileSync(path.join(cwd, 'rows.jsonl'), `${jsonLines(rows)}{"broken\n`);
  const { summary } = await runForReport(['rows.jsonl', '--base-url', server.url], { cwd, env });
  expect(summary.spans.ingested).toBe(paths.length);
  expect(JSON.stringify(server.spans())).not.toContain('MARKED');
  expect(readdirSync(outside).sort()).toEqual(['pipe', 'secret.txt']);
  const inside = filesBelow(cwd).map((file) => path.relative(cwd, file).split(path.sep)[0]);
  expect(new Set(inside)).toEqual(new Set(['rows.jsonl', 'respan-import-rejects', 'state']));
});

describe('inputs that are no plain files', () => {
  test.each([
    ['/dev/zero', 2],
    ['/dev/urandom', 2],
    ['/dev/null', 0],
  ])('%s ends with exit code %i', async (device, code) => {
    const run = await runCommand([device, '--dry-run']);
    expect(run.code).toBe(code);
    expect(run.stderr).not.toMatch(/^ +at /m);
  });

  test('a link is read through, a link to nothing and a circle of links are told', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(3)));
    symlinkSync('rows.jsonl', path.join(cwd, 'link.jsonl'));
    symlinkSync('nothing', path.join(cwd, 'broken.jsonl'));
    symlinkSync('circle.jsonl', path.join(cwd, 'circle.jsonl'));
    expect((await runForReport(['link.jsonl', '--dry-run'], { cwd })).summary.rows.read).toBe(3);
    for (const [name, code] of [
      ['broken.jsonl', 'input_missing'],
      ['circle.jsonl', 'input_unreadable'],
    ] as const) {
      const run = await runCommand([name, '--dry-run'], { cwd });
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(`(${code})`);
    }
  });

  test('a folder: links to folders are not followed, and a pipe in it is not waited for', async () => {
    const cwd = temporaryFolder();
    const outside = temporaryFolder();
    mkdirSync(path.join(cwd, 'export'));
    writeFileSync(path.join(outside, 'other.jsonl'), jsonLines(nativeRows(5)));
    writeFileSync(path.join(cwd, 'export', 'rows.jsonl'), jsonLines(nativeRows(3)));
    symlinkSync(outside, path.join(cwd, 'export', 'linked'));
    execFileSync('mkfifo', [path.join(cwd, 'export', 'pipe.jsonl')]);
    const { summary } = await runForReport(['export', '--dry-run'], { cwd });
    expect(summary.inputs.map(({ name }) => name)).toEqual(['export/rows.jsonl']);
  });
});
