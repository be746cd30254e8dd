import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, onTestFinished, test } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';

const root = nativeRow({ span_unique_id: 'root' });
const child = nativeRow({ span_unique_id: 'child', span_parent_id: 'root' });
const orphan = nativeRow({ span_unique_id: 'orphan', span_parent_id: 'missing' });
const below = nativeRow({ span_unique_id: 'below', span_parent_id: 'orphan' });
const lower = nativeRow({ span_unique_id: 'lower', span_parent_id: 'below' });
const self = nativeRow({ trace_unique_id: 'trace-2', span_unique_id: 'self', span_parent_id: 'self' });
const rows = [root, lower, below, orphan, child];

interface Job {
  cwd: string;
  server: Sandbox;
  run: (...args: string[]) => ReturnType<typeof runForReport>;
}

async function job(content: string | Buffer = jsonLines(rows)): Promise<Job> {
  const server = await startSandbox({ port: 0 });
  onTestFinished(() => server.close());
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), content);
  const fixed = ['--base-url', server.url, '--rejects', 'rejects'];
  const env = { RESPAN_API_KEY: 'test-key' };
  return { cwd, server, run: (...args) => runForReport([...args, ...fixed], { cwd, env }) };
}

function linesOf(...parts: string[]): unknown[] {
  const text = readFileSync(path.join(...parts), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
}

describe('--orphans', () => {
  test('keep is the default: the orphan is sent as it is, with a warning', async () => {
    const { server, run } = await job();
    const { code, summary } = await run('rows.jsonl');
    expect(code).toBe(0);
    expect(summary).toMatchObject({ warnings: { orphan_parent: 1 }, parents: { orphans: 1 }, strict: false });
    expect(server.store.shapes()).toMatchObject([{ spans: 5, roots: 1, orphans: 1 }]);
  });

  test('root sends it as a root that remembers its parent', async () => {
    const { server, run } = await job();
    const { code, summary } = await run('rows.jsonl', '--orphans', 'root');
    expect(code).toBe(0);
    expect(summary).toMatchObject({ warnings: { orphan_parent: 1 }, notes: { multiple_roots: 1 } });
    expect(server.store.shapes()).toMatchObject([{ spans: 5, roots: 2, orphans: 0 }]);
    const { span_parent_id: _, ...rest } = orphan;
    expect(server.store.trace('trace-1')).toContainEqual({
      ...rest,
      metadata: { 'import.parent_id': 'missing' },
    });
  });

  test('reject keeps it and all below it from the destination, in rejects that can be imported again', async () => {
    const { cwd, server, run } = await job();
    const { code, summary } = await run('rows.jsonl', '--orphans', 'reject');
    expect(code).toBe(1);
    expect(summary).toMatchObject({
      rows: { read: 5, used: 2, rejected: 3, rejected_by_code: { orphan_parent: 1, parent_rejected: 2 } },
      spans: { planned: 2, ingested: 2 },
      balanced: { rows: true, spans: true },
    });
    expect(linesOf(cwd, 'rejects', 'rejects.jsonl')).toEqual([lower, below, orphan]);
    expect(linesOf(cwd, 'rejects', 'reasons.jsonl')).toMatchObject([
      { file: 'rows.jsonl', line: 2, code: 'parent_rejected', in_rejects: true },
      { line: 3, code: 'parent_rejected' },
      { line: 4, code: 'orphan_parent', phase: 'plan', hint: expect.stringContaining('--orphans') },
    ]);

    const missing = nativeRow({ span_unique_id: 'missing', span_parent_id: 'root' });
    writeFileSync(path.join(cwd, 'missing.jsonl'), jsonLines([missing]));
    const mended = await run('missing.jsonl', 'rejects/rejects.jsonl', 'rows.jsonl', '--orphans', 'reject');
    expect(mended.code).toBe(0);
    expect(mended.summary.spans).toMatchObject({ planned: 6, ingested: 4, already_imported: 2 });
    expect(server.store.shapes()).toMatchObject([{ spans: 6, roots: 1, orphans: 0 }]);
  });

  test.each([
    ['a pipe', ['-'], jsonLines(rows)],
    ['a compressed file', ['rows.jsonl'], undefined],
  ])('reject leaves spans of %s in the shape that would have been sent', async (_, files, stdin) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), gzipSync(jsonLines(rows)));
    const args = [...files, '--sandbox', '--orphans', 'reject', '--rejects', 'rejects'];
    const { code, summary } = await runForReport(args, { cwd, ...(stdin === undefined ? {} : { stdin }) });
    expect(code).toBe(1);
    expect(summary).toMatchObject({ rows: { used: 2, rejected: 3 }, rejects: { rows: [] } });
    expect(linesOf(cwd, 'rejects', 'spans.jsonl')).toEqual([lower, below, orphan]);
    const again = await runForReport(['rejects/spans.jsonl', '--sandbox'], { cwd });
    expect(again.summary).toMatchObject({ spans: { ingested: 3 }, parents: { explicit: 2, orphans: 1 } });
  });

  test('a dry run tells the same', async () => {
    const { cwd, run } = await job();
    const dry = await run('rows.jsonl', '--orphans', 'reject', '--dry-run');
    expect(dry.code).toBe(1);
    expect(linesOf(cwd, 'rejects', 'rejects.jsonl')).toEqual([lower, below, orphan]);
    const wet = await run('rows.jsonl', '--orphans', 'reject');
    expect(wet.summary.rows).toEqual(dry.summary.rows);
    expect(wet.summary.parents).toEqual(dry.summary.parents);
  });

  test('takes nothing else', async () => {
    const { code, stderr } = await runCommand(['missing.jsonl', '--dry-run', '--orphans', 'adopt']);
    expect(code).toBe(2);
    expect(stderr).toContain('keep, root, reject');
  });
});

