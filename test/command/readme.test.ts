import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { createProgram } from '../../src/cli/program.js';
import { runCommand, runForReport } from '../support/command.js';
import { unusedActions } from '../support/unused-actions.js';
import { fileURLToPath } from 'node:url';

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
    'npm ci && npx respan-import fixtures/agent-spans.jsonl --sandbox',
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
