import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';
import { ok, scriptedServer, status, type Script, type ScriptedServer } from '../support/scripted-server.js';

const at = (second: number): string =>
  `2025-06-05T10:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}Z`;

/** A span of a trace, within the one of the level before; it names no parent. */
function within(trace: string, level: number): Record<string, unknown> {
  const ids = { trace_unique_id: trace, span_unique_id: `${trace}-${level}` };
  const times = { start_time: at(level), timestamp: at(20 - level) };
  const { span_parent_id: _none, ...row } = nativeRow({ ...ids, ...times });
  return row;
}

/** Traces that leave something to each flag: an orphan, and spans within each other that name no parent. */
const native = [
  ...nativeRows(10),
  nativeRow({ trace_unique_id: 'torn', span_unique_id: 'child', span_parent_id: 'gone' }),
  nativeRow({ trace_unique_id: 'torn', span_unique_id: 'other' }),
  ...[0, 1, 2, 3].map((level) => within('flat', level)),
  ...[0, 1, 2].map((level) => ({
    ...within('mixed', level),
    ...(level === 1 ? { span_parent_id: 'mixed-0' } : {}),
  })),
];

/** Rows of a conversation with pauses of ten minutes, without ids. */
const generic = [0, 1, 600, 601, 1200].map((second, turn) => ({
  session_id: 'conversation',
  timestamp: at(second),
  prompt: `question ${turn}`,
  response: 'reply',
  model: 'm',
  latency_ms: 10,
}));

interface Job {
  server: ScriptedServer;
  cwd: string;
  /** Imports to the server's destination; `--destination-name` makes it another one. */
  run: (...args: string[]) => ReturnType<typeof runForReport>;
}

async function job(rows: readonly unknown[], script?: Script): Promise<Job> {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
  const env = { RESPAN_API_KEY: 'a-key', RESPAN_BASE_URL: server.url };
  return { server, cwd, run: (...args) => runForReport(args, { cwd, env }) };
}

/** What was sent, without the order and the cut of requests. */
function sentSince(server: ScriptedServer, request: number): Set<string> {
  const spans = server.requests.slice(request).flatMap(({ spans }) => spans);
  return new Set(spans.map((span) => JSON.stringify(span)));
}

