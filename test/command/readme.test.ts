import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';

import { createProgram } from '../../src/cli/program.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';
import { unusedActions } from '../support/unused-actions.js';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

test('every flag of the program is in the README, and no other', () => {
  const program = createProgram('0.0.0', unusedActions);
  const flags = [program, ...program.commands].flatMap(({ options }) => options.map(({ long }) => long));
  const documented = new Set(readme.match(/--[a-z]+(?:-[a-z]+)*/g));
  expect(documented).toEqual(new Set([...flags, '--help']));
});

test('the two commands of the first screen stand on lines of their own', () => {
  const firstScreen = readme.split('\n').slice(0, 12);
  expect(firstScreen.filter((line) => line.startsWith('npm ci && '))).toEqual([
    'npm ci && node bin/respan-import.js fixtures/agent-spans.jsonl --sandbox',
    'npm ci && npm test',
  ]);
});

test('the shown import gives the shown result', async () => {
  const cwd = fileURLToPath(root);
  const files = ['fixtures/agent-spans.jsonl', 'fixtures/chat-logs.csv'];
  const run = await runCommand([...files, '--sandbox'], { cwd });
  const shown = /^ingested_spans[^`]*?(?=\n\nThe spans)/m.exec(readme)?.[0];
  expect(shown).toBeDefined();
  expect(run.stdout).toContain(shown);
  expect(run.code).toBe(0);
});

test('the shown report is a part of a real one', async () => {
  const cwd = fileURLToPath(root);
  const { summary } = await runForReport(
    ['fixtures/agent-spans.jsonl', 'fixtures/chat-logs.csv', '--sandbox'],
    { cwd },
  );
  const shown: unknown = JSON.parse(/```json\n([^`]*)```/.exec(readme)![1]!);
  expect(summary).toMatchObject(Object(shown));
});

test.each(['tree ', 'fixtures/agent-spans.jsonl --limit 3 --dry-run'])(
  'the shown %s draws what is shown',
  async (start) => {
    const shown =
      readme.split('```console\n$ npx respan-import ').find((text) => text.startsWith(start)) ?? '';
    const [command = '', ...lines] = shown.slice(0, shown.indexOf('\n```')).split('\n');
    const run = await runCommand(command.split(' '), { cwd: fileURLToPath(root) });
    // The time that a plan takes stands above.
    const from = lines.findIndex((line) => /^(?:trace|rows) /.test(line));
    expect(from).toBeGreaterThanOrEqual(0);
    expect(run.stdout).toContain(`${lines.slice(from).join('\n')}\n`);
  },
);

const run = promisify(execFile);

/** A folder, and an environment that leads to a sandbox of the test. */
async function workspace() {
  const sandbox = await startSandbox({ port: 0 });
  onTestFinished(() => sandbox.close());
  const cwd = temporaryFolder();
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    RESPAN_BASE_URL: sandbox.url,
    RESPAN_API_KEY: 'test-key',
  };
  return { sandbox, cwd, env };
}

test('the shown program imports with the library', async () => {
  const { sandbox, cwd, env } = await workspace();
  const orphan = nativeRow({ span_unique_id: 'orphan', span_parent_id: 'nowhere' });
  writeFileSync(path.join(cwd, 'logs.jsonl'), `${jsonLines([...nativeRows(5), orphan])}broken\n`);
  writeFileSync(path.join(cwd, 'program.mjs'), /```js\n([^`]*)```/.exec(readme)![1]!);
  mkdirSync(path.join(cwd, 'node_modules'));
  symlinkSync(fileURLToPath(root), path.join(cwd, 'node_modules', 'respan-import'), 'junction');

  const { stdout, stderr } = await run(process.execPath, ['program.mjs'], { cwd, env });
  expect([stdout, stderr]).toEqual(['6 1\n', '7 bad_json\n']);
  expect(sandbox.store.totals()).toMatchObject({ spans: 6 });
});

interface Step {
  uses?: string;
  run?: string;
  if?: string;
  'working-directory'?: string;
  with?: Record<string, string>;
}

test.skipIf(process.platform === 'win32')(
  'the shown job keeps its state where the next one finds it, whatever becomes of it',
  async () => {
    const job: { jobs: { migrate: { steps: Step[] } } } = parse(/```yaml\n(jobs:[^`]*)```/.exec(readme)![1]!);
    const { steps } = job.jobs.migrate;
    const step = (wanted: (each: Step) => boolean | undefined): Step => steps.find(wanted) ?? {};
    const restored = step(({ uses }) => uses?.startsWith('actions/cache/restore@'));
    const saved = step(({ uses }) => uses?.startsWith('actions/cache/save@'));
    const imported = step((each) => each.run?.includes('--state-dir'));
    expect(saved).toMatchObject({ if: 'always()', with: { path: restored.with?.['path'] } });
    expect(saved.with?.['key']).toContain(restored.with?.['restore-keys']);
    // A job that is repeated keeps its number, and a cache is never written twice.
    expect(saved.with?.['key']).toContain('github.run_attempt');

    const { sandbox, cwd, env } = await workspace();
    symlinkSync(fileURLToPath(root), path.join(cwd, 'respan-import'), 'junction');
    mkdirSync(path.join(cwd, 'export'));
    writeFileSync(path.join(cwd, 'export', 'logs.jsonl.gz'), gzipSync(jsonLines(nativeRows(5))));
    const command = { cwd: path.join(cwd, imported['working-directory'] ?? '.'), env };
    await run('sh', ['-c', imported.run!], command);
    expect(JSON.parse(readFileSync(path.join(cwd, 'report.json'), 'utf8'))).toMatchObject({ exit_code: 0 });
    expect(readdirSync(path.join(cwd, restored.with!['path']!))).toContain('ledger');
    await run('sh', ['-c', imported.run!], command);
    expect(sandbox.store.totals()).toMatchObject({ spans: 5, requests: 1 });
  },
);
