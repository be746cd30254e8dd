import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { expect, onTestFinished, test } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { outputOf, runCommand, runForReport, start, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { held, ok, scriptedServer, type Answer } from '../support/scripted-server.js';

const env = { RESPAN_API_KEY: 'test-key' };

function importFolder(spans: number): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(spans)));
  return cwd;
}

test('after a kill -9 the same command sends what is missing', async () => {
  const sandbox = await startSandbox({ port: 0 });
  onTestFinished(() => sandbox.close());
  const cwd = importFolder(2000);
  const args = ['rows.jsonl', '--base-url', sandbox.url, '--batch-spans', '20', '--concurrency', '1'];

  const first = start([...args, '--rate-limit', '20/s'], { cwd, env });
  while (sandbox.store.totals().requests < 5 && first.child.exitCode === null) await setImmediate();
  first.child.kill('SIGKILL');
  await first.finished;
  const before = sandbox.store.totals();
  expect(before.spans).toBeLessThan(2000);

  const { code, summary } = await runForReport(args, { cwd, env });
  expect(code).toBe(0);
  expect(summary.spans.already_imported).toBeGreaterThanOrEqual(before.spans - 20);
  expect(summary.spans.already_imported + summary.spans.ingested).toBe(2000);
  const after = sandbox.store.totals();
  expect(after.spans).toBe(2000);
  // Only what was in flight at the kill may have arrived twice.
  expect(after.repeated).toBeLessThanOrEqual(20);
});

/** An import of 100 spans in batches of 10, one at a time, whose second request the server holds. */
async function importHeldAt(
  answer: Answer,
): Promise<{ run: ReturnType<typeof start>; again: string[]; cwd: string }> {
  const server = await scriptedServer([ok(), answer]);
  onTestFinished(() => server.close());
  const cwd = importFolder(100);
  const again = ['rows.jsonl', '--base-url', server.url, '--batch-spans', '10', '--concurrency', '1'];
  const run = start([...again, '--json'], { cwd, env });
  await Promise.race([server.received(2), run.finished]);
  return { run, again, cwd };
}

test.each<[string, NodeJS.Signals[]]>([
  ['SIGINT', ['SIGINT']],
  ['SIGTERM, delivered twice at once as by timeout(1)', ['SIGTERM', 'SIGTERM']],
  ['SIGHUP', ['SIGHUP']],
])('%s lets what is in flight end, holds the rest back and can be resumed', async (_name, signals) => {
  const first = held(ok());
  const { run, again, cwd } = await importHeldAt(first);
  const stopping = outputOf(run.child.stderr!, 'stopping');
  for (const signal of signals) run.child.kill(signal);
  await stopping;
  first.release();
  const { code, stdout } = await run.finished;
  expect(code).toBe(130);
  const interrupted = JSON.parse(stdout);
  expect(interrupted.spans).toMatchObject({ planned: 100, ingested: 20, held_back: 80 });
  expect(interrupted.balanced).toEqual({ rows: true, spans: true });

  const resumed = await runForReport(again, { cwd, env });
  expect(resumed.code).toBe(0);
  expect(resumed.summary.spans).toMatchObject({ already_imported: 20, ingested: 80 });
});

test('a second interrupt stops at once, and what was acknowledged stays known', async () => {
  const { run, again, cwd } = await importHeldAt(held(ok()));
  const stopping = outputOf(run.child.stderr!, 'stopping');
  run.child.kill('SIGTERM');
  await stopping;
  // Until it counts as a second one, a signal is taken for the first.
  while (run.child.exitCode === null) {
    run.child.kill('SIGTERM');
    await setImmediate();
  }
  expect(await run.finished).toMatchObject({ code: 130, stdout: '' });
  const resumed = await runForReport(again, { cwd, env });
  expect(resumed.summary.spans).toMatchObject({ already_imported: 10, ingested: 90 });
});

test('an interrupt ends a run that waits for standard input', async () => {
  const run = start(['-', '--dry-run'], { openStdin: true });
  // More than a pipe holds: once all of it is written, the program has read from it.
  const rows = jsonLines(nativeRows(5000));
  await new Promise((resolve) => run.child.stdin!.write(rows, resolve));
  run.child.kill('SIGTERM');
  expect((await run.finished).code).toBe(130);
});

test('what a killed sandbox run left among the temporary files goes with the next one', async () => {
  const cwd = temporaryFolder();
  const temporary = path.join(cwd, 'tmp');
  mkdirSync(temporary);
  const options = { cwd, env: { TMPDIR: temporary } };
  const waiting = start(['-', '--sandbox'], { ...options, openStdin: true });
  while (readdirSync(temporary).length === 0 && waiting.child.exitCode === null) await setImmediate();
  const [living] = readdirSync(temporary);

  await runCommand(['-', '--sandbox'], options);
  expect(readdirSync(temporary)).toEqual([living]);

  waiting.child.kill('SIGKILL');
  await waiting.finished;
  expect(readdirSync(temporary)).toEqual([living]);
  await runCommand(['-', '--sandbox'], options);
  expect(readdirSync(temporary)).toEqual([]);
});
