import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { start, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';

const program = fileURLToPath(new URL('../../bin/respan-import.js', import.meta.url));
const env = { RESPAN_API_KEY: 'test-key' };

function folderWithRows(count: number): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(count)));
  return cwd;
}

test.each(['stdout', 'stderr'] as const)(
  'the import goes on where the reader of %s is gone',
  async (name) => {
    const sandbox = await startSandbox({ port: 0 });
    onTestFinished(() => sandbox.close());
    const args = ['rows.jsonl', '--base-url', sandbox.url, '--batch-spans', '5', '--verbose'];
    const run = start(args, { cwd: folderWithRows(100), env });
    run.child[name]!.destroy();
    expect((await run.finished).code).toBe(0);
    expect(sandbox.store.totals().spans).toBe(100);
  },
);

test.skipIf(!existsSync('/dev/full')).each([[['--json']], [[]]])(
  'a result that cannot be written is no success (%j, needs /dev/full)',
  (flags) => {
    const full = openSync('/dev/full', 'w');
    const cwd = folderWithRows(10);
    const run = spawnSync(process.execPath, [program, 'rows.jsonl', '--sandbox', ...flags], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd },
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('stdout (ENOSPC)');
  },
);

test('a run that Node gives up because nothing is left to wait for is no success', async () => {
  const cwd = temporaryFolder();
  // A regular file would be opened in the calling thread.
  execFileSync('mkfifo', [path.join(cwd, 'rows.jsonl')]);
  const preload = path.join(cwd, 'preload.cjs');
  const forever = 'require("node:fs/promises").open = () => new Promise(() => {});';
  writeFileSync(preload, `${forever} require("node:module").syncBuiltinESMExports();`);
  const { finished } = start(['rows.jsonl', '--dry-run'], {
    cwd,
    env: { NODE_OPTIONS: `--require ${preload}` },
  });
  expect(await finished).toMatchObject({ code: 70, stdout: '' });
});
