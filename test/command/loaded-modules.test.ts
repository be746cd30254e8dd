import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { fixture } from '../sources/fixture.js';
import { runCommand, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';

const built = fileURLToPath(new URL('../../dist/', import.meta.url));
const program = path.join(built, 'program', path.sep);
const moduleName = /^\/\/ dist\/(\S+)$/gm;

/**
 * Modules of the program that a run loads: paths below `dist`. V8 counts the files, and in each stands above every module
 * what it was.
 */
async function modulesLoadedBy(...args: string[]): Promise<string[]> {
  const folder = temporaryFolder();
  const { code, stderr } = await runCommand(args, { env: { NODE_V8_COVERAGE: folder } });
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  return readdirSync(folder).flatMap((name) => {
    const { result }: { result: { url: string }[] } = JSON.parse(
      readFileSync(path.join(folder, name), 'utf8'),
    );
    return result
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => fileURLToPath(url))
      .filter((file) => file.startsWith(program))
      .flatMap((file) =>
        Array.from(readFileSync(file, 'utf8').matchAll(moduleName), ([, module = '']) => module),
      );
  });
}

/** The formats whose mapping is among the modules. */
function mappingsIn(modules: readonly string[]): string[] {
  const format = /^sources\/([a-z-]+)\.js$/;
  const recognised = readdirSync(path.join(built, 'sources', 'recognisers'));
  return modules
    .map((module) => format.exec(module)?.[1] ?? '')
    .filter((name) => recognised.includes(`${name}.js`));
}

const besideTheEngine = /^cli\/|^(?:errors|secrets|input\/excerpt)\.js$/;

test('help loads the command line and nothing of the engine', async () => {
  const modules = await modulesLoadedBy('--ascii', '--help');
  expect(modules).toContain('cli/program.js');
  expect(modules.filter((module) => !besideTheEngine.test(module))).toEqual([]);
});

test.each(['--help', '--version'])('%s alone does not load the command line either', async (flag) => {
  const modules = await modulesLoadedBy(flag);
  expect(modules).toContain('cli/main.js');
  expect(modules).not.toContain('cli/program.js');
  expect(modules.filter((module) => !besideTheEngine.test(module))).toEqual([]);
});

test.each([
  ['spans of the destination', 'agent-spans.jsonl', 'respan'],
  ['a table of any making', 'chat-logs.csv', 'generic'],
])('%s load one mapping, whatever else was recognised', async (_rows, name, source) => {
  expect(mappingsIn(await modulesLoadedBy(fixture(name), '--dry-run'))).toEqual([source]);
});

test('a dry run loads nothing that sends, remembers or keeps rejects', async () => {
  const modules = await modulesLoadedBy(fixture('agent-spans.jsonl'), '--dry-run');
  expect(modules).toContain('plan/plan.js');
  const unneeded =
    /^(?:ledger|sandbox|mapping|trace\/infer\/infer-parents)|^upload\/(?:deliver|http|pace)|rejects/;
  expect(modules.filter((module) => unneeded.test(module))).toEqual([]);
});

test('the list of formats loads no mapping', async () => {
  const modules = await modulesLoadedBy('formats');
  expect(modules).toContain('sources/registry.js');
  expect(mappingsIn(modules)).toEqual([]);
});

test.each(['formats', 'status'])('%s loads nothing that plans or sends', async (command) => {
  const modules = await modulesLoadedBy(command);
  expect(modules).toContain(`cli/commands/${command}.js`);
  expect(modules.filter((module) => /^(?:plan|digest|upload)\//.test(module))).toEqual([]);
});

test('several threads load what digests rows, and one does not', async () => {
  const rows = path.join(temporaryFolder(), 'rows.jsonl');
  writeFileSync(rows, jsonLines(nativeRows(6000).map((row) => ({ ...row, input: 'x'.repeat(300) }))));
  const ofTwo = await modulesLoadedBy(rows, '--dry-run', '--jobs', '2');
  expect(ofTwo).toContain('digest/digest-worker.js');
  const ofOne = await modulesLoadedBy(rows, '--dry-run', '--jobs', '1');
  expect(ofOne).toContain('digest/range-digester.js');
  expect(ofOne).not.toContain('digest/digest-worker.js');
});
