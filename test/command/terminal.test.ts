import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { runCommand, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { ok, scriptedServer, status } from '../support/scripted-server.js';

const program = fileURLToPath(new URL('../../bin/respan-import.js', import.meta.url));
const escape = '\u001b';

/** `script` gives a program a real terminal; it comes with every Linux that has util-linux. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

function inTerminal(cwd: string, args: string, env: Record<string, string> = {}): string {
  const command = `${process.execPath} ${program} ${args}`;
  return execFileSync('script', ['-qefc', command, '/dev/null'], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm', ...env },
  });
}

function folderWithRows(count: number): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(count)));
  return cwd;
}

test.skipIf(!hasScript)(
  'a terminal gets a progress line that is erased, and colours (needs `script`)',
  () => {
    const cwd = folderWithRows(40_000);
    const shown = inTerminal(cwd, 'rows.jsonl --sandbox');
    expect(shown).toMatch(/\r.*rows/);
    expect(shown).toContain(`\r${escape}[2K`);
    expect(shown).toContain('ingested_spans');
  },
);

test.skipIf(!hasScript)('--no-progress and --no-color leave a terminal plain (needs `script`)', () => {
  const shown = inTerminal(folderWithRows(40_000), 'rows.jsonl --sandbox --no-progress --no-color');
  expect(shown).not.toContain(escape);
});

test('a pipe gets no colours and no repainting', async () => {
  const run = await runCommand(['rows.jsonl', '--sandbox'], { cwd: folderWithRows(10) });
  expect(run.stdout + run.stderr).not.toContain(escape);
});

test.each([[[]], [['--concurrency', '32', '--batch-spans', '5']]])(
  '--quiet leaves stderr empty (%j)',
  async (flags) => {
    const run = await runCommand(['rows.jsonl', '--sandbox', '--quiet', ...flags], {
      cwd: folderWithRows(1000),
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  },
);

test('--ascii prints nothing beyond ASCII', async () => {
  const run = await runCommand(['rows.jsonl', '--sandbox', '--ascii'], { cwd: folderWithRows(10) });
  expect(run.stdout + run.stderr).toMatch(/^[\n\u0020-\u007e]*$/);
});

test.skipIf(!hasScript)(
  'a terminal tells that the server asks to wait, on one line of its width (needs `script`)',
  async () => {
    const server = await scriptedServer([ok(), status(429, { detail: 'slow down', retry_after: 1 })]);
    onTestFinished(() => server.close());
    const cwd = folderWithRows(40);
    const columns = 70;
    const command = `stty cols ${columns}; ${process.execPath} ${program} rows.jsonl --batch-spans 10 --base-url ${server.url}`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm', RESPAN_API_KEY: 'test-key' },
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    const repainted = shown.split(`\r${escape}[2K`).map((text) => text.split('\n').at(-1) ?? '');
    const told = repainted.filter((text) => text.startsWith('uploading'));
    expect(told.join('\n')).toContain('server asks to wait 1 s');
    expect(Math.max(...told.map((text) => text.length))).toBeLessThan(columns);
  },
);