describe('what was sent is known again', () => {
  test.each([
    ['--remap-ids', '--remap-ids'],
    ['--remap-ids=SEED', '--remap-ids=seed'],
    ['--shift-time-to', '--shift-time-to', '2026-01-01'],
    ['--shift-time-to now', '--shift-time-to', 'now'],
    ['--provenance', '--provenance'],
    ['--infer-parents never', '--infer-parents', 'never'],
    ['--infer-parents always', '--infer-parents', 'always'],
    ['--orphans root', '--orphans', 'root'],
  ])('under %s, although it would be sent otherwise now', async (_name, ...flags) => {
    const { server, run } = await job(native);
    const first = await run('rows.jsonl');
    expect(first.summary.spans).toMatchObject({ ingested: native.length });
    const sent = sentSince(server, 0);

    const again = await run('rows.jsonl', ...flags);
    expect(again.summary.spans).toMatchObject({ already_imported: native.length, ingested: 0, changed: 0 });
    expect(server.requests).toHaveLength(1);

    await run('rows.jsonl', ...flags, '--destination-name', 'elsewhere');
    expect(sentSince(server, 1)).not.toEqual(sent);
  });

  test.each([
    ['--trace-gap', ['--trace-by', 'session_id'], ['--trace-by', 'session_id', '--trace-gap', '5m']],
    [
      'another --trace-gap',
      ['--trace-by', 'session_id', '--trace-gap', '1h'],
      ['--trace-by', 'session_id', '--trace-gap', '1s'],
    ],
  ])('under %s', async (_name, before, flags) => {
    const { server, run } = await job(generic);
    await run('rows.jsonl', ...before);
    const again = await run('rows.jsonl', ...flags);
    expect(again.summary.spans).toMatchObject({ already_imported: 5, ingested: 0 });
    const elsewhere = await run('rows.jsonl', ...flags, '--destination-name', 'elsewhere');
    expect(elsewhere.summary.traces).toBeGreaterThan(1);
    expect(sentSince(server, 1)).not.toEqual(sentSince(server, 0));
  });

  test.each([
    [
      'the other way round: sent under flags, known without',
      ['--remap-ids', '--shift-time-to', 'now', '--orphans', 'root'],
      [],
    ],
    [
      'in other batches',
      ['--batch-spans', '3', '--concurrency', '1'],
      ['--batch-bytes', '1kB', '--concurrency', '7'],
    ],
  ])('%s', async (_name, before, after) => {
    const { server, run } = await job(native);
    await run('rows.jsonl', ...before);
    const requests = server.requests.length;
    const { summary } = await run('rows.jsonl', ...after);
    expect(summary.spans).toMatchObject({ already_imported: native.length, ingested: 0 });
    expect(server.requests).toHaveLength(requests);
  });

  test('from a renamed, moved, split or reordered file or another format, with what was appended sent alone', async () => {
    const { server, cwd, run } = await job(generic);
    await run('rows.jsonl');
    mkdirSync(path.join(cwd, 'archive'));
    renameSync(path.join(cwd, 'rows.jsonl'), path.join(cwd, 'archive', 'other.log'));
    appendFileSync(
      path.join(cwd, 'archive', 'other.log'),
      jsonLines([{ ...generic[0], prompt: 'one more' }]),
    );
    const moved = await run('archive/other.log');
    expect(moved.summary.spans).toMatchObject({ already_imported: 5, ingested: 1 });
    expect(server.requests[1]?.spans).toHaveLength(1);

    rmSync(path.join(cwd, 'archive', 'other.log'));
    generic.forEach((row, position) =>
      writeFileSync(path.join(cwd, 'archive', `${9 - position}.jsonl`), jsonLines([row])),
    );
    const split = await run('archive');
    expect(split.summary.spans).toMatchObject({ already_imported: 5, ingested: 0 });

    const columns = ['session_id', 'timestamp', 'prompt', 'response', 'model', 'latency_ms'] as const;
    const lines = [columns, ...generic.map((row) => columns.map((column) => row[column]))];
    writeFileSync(path.join(cwd, 'rows.csv'), lines.map((line) => `${line.join(',')}\n`).join(''));
    const table = await run('rows.csv');
    expect(table.summary.spans).toMatchObject({ already_imported: 5, ingested: 0 });
  });

  test('of a sample: the rest of the input is what is missing', async () => {
    const { run } = await job(nativeRows(200, 4));
    const sample = await run('rows.jsonl', '--sample', '20%');
    const again = await run('rows.jsonl', '--sample', '20%');
    expect(again.summary.spans).toMatchObject({
      already_imported: sample.summary.spans.ingested,
      ingested: 0,
    });
    const rest = await run('rows.jsonl');
    expect(rest.summary.spans.ingested).toBe(200 - sample.summary.spans.ingested);
  });

  test('of rows that are equal and name no id: each of them once', async () => {
    const { server, cwd, run } = await job([generic[0], generic[0], generic[1]]);
    await run('rows.jsonl');
    appendFileSync(path.join(cwd, 'rows.jsonl'), jsonLines([generic[0]]));
    const { summary } = await run('rows.jsonl');
    expect(summary.spans).toMatchObject({ already_imported: 3, ingested: 1 });
    expect(new Set(server.spans().map((span) => span['span_unique_id'])).size).toBe(4);
  });
});

describe('a run that was stopped after its first batch', () => {
  const stopped: Script = [ok(), status(404)];
  const slowly = ['--batch-spans', '5', '--concurrency', '1'];

  test.each([[['--shift-time-to', 'now']], [['--shift-time-to', '2026-01-01']]])(
    'is gone on with under its own shift (%s), though later rows have come',
    async (flags) => {
      const rows = nativeRows(15, 15);
      const { server, cwd, run } = await job(rows, stopped);
      expect((await run('rows.jsonl', ...flags, ...slowly)).summary.spans).toMatchObject({ ingested: 5 });
      const later = { start_time: '2025-06-05T11:00:00Z', timestamp: '2025-06-05T11:00:01Z' };
      appendFileSync(
        path.join(cwd, 'rows.jsonl'),
        jsonLines([nativeRow({ trace_unique_id: 'late', ...later })]),
      );
      const { summary } = await run('rows.jsonl', ...flags, ...slowly);
      expect(summary.spans).toMatchObject({ already_imported: 5, ingested: 11 });
      // All rows of the first trace start at one moment, and so they do in the destination.
      const spans = server.requests.filter(({ number }) => number !== 2).flatMap(({ spans }) => spans);
      const starts = spans
        .filter((span) => span['trace_unique_id'] !== 'late')
        .map((span) => span['start_time']);
      expect(starts).toHaveLength(15);
      expect(new Set(starts).size).toBe(1);
    },
  );

  test('is gone on with under flags of another kind: each span arrives once', async () => {
    const { server, run } = await job(nativeRows(15), stopped);
    await run('rows.jsonl', ...slowly);
    const { summary } = await run(
      'rows.jsonl',
      '--infer-parents',
      'never',
      '--orphans',
      'root',
      '--batch-spans',
      '2',
    );
    expect(summary.spans).toMatchObject({ already_imported: 5, ingested: 10 });
    const spans = server.requests.filter(({ number }) => number !== 2).flatMap(({ spans }) => spans);
    expect(new Set(spans.map((span) => span['span_unique_id'])).size).toBe(15);
  });
});
