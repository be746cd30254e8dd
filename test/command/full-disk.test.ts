import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { Summary } from '../../src/report/summary.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';

const program = fileURLToPath(new URL('../../bin/respan-import.js', import.meta.url));

/** How the room for files is limited while the first of two equal commands runs: shell text around the commands. */
interface Disk {
  /** The shell that runs the script. */
  shell: readonly string[];
  before: (kibibytes: number) => string;
  during: (kibibytes: number) => string;
  after: string;
}

/** A filesystem of its own, mounted over `disk` in a private namespace (util-linux); the system may forbid that. */
const smallFilesystem: Disk = {
  shell: ['unshare', '-rm', 'sh'],
  before: (kibibytes) => `mount -t tmpfs -o size=${kibibytes}k,mode=700 tmpfs disk`,
  during: () => ':',
  after: 'mount -o remount,size=512m disk',
};
/** Where a file grows beyond it, writing fails as on a full disk, with another code. */
const fileSizeLimit: Disk = {
  shell: ['sh'],
  before: () => ':',
  during: (kibibytes) => `ulimit -f ${kibibytes}`,
  after: ':',
};

function mayMount(): boolean {
  if (process.platform !== 'linux') return false;
  // Seen by nobody else, and gone with the shell.
  return spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /mnt']).status === 0;
}

interface Attempt {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the same command twice: with so much room for files, then with plenty. */
async function runTwice(
  disk: Disk,
  kibibytes: number,
  cwd: string,
  args: readonly string[],
): Promise<Attempt[]> {
  mkdirSync(path.join(cwd, 'disk'));
  const script = [
    'set -e',
    disk.before(kibibytes),
    `( ${disk.during(kibibytes)}; "$@" ) >1.out 2>1.err || echo $? >1.code`,
    disk.after,
    '"$@" >2.out 2>2.err || echo $? >2.code',
  ];
  const [shell = '', ...flags] = disk.shell;
  const command = [process.execPath, program, ...args, '--json'];
  const child = spawn(shell, [...flags, '-c', script.join('\n'), 'sh', ...command], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, RESPAN_API_KEY: 'test-key' },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  const text = (name: string): string => readFileSync(path.join(cwd, name), { encoding: 'utf8', flag: 'a+' });
  return [1, 2].map((number) => ({
    code: Number(text(`${number}.code`)),
    stdout: text(`${number}.out`),
    stderr: text(`${number}.err`),
  }));
}

function summaryOf({ stdout }: Attempt): Summary {
  return JSON.parse(stdout);
}

async function prepare(rows: readonly unknown[]) {
  const sandbox = await startSandbox({ port: 0 });
  onTestFinished(() => sandbox.close());
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
  return { sandbox, cwd, args: ['rows.jsonl', '--base-url', sandbox.url] };
}

describe.each([
  { name: 'a filesystem that is full (needs leave to mount)', disk: smallFilesystem, skip: !mayMount() },
  { name: 'a limit on the size of files', disk: fileSizeLimit, skip: process.platform === 'win32' },
])('$name', ({ disk, skip }) => {
  test.skipIf(skip)('stops the plan where the spool finds no room, before anything is sent', async () => {
    const { sandbox, cwd, args } = await prepare(nativeRows(20_000));
    const spooling = [...args, '--set', 'environment=test', '--state-dir', 'disk'];
    const [first, second] = await runTwice(disk, 1024, cwd, spooling);
    expect(first).toMatchObject({ code: 3, stdout: '' });
    expect(first?.stderr).toContain('spool_unwritable');
    expect(second?.code).toBe(0);
    const { requests } = summaryOf(second!).upload;
    expect(sandbox.store.totals()).toMatchObject({ spans: 20_000, repeated: 0, requests });
  });

  test.skipIf(skip)(
    'stops the upload where the ledger finds no room, and loses and repeats nothing else',
    async () => {
      const { sandbox, cwd, args } = await prepare(nativeRows(3000));
      const small = [...args, '--batch-spans', '100', '--concurrency', '1', '--state-dir', 'disk'];
      // Room for the claim of 3,000 spans, and for a part of what is to be remembered of them.
      const [first, second] = await runTwice(disk, 48, cwd, small);
      const stopped = summaryOf(first!);
      expect(first?.code).toBe(3);
      expect(stopped.stopped?.code).toBe('ledger_unusable');
      expect(stopped.balanced).toEqual({ rows: true, spans: true });
      // The batch that could not be remembered does not count as delivered.
      expect(stopped.spans).toMatchObject({ failed: 100, refused: 0 });
      expect(stopped.spans.ingested).toBeGreaterThan(0);
      expect(stopped.spans.held_back).toBeGreaterThan(0);

      expect(second?.code).toBe(0);
      expect(summaryOf(second!).spans.already_imported).toBe(stopped.spans.ingested);
      expect(sandbox.store.totals()).toMatchObject({ spans: 3000, repeated: 100 });
    },
  );

  test.skipIf(skip)('stops the plan where the rejects find no room, before anything is sent', async () => {
    const bad = nativeRow({ start_time: 'some day', timestamp: 'another', input: 'x'.repeat(400) });
    const { sandbox, cwd, args } = await prepare([
      ...nativeRows(10),
      ...Array.from({ length: 500 }, () => bad),
    ]);
    const [first, second] = await runTwice(disk, 32, cwd, [...args, '--rejects', 'disk/rejects']);
    expect(first?.code).toBe(3);
    expect(first?.stderr).toContain('rejects_unwritable');
    expect(second?.code).toBe(1);
    expect(summaryOf(second!).rows).toMatchObject({ used: 10, rejected: 500 });
    expect(sandbox.store.totals()).toMatchObject({ spans: 10, requests: 1 });
  });
});
