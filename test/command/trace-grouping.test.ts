import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines } from '../support/native-rows.js';

const env = { RESPAN_API_KEY: 'test-key' };

function turn(prompt: string, at: string): Record<string, unknown> {
  return { chat: 'c', prompt, response: 'r', timestamp: `2025-06-05T${at}:00Z`, latency_ms: 1000 };
}

function step(id: string, parent?: string): Record<string, unknown> {
  return { ...turn(id, '10:00'), id, parent_id: parent };
}

async function job(rows: readonly Record<string, unknown>[]) {
  const server = await startSandbox({ port: 0 });
  onTestFinished(() => server.close());
  const cwd = temporaryFolder();
  const file = path.join(cwd, 'rows.jsonl');
  writeFileSync(file, jsonLines(rows));
  const fixed = ['rows.jsonl', '--base-url', server.url, '--state-dir', 'state'];
  return {
    server,
    append: (row: Record<string, unknown>) => appendFileSync(file, jsonLines([row])),
    run: (...flags: string[]) => runForReport([...flags, ...fixed], { cwd, env }),
  };
}

test('--trace-gap cuts conversations at pauses; the ledger knows what was sent before them', async () => {
  const { server, run, append } = await job([turn('1', '10:00'), turn('2', '10:10'), turn('3', '12:00')]);
  const first = await run('--trace-by', 'chat', '--trace-gap', '30m');
  expect(first.summary).toMatchObject({
    exit_code: 0,
    traces: 2,
    created_traces: 2,
    regrouped: { joined: 0, begun: 1 },
  });
  expect(server.store.trace('c')).toHaveLength(2);

  append(turn('4', '12:05'));
  const second = await run('--trace-by', 'chat', '--trace-gap', '30m');
  expect(second.summary).toMatchObject({
    traces: 2,
    created_traces: 1,
    spans: { already_imported: 3, ingested: 1 },
  });
  const other = await run('--trace-by', 'chat', '--trace-gap', '1d');
  expect(other.summary).toMatchObject({ traces: 1, spans: { already_imported: 4, ingested: 0 } });
});

test('rows that name parents but no trace arrive as one trace, and children may be appended', async () => {
  const { server, run, append } = await job([step('leaf', 'mid'), step('mid', 'root'), step('root')]);
  const { summary } = await run();
  expect(summary).toMatchObject({
    exit_code: 0,
    traces: 1,
    regrouped: { joined: 2, begun: 0 },
    parents: { explicit: 2, roots: 1, orphans: 0 },
  });
  const [{ trace_unique_id: trace } = { trace_unique_id: '' }] = server.store.shapes();
  append(step('late', 'root'));
  expect((await run()).summary.spans).toMatchObject({ already_imported: 3, ingested: 1 });
  expect(server.store.trace(trace)).toHaveLength(4);
});

test('--trace-gap with nothing to cut is told and costs nothing; another unit is a usage error', async () => {
  const { run } = await job([turn('1', '10:00')]);
  const { code, summary, stderr } = await run('--trace-gap', '30m');
  expect([code, summary.warnings['nothing_to_cut']]).toEqual([0, 1]);
  expect(stderr).toContain('--trace-by');
  for (const wrong of ['30 parsecs', '0s', '-5m', '']) {
    const { code: refused, stderr: told } = await runCommand(['x.jsonl', `--trace-gap=${wrong}`]);
    expect(refused).toBe(2);
    expect(told).toContain('--trace-gap');
  }
});
