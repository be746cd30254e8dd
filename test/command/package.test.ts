import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { temporaryFolder } from '../support/command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

test('the packed tarball runs in an empty folder, and its library can be imported', () => {
  const folder = temporaryFolder();
  // Without scripts: the build is there already, and another test may be running it.
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(path.join(folder, 'package.json'), '{"name":"empty","version":"1.0.0","private":true}');
  run('npm', ['install', '--prefer-offline', '--omit=dev', `./${tarball}`], folder);

  const fixture = path.join('node_modules', 'respan-import', 'fixtures', 'agent-spans.jsonl');
  const shown = run(path.join('node_modules', '.bin', 'respan-import'), [fixture, '--sandbox'], folder);
  expect(shown).toMatch(/^ingested_spans +10$/m);

  const script = "import('respan-import').then((library) => console.log(Object.keys(library).sort().join()))";
  expect(run(process.execPath, ['-e', script], folder).trim().split(',')).toEqual(
    expect.arrayContaining(['ExitCode', 'ImportError', 'dryRun', 'importFiles', 'respan', 'startSandbox']),
  );
});

test('the program keeps its name, which npx links to from its cache and never looks up again', () => {
  const { bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect(bin).toEqual({ 'respan-import': 'bin/respan-import.js' });
});

test('the program brings the licences of the packages that it contains', () => {
  const program = path.join(root, 'dist', 'program');
  const contained = readdirSync(program)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) =>
      Array.from(
        readFileSync(path.join(program, name), 'utf8').matchAll(/^\/\/ .*node_modules\/([^/\n]+)\//gm),
        ([, contains = '']) => contains,
      ),
    );
  expect(contained).toContain('commander');
  const licences = readFileSync(path.join(program, 'LICENSES.txt'), 'utf8');
  expect(new Set(licences.match(/^[a-z-]+(?= \d+\.\d+\.\d+$)/gm))).toEqual(new Set(contained));
});
