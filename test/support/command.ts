import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import type { Summary } from '../../src/report/summary.js';

const program = fileURLToPath(new URL('../../bin/respan-import.js', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  env?: Record<string, string>;
  cwd?: string;
  stdin?: string | Buffer;
  /** Leaves standard input to the test: a pipe that stays open. */
  openStdin?: boolean;
}

/** A folder that lasts as long as the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'respan-import-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** All plain files in the folder and below. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

/** Starts the real program with an environment that holds nothing of the developer's own. */
export function start(
  args: readonly string[],
  options: CommandOptions = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const home = options.cwd ?? temporaryFolder();
  const child = spawn(process.execPath, [program, ...args], {
    cwd: home,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      XDG_STATE_HOME: path.join(home, 'state'),
      ...options.env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that ends early closes its standard input under us.
  child.stdin.on('error', () => {});
  if (options.openStdin !== true) child.stdin.end(options.stdin ?? '');
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished };
}

export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  return start(args, options).finished;
}

/** Runs with `--json` and gives the report too. */
export async function runForReport(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Finished & { summary: Summary }> {
  const finished = await runCommand([...args, '--json'], options);
  if (finished.stdout === '') throw new Error(`no report; exit code ${finished.code}; ${finished.stderr}`);
  const summary: Summary = JSON.parse(finished.stdout);
  return { ...finished, summary };
}

/** Resolves once the stream has said the words. */
export async function outputOf(stream: NodeJS.ReadableStream, words: string): Promise<void> {
  let seen = '';
  await new Promise<void>((resolve) => {
    stream.on('data', (text: string) => {
      seen += text;
      if (seen.includes(words)) resolve();
    });
  });
}

/** NODE_OPTIONS that break Node's HTTP agent before the program starts: `body` runs when one is made. */
export function brokenAgent(body: string): string {
  const code = `
    import http from 'node:http';
    import { syncBuiltinESMExports } from 'node:module';
    const { Agent } = http;
    http.Agent = class extends Agent { constructor(...all) { super(...all); ${body} } };
    syncBuiltinESMExports();`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}