describe('--strict', () => {
  test('a clean import is not disturbed', async () => {
    const { run } = await job(jsonLines(nativeRows(20)));
    const { code, summary } = await run('rows.jsonl', '--strict');
    expect(code).toBe(0);
    expect(summary).toMatchObject({ strict: true, spans: { ingested: 20 }, warnings: {} });
  });

  test('rejects what would be warned about, of mapping and of trees', async () => {
    const naive = nativeRow({ span_unique_id: 'naive', start_time: '2025-06-05 10:00:00' });
    const { cwd, server, run } = await job(jsonLines([...rows, self, naive]));
    const { code, summary } = await run('rows.jsonl', '--strict');
    expect(code).toBe(1);
    expect(summary.rows).toMatchObject({
      used: 2,
      rejected: 5,
      rejected_by_code: { naive_time: 1, self_parent: 1, orphan_parent: 1, parent_rejected: 2 },
    });
    expect(summary.warnings).toEqual({});
    expect(linesOf(cwd, 'rejects', 'reasons.jsonl')).toHaveLength(5);
    expect(server.store.totals().spans).toBe(2);
  });

  test('takes times without a zone where --timezone names one, be it the default', async () => {
    const { run } = await job(jsonLines([nativeRow({ start_time: '2025-06-05 10:00:00' })]));
    expect((await run('rows.jsonl', '--strict')).summary.rows.rejected).toBe(1);
    expect((await run('rows.jsonl', '--strict', '--timezone', 'UTC')).summary.rows.rejected).toBe(0);
  });

  test('with --max-errors 0 nothing is sent unless every row is clean', async () => {
    const { server, run } = await job();
    const { code, summary } = await run('rows.jsonl', '--strict', '--max-errors', '0');
    expect(code).toBe(3);
    expect(summary).toMatchObject({ stopped: { code: 'too_many_errors' }, rows: { rejected: 3 } });
    expect(server.store.totals().requests).toBe(0);
  });

  test('leaves orphans to --orphans', async () => {
    const { run } = await job();
    const { code, summary } = await run('rows.jsonl', '--strict', '--orphans', 'keep');
    expect(code).toBe(0);
    expect(summary).toMatchObject({ warnings: {}, notes: { orphan_parent: 1 }, rows: { rejected: 0 } });
  });

  test('a warning that names no row makes the exit code 1, and no rejects', async () => {
    const cwd = temporaryFolder();
    const text = 'trace_unique_id,span_unique_id,start_time,timestamp,model,model\n';
    writeFileSync(path.join(cwd, 'rows.csv'), `${text}t,s,2025-06-05T10:00:00Z,2025-06-05T10:00:01Z,m,\n`);
    const run = await runCommand(['rows.csv', '--sandbox', '--strict', '--rejects', 'rejects'], { cwd });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('1 warning under --strict (exit code 1)');
    expect(existsSync(path.join(cwd, 'rejects'))).toBe(false);
  });
});

test('works beside flags that choose traces and change spans', async () => {
  const old = { start_time: '2025-01-01T00:00:00Z', timestamp: '2025-01-01T00:00:01Z' };
  const { cwd, server, run } = await job(
    jsonLines([
      ...rows,
      { ...orphan, ...old, trace_unique_id: 'old' },
      { ...orphan, trace_unique_id: 'trace-3' },
    ]),
  );
  const flags = ['--orphans', 'reject', '--since', '2025-06-01', '--remap-ids=s', '--provenance'];
  const { code, summary } = await run('rows.jsonl', ...flags, '--shift-time-to', '2026-01-01T00:00:00Z');
  expect(code).toBe(1);
  expect(summary).toMatchObject({
    rows: { read: 7, used: 2, skipped: 1, rejected: 4 },
    spans: { planned: 2, ingested: 2 },
    time_range: { to: '2026-01-01T00:00:00Z' },
    balanced: { rows: true, spans: true },
  });
  expect(linesOf(cwd, 'rejects', 'rejects.jsonl')).toHaveLength(4);
  expect(server.store.shapes()).toMatchObject([{ spans: 2, roots: 1, orphans: 0 }]);
});

test('notes are counted, and shown only with --verbose', async () => {
  const { cwd } = await job(jsonLines([root, nativeRow({ span_unique_id: 'other root' })]));
  const quiet = await runCommand(['rows.jsonl', '--dry-run'], { cwd });
  expect(quiet.code).toBe(0);
  expect(quiet.stdout).toContain('notes: multiple_roots 1');
  expect(quiet.stderr).not.toContain('multiple_roots');
  const verbose = await runCommand(['rows.jsonl', '--dry-run', '--verbose'], { cwd });
  expect(verbose.stderr).toContain('rows.jsonl:2  multiple_roots');
});

test('an orphan whose parent is in another trace is told apart', async () => {
  const { cwd } = await job(jsonLines([root, { ...child, trace_unique_id: 'trace-2' }]));
  const run = await runCommand(['rows.jsonl', '--dry-run'], { cwd });
  expect(run.stdout).toContain('parent_in_other_trace 1');
  expect(run.stderr).toMatch(/rows\.jsonl:2 {2}orphan_parent .*another trace.*--trace-by/);
});
