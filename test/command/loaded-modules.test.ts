import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { fixture } from '../sources/fixture.js';
import { runCommand, temporaryFolder } from '../support/command.js';

const built = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Modules of the program that a run loads, as V8 counts them: paths below `dist`. */
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
      .map(({ url }) => path.relative(built, fileURLToPath(url)))
      .filter((module) => !module.startsWith('..'));
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

test('help loads the command line and nothing of the engine', async () => {
  const modules = await modulesLoadedBy('--help');
  expect(modules).toContain('cli/program.js');
  const needed = /^cli\/|^(?:errors|secrets|input\/excerpt)\.js$/;
  expect(modules.filter((module) => !needed.test(module))).toEqual([]);
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
