import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, onTestFinished, test } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';

async function sandbox(): Promise<Sandbox> {
  const started = await startSandbox({ port: 0 });
  onTestFinished(() => started.close());
  return started;
}

const key = { RESPAN_API_KEY: 'test-key' };

/** Two spans as the public documentation of the endpoint shows them: a root workflow and its chat call. */
const documentedRows = [
  nativeRow({
    trace_unique_id: 'a-trace-id',
    span_unique_id: 'root-span-id',
    span_name: 'jokes.workflow',
    provider_id: '',
    model: 'python',
    input: '{"args": []}',
    output: '"python"',
    encoding_format: 'float',
    respan_params: { has_webhook: false, environment: 'prod' },
    disable_log: false,
  }),
  nativeRow({
    trace_unique_id: 'a-trace-id',
    span_unique_id: 'child-span-id',
    span_parent_id: 'root-span-id',
    span_name: 'openai.chat',
    prompt_messages: [{ role: 'user', content: 'Tell me a joke' }],
    completion_message: { role: 'assistant', content: 'No.' },
    prompt_tokens: 15,
    completion_tokens: 10,
    cost: 2.25e-5,
  }),
];

describe('an import', () => {
  test('prints what the server answered for the documented payload', async () => {
    const server = await sandbox();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'payload.json'), JSON.stringify(documentedRows, null, 2));
    const run = await runCommand(['payload.json', '--base-url', server.url], { cwd, env: key });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^ingested_spans +2$/m);
    expect(run.stdout).toMatch(/^created_traces +1$/m);
    expect(run.stdout).toMatch(/^errors +0$/m);
    expect(server.store.trace('a-trace-id')).toHaveLength(2);
  });

  test('children before their parents arrive as one tree with one root', async () => {
    const server = await sandbox();
    const cwd = temporaryFolder();
    const rows = Array.from({ length: 18 }, (_, position) =>
      nativeRow({
        span_unique_id: `span-${position}`,
        span_parent_id: position === 0 ? undefined : `span-${Math.floor((position - 1) / 2)}`,
      }),
    ).toReversed();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
    const { code, summary } = await runForReport(['rows.jsonl', '--base-url', server.url], { cwd, env: key });
    expect(code).toBe(0);
    expect(summary.parents).toEqual({
      explicit: 17,
      by_path: 0,
      by_time: 0,
      ambiguous: 0,
      roots: 1,
      orphans: 0,
    });
    expect(server.store.shapes()).toMatchObject([{ spans: 18, roots: 1, orphans: 0 }]);
  });

  test('native rows arrive as they stand in the file', async () => {
    const server = await sandbox();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(documentedRows));
    await runCommand(['rows.jsonl', '--base-url', server.url], { cwd, env: key });
    expect(server.store.trace('a-trace-id')).toEqual(documentedRows);
  });

  test('a second run sends nothing, and an appended row goes alone', async () => {
    const server = await sandbox();
    const cwd = temporaryFolder();
    const file = path.join(cwd, 'rows.jsonl');
    const args = ['rows.jsonl', '--base-url', server.url];
    writeFileSync(file, jsonLines(nativeRows(50)));
    await runForReport(args, { cwd, env: key });
    const again = await runForReport(args, { cwd, env: key });
    expect(again.code).toBe(0);
    expect(again.summary.spans).toMatchObject({ ingested: 0, already_imported: 50 });
    expect(again.summary.upload.requests).toBe(0);

    writeFileSync(file, jsonLines([...nativeRows(50), nativeRow({ span_unique_id: 'new' })]));
    const appended = await runForReport(args, { cwd, env: key });
    expect(appended.summary.spans).toMatchObject({ ingested: 1, already_imported: 50 });
    expect(server.store.totals()).toMatchObject({ spans: 51, repeated: 0 });
  });

  test.each([
    ['gzip', 'rows.jsonl.gz', gzipSync(jsonLines(nativeRows(20)))],
    ['an array', 'rows.json', JSON.stringify(nativeRows(20))],
    ['lines', 'rows.txt', jsonLines(nativeRows(20))],
  ])('reads %s by its content', async (_, name, content) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, name), content);
    const { code, summary } = await runForReport([name, '--sandbox'], { cwd });
    expect(code).toBe(0);
    expect(summary.ingested_spans).toBe(20);
  });

  test('reads standard input', async () => {
    const { code, summary } = await runForReport(['-', '--sandbox'], { stdin: jsonLines(nativeRows(20)) });
    expect(code).toBe(0);
    expect(summary.ingested_spans).toBe(20);
  });

  test('several files make one import', async () => {
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, 'export'));
    const rows = nativeRows(20);
    writeFileSync(path.join(cwd, 'export', 'a.jsonl'), jsonLines(rows.slice(0, 7)));
    writeFileSync(path.join(cwd, 'export', 'b.json'), JSON.stringify(rows.slice(7)));
    const { summary } = await runForReport(['export/*', '--sandbox'], { cwd });
    expect(summary.inputs.map(({ name, rows: read }) => [name, read])).toEqual([
      ['export/a.jsonl', 7],
      ['export/b.json', 13],
    ]);
    expect(summary.ingested_spans).toBe(20);
    expect(summary.traces).toBe(4);
  });

  test('bad rows are rejected, named and kept; good rows around them go', async () => {
    const cwd = temporaryFolder();
    const [first, second] = nativeRows(2, 2).map((row) => JSON.stringify(row));
    writeFileSync(path.join(cwd, 'rows.jsonl'), `${first}\n{"broken":\n${second}\n{}\n`);
    const run = await runForReport(['rows.jsonl', '--sandbox'], { cwd });
    expect(run.code).toBe(1);
    expect(run.summary.rows).toMatchObject({ read: 4, used: 2, skipped: 1, rejected: 1 });
    expect(run.summary.ingested_spans).toBe(2);
    expect(run.stderr).toContain('rows.jsonl:2');

    const { rejects } = run.summary;
    expect(readFileSync(path.join(cwd, rejects!.rows[0]!), 'utf8')).toBe('{"broken":\n');
    const reason = JSON.parse(readFileSync(path.join(cwd, rejects!.reasons), 'utf8'));
    expect(reason).toMatchObject({
      file: 'rows.jsonl',
      line: 2,
      offset: first!.length + 1,
      code: 'bad_json',
    });
  });

  test('more rejected rows than --max-errors permits: nothing is sent', async () => {
    const server = await sandbox();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), `${jsonLines(nativeRows(5))}oops\n`);
    const args = ['rows.jsonl', '--base-url', server.url, '--max-errors', '0'];
    const { code, summary } = await runForReport(args, { cwd, env: key });
    expect(code).toBe(3);
    expect(summary.stopped?.code).toBe('too_many_errors');
    expect(summary.spans).toMatchObject({ ingested: 0, held_back: 5 });
    expect(server.store.totals().requests).toBe(0);
  });

  test('--set, --skip and --limit act on what is sent', async () => {
    const server = await sandbox();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(10, 10)));
    const args = [
      'rows.jsonl',
      '--base-url',
      server.url,
      '--skip',
      '2',
      '--limit',
      '3',
      '--set',
      'environment=test',
    ];
    const { summary } = await runForReport(args, { cwd, env: key });
    expect(summary.rows).toMatchObject({ read: 3, passed_over: 2 });
    expect(server.store.trace('trace-0')).toMatchObject([
      { span_unique_id: 'span-0-2', environment: 'test' },
      { span_unique_id: 'span-0-3', environment: 'test' },
      { span_unique_id: 'span-0-4', environment: 'test' },
    ]);
  });
});

