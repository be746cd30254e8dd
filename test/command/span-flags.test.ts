import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow } from '../support/native-rows.js';

const env = { RESPAN_API_KEY: 'test-key' };

const rows = [
  nativeRow({
    trace_unique_id: 'old',
    span_unique_id: 'r',
    start_time: '2025-01-01T00:00:00Z',
    timestamp: '2025-01-01T00:00:01Z',
  }),
  nativeRow({
    trace_unique_id: 'new',
    span_unique_id: 'r',
    input: 'mail a@b.c',
    customer_email: 'a@b.c',
    metadata: { user: { email: 'a@b.c' } },
  }),
  nativeRow({ trace_unique_id: 'new', span_unique_id: 'c', span_parent_id: 'r' }),
];

interface Job {
  server: Sandbox;
  /** Imports the rows with these flags and gives the report. */
  run: (...flags: string[]) => ReturnType<typeof runForReport>;
}

async function job(): Promise<Job> {
  const server = await startSandbox({ port: 0 });
  onTestFinished(() => server.close());
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
  const fixed = ['rows.jsonl', '--base-url', server.url, '--state-dir', 'state'];
  return { server, run: (...flags) => runForReport([...flags, ...fixed], { cwd, env }) };
}

test('privacy flags keep what they name from the destination', async () => {
  const { server, run } = await job();
  const { code, summary } = await run(
    '--redact',
    '\\w@b\\.c',
    '--hash-field',
    'customer_email',
    '--drop-field',
    'metadata.user.email',
  );
  expect(code).toBe(0);
  expect(JSON.stringify(server.store.trace('new'))).not.toContain('a@b.c');
  expect(server.store.trace('new')).toContainEqual(
    expect.objectContaining({
      input: 'mail [redacted]',
      customer_email: expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
    }),
  );
  expect(summary.notes).toEqual({ dropped_field: 1, hashed_field: 1, redacted: 1 });
});

test('other privacy flags send again what they change, and nothing else', async () => {
  const { server, run } = await job();
  await run();
  const { summary } = await run('--redact', 'mail');
  expect(summary.spans).toMatchObject({ planned: 3, ingested: 1, changed: 1, already_imported: 2 });
  expect(server.store.trace('new')).toContainEqual(expect.objectContaining({ input: '[redacted] a@b.c' }));
});

test('--since and --until leave out whole traces, and both equations hold', async () => {
  const { server, run } = await job();
  const { code, summary } = await run('--since', '2025-06-01', '--until', '2025-07-01');
  expect(code).toBe(0);
  expect(server.store.shapes()).toMatchObject([{ spans: 2, roots: 1, orphans: 0 }]);
  expect(summary.rows).toMatchObject({
    read: 3,
    used: 2,
    skipped: 1,
    skipped_by_reason: { before_since: 1 },
  });
  expect(summary.balanced).toEqual({ rows: true, spans: true });
});

test('--sample takes whole traces', async () => {
  const { run } = await job();
  const { code, summary } = await run('--sample', '1');
  expect(code).toBe(0);
  expect(summary.traces).toBe(1);
  expect(summary.rows.used + (summary.rows.skipped_by_reason['not_sampled'] ?? 0)).toBe(3);
  expect(summary.balanced).toEqual({ rows: true, spans: true });
});

test('--provenance tells run, source, file and line', async () => {
  const { server, run } = await job();
  const { summary } = await run('--provenance');
  const run1 = summary.rewritten?.provenance;
  expect(run1).toBeDefined();
  expect(server.store.trace('old')).toMatchObject([
    {
      metadata: {
        'import.run': run1,
        'import.source': 'respan',
        'import.file': 'rows.jsonl',
        'import.line': '1',
      },
    },
  ]);
});

test('--shift-time-to moves the latest end and keeps the intervals', async () => {
  const { server, run } = await job();
  const { summary } = await run('--shift-time-to', '2026-01-01T00:00:00Z');
  expect(summary.time_range?.to).toBe('2026-01-01T00:00:00Z');
  expect(server.store.trace('new')).toContainEqual(
    expect.objectContaining({ start_time: '2025-12-31T23:59:58.500001Z', timestamp: '2026-01-01T00:00:00Z' }),
  );
});

describe('--remap-ids', () => {
  test('sends the same trees under other ids, and tells the seed that repeats them', async () => {
    const { server, run } = await job();
    // The flag stands before the name of the file and does not take it for a seed.
    const { code, summary } = await run('--remap-ids');
    expect(code).toBe(0);
    const seed = summary.rewritten?.remap_ids;
    expect(server.store.shapes()).toHaveLength(2);
    expect(server.store.trace('new')).toBeUndefined();
    await run(`--remap-ids=${String(seed)}`, '--no-resume');
    expect(server.store.shapes()).toHaveLength(2);
    await run('--remap-ids=other', '--no-resume');
    expect(server.store.shapes()).toMatchObject([{ roots: 1 }, { roots: 1 }, { roots: 1 }, { roots: 1 }]);
  });

  test('is not sent twice: the ledger knows the rows', async () => {
    const { run } = await job();
    await run('--remap-ids');
    const { summary } = await run('--remap-ids');
    expect(summary.spans).toMatchObject({ planned: 3, already_imported: 3, ingested: 0 });
  });

  test('tells the seed to people too', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
    const { stdout } = await runCommand(['rows.jsonl', '--dry-run', '--remap-ids=demo'], { cwd });
    expect(stdout).toContain('--remap-ids=demo');
  });
});

test.each([
  ['--redact', '(a+)+$'],
  ['--redact', '('],
  ['--drop-field', 'email'],
  ['--hash-field', 'cost'],
  ['--since', 'soon'],
  ['--sample', 'some'],
  ['--shift-time-to', 'later'],
])('%s %s is refused before anything is read', async (flag, value) => {
  const { code, stderr } = await runCommand(['missing.jsonl', '--dry-run', flag, value]);
  expect(code).toBe(2);
  expect(stderr).toContain('bad_option');
});
