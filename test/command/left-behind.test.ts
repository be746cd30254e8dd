import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { brokenAgent, filesBelow, outputOf, runCommand, start, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { hang, ok, scriptedServer, status, type Script } from '../support/scripted-server.js';

const env = { RESPAN_API_KEY: 'key-of-the-test' };

async function serve(script: Script) {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** A run that spools, and whose temporary folder is its own. */
function prepare() {
  const cwd = temporaryFolder();
  const temporary = path.join(cwd, 'tmp');
  mkdirSync(temporary);
  const rows = nativeRows(200).map((row) => ({ ...row, unknown: 1 }));
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
  const left = (): string[] => [
    ...readdirSync(temporary),
    ...filesBelow(cwd).filter((file) => file.includes('spool-')),
  ];
  return { cwd, env: { ...env, TMPDIR: temporary }, left };
}

test('everything that a run writes is private, and the spool is gone', async () => {
  const server = await serve(({ spans }) => (spans.length > 1 ? status(422, {}) : ok()));
  const cwd = temporaryFolder();
  const rows = nativeRows(6).map((row) => ({ ...row, unknown: 1 }));
  writeFileSync(path.join(cwd, 'rows.jsonl'), `${jsonLines(rows)}{"broken\n`);
  await runCommand(['rows.jsonl', '--base-url', server.url], { cwd, env });
  const written = filesBelow(cwd).filter((file) => !file.endsWith(`${path.sep}rows.jsonl`));
  expect(written.some((file) => file.endsWith('.ledger.jsonl'))).toBe(true);
  expect(written.map((file) => statSync(file).mode & 0o077)).toEqual(written.map(() => 0));
  expect(written.map((file) => statSync(path.dirname(file)).mode & 0o077)).toEqual(written.map(() => 0));
  expect(written.filter((file) => file.includes('spool-'))).toEqual([]);
});

test('rejects are kept where they should be, though the working folder was deleted meanwhile', async () => {
  const cwd = temporaryFolder();
  const input = path.join(temporaryFolder(), 'rows.jsonl');
  writeFileSync(input, jsonLines(nativeRows(2)));
  const refusing = await serve(({ spans }) => {
    // The first request holds both.
    if (spans.length > 1) rmSync(cwd, { recursive: true });
    return status(422, {});
  });
  const refused = await runCommand([input, '--base-url', refusing.url], { cwd, env });
  expect(refused.code).toBe(1);
  expect(filesBelow(cwd).map((file) => path.basename(file))).toEqual(
    expect.arrayContaining(['reasons.jsonl', 'spans.jsonl']),
  );
});

describe('temporary files are gone', () => {
  test.each([
    ['a dry run', ['--dry-run']],
    ['a rehearsal', ['--sandbox']],
    ['a refused address', ['--base-url', 'http://127.0.0.1:1', '--retry-for', '0s']],
    ['a wrong flag', ['--sandbox', '--base-url', 'x']],
    ['too many errors', ['--sandbox', '--max-errors', '0', '--strict']],
  ])('after %s', async (_name, args) => {
    const { left, ...options } = prepare();
    await runCommand(['rows.jsonl', ...args], options);
    expect(left()).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('after %s in an upload, twice', async (signal) => {
    const { left, ...options } = prepare();
    const server = await serve(() => hang());
    const run = start(['rows.jsonl', '--base-url', server.url], options);
    await Promise.race([server.received(1), run.finished]);
    const stopping = outputOf(run.child.stderr!, 'stopping');
    run.child.kill(signal);
    await stopping;
    // Once: a process that is about to be gone hears no signal any more.
    const again = setTimeout(() => run.child.kill(signal), 200);
    expect((await run.finished).code).toBe(130);
    clearTimeout(again);
    expect(left()).toEqual([]);
  });

  test('after a signal while a rehearsal reads from a pipe', async () => {
    const { left, ...options } = prepare();
    const run = start(['-', '--sandbox'], { ...options, openStdin: true });
    const rows = jsonLines(nativeRows(5000));
    await new Promise((resolve) => run.child.stdin!.write(rows, resolve));
    run.child.kill('SIGHUP');
    expect((await run.finished).code).toBe(130);
    expect(left()).toEqual([]);
  });

  test('after the reader of the output has gone', async () => {
    const { left, ...options } = prepare();
    const run = start(['rows.jsonl', '--sandbox', '--json'], options);
    run.child.stdout?.destroy();
    run.child.stderr?.destroy();
    expect((await run.finished).code).toBe(0);
    expect(left()).toEqual([]);
  });

  test('after a bug that nobody waited for', async () => {
    const { left, ...options } = prepare();
    const NODE_OPTIONS = brokenAgent("setTimeout(() => { throw new Error('a bug'); });");
    const broken = { ...options.env, NODE_OPTIONS };
    const run = await runCommand(['rows.jsonl', '--sandbox'], { ...options, env: broken });
    expect(run.code).toBe(70);
    expect(left()).toEqual([]);
  });
});