describe('a dry run', () => {
  test('needs no key, sends nothing, leaves nothing, and plans what an import sends', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(30)));
    const dry = await runForReport(['rows.jsonl', '--dry-run', '--batch-spans', '7'], { cwd });
    expect(dry.code).toBe(0);
    expect(dry.summary.ingested_spans).toBeNull();
    expect(readdirSync(cwd)).toEqual(['rows.jsonl']);

    const wet = await runForReport(['rows.jsonl', '--sandbox', '--batch-spans', '7'], { cwd });
    expect(wet.summary.rows).toEqual(dry.summary.rows);
    expect(wet.summary.parents).toEqual(dry.summary.parents);
    expect(wet.summary.upload.requests).toBe(dry.summary.upload.requests);
    expect(wet.summary.upload.bytes).toBe(dry.summary.upload.bytes);
  });

  test('tells with a key what the ledger holds already', async () => {
    const server = await sandbox();
    const cwd = temporaryFolder();
    const file = path.join(cwd, 'rows.jsonl');
    const args = ['rows.jsonl', '--base-url', server.url];
    writeFileSync(file, jsonLines(nativeRows(10)));
    await runForReport(args, { cwd, env: key });
    writeFileSync(file, jsonLines([...nativeRows(10), nativeRow({ trace_unique_id: 'new' })]));
    const { summary } = await runForReport([...args, '--dry-run'], { cwd, env: key });
    expect(summary.spans).toMatchObject({ planned: 11, already_imported: 10, held_back: 1 });
    expect(summary.upload.requests).toBe(1);
  });
});
