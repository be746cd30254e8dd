import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { missing } from '../../bench/contestants/contestant.js';
import { speedTable } from '../../bench/results.js';
import { runRounds } from '../../bench/rounds.js';
import { startSink } from '../../bench/sink/start-sink.js';

const input = { path: 'unused', bytes: 1000, size: 1000, rows: 4, records: 4, traces: 1 };
let folder: string;
let sink: Awaited<ReturnType<typeof startSink>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'respan-import-test-'));
  sink = await startSink();
});
afterAll(async () => {
  await sink.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  process.exitCode = undefined;
});

/** Hands over so many spans, says that it read so many rows, and ends. */
async function contestant(spans: number, { told = 4, exitCode = 0, mayLose = false } = {}) {
  const script = path.join(folder, `${spans}-${told}-${exitCode}.mjs`);
  const body = JSON.stringify(Array.from({ length: spans }, () => ({ span_unique_id: 'x' })));
  await writeFile(
    script,
    `await fetch(process.argv[2] + '/v1/traces/ingest', { method: 'POST', body: ${JSON.stringify(body)} });
     console.log(JSON.stringify({ rows: ${told} }));
     process.exitCode = ${exitCode};`,
  );
  return {
    name: `hands over ${spans}`,
    delivers: true,
    mayLose,
    script: pathToFileURL(script),
    arguments: ({ url }: { url: string }) => [url],
  };
}

async function runOf(one: Awaited<ReturnType<typeof contestant>>, rounds = 1) {
  const lines: string[] = [];
  const runs = await runRounds([one], rounds, { input, peers: undefined }, sink, (line) => lines.push(line));
  return { runs, lines, table: speedTable([one], runs, input), first: runs.get(one.name)?.[0] };
}

test('a run that delivers every row is complete, and tells its own memory and time', async () => {
  const { first, table } = await runOf(await contestant(4));
  expect(first).toMatchObject({ complete: true, exitCode: 0 });
  expect(first?.peakBytes).toBeGreaterThan(10e6);
  expect(first?.cpuSeconds).toBeGreaterThan(0);
  expect(first?.rowsPerSecond).toBeCloseTo(4 / (first?.seconds ?? 0));
  expect(table).not.toContain('**');
  expect(process.exitCode).toBeUndefined();
});

test.each([
  ['loses a row', 3, {}],
  ['sends one twice', 5, {}],
  ['says that it read fewer', 4, { told: 3 }],
  ['fails', 4, { exitCode: 1 }],
])('a run that %s is not complete, and the benchmark fails', async (_, spans, facts) => {
  const { first } = await runOf(await contestant(spans, facts));
  expect(first?.complete).toBe(false);
  expect(process.exitCode).toBe(1);
});

test('a peer that loses rows is marked with the share that arrived, and counts only for that', async () => {
  const { first, table } = await runOf(await contestant(1, { mayLose: true }));
  expect(table).toContain('**1 (25 %)**');
  expect(first?.rowsPerSecond).toBeCloseTo(1 / (first?.seconds ?? 0));
  expect(process.exitCode).toBeUndefined();
});

test('every round is told, and counts for itself', async () => {
  const { runs, lines } = await runOf(await contestant(4), 2);
  expect([...runs.values()].flat().map((run) => run.totals.spans)).toEqual([4, 4]);
  expect(lines).toHaveLength(2);
});

test('what is not installed is told with the command that installs it', async () => {
  await mkdir(path.join(folder, 'node_modules/@here/it-is'), { recursive: true });
  await writeFile(path.join(folder, 'node_modules/@here/it-is/package.json'), '{}');
  const one = await contestant(4);
  expect(missing({ ...one, packages: ['@here/it-is@1'] }, folder)).toBeUndefined();
  expect(missing({ ...one, packages: ['@here/it-is@1', 'absent@2'] }, folder)).toBe(
    `npm install --prefix ${folder} "absent@2"`,
  );
  expect(missing({ ...one, packages: ['absent@2'] }, undefined)).toContain('--peers DIR');
  expect(missing({ ...one, tools: ['sh', 'no-such-program'] }, folder)).toContain('no-such-program');
  expect(missing({ ...one, tools: ['sh'] }, folder)).toBeUndefined();
});
