import { spawnSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { resumeCommand } from '../../src/report/ledger/resume-command.js';
import { sanitise } from '../../src/report/terminal.js';

test.each([
  ['plain words', ['logs.jsonl', '--batch-spans', '100', '--since=2025-01-01']],
  [
    'what a shell would obey',
    ['my logs.jsonl', "it's.jsonl", '$HOME', '`x`', '*.jsonl', 'a;b', '', '\\', '~'],
  ],
  ['what a terminal would obey', ['a\u001b[2J.jsonl', 'tab\there', "\u202ebidi ' \\"]],
])('%s: a shell reads the arguments as they were', (_name, args) => {
  const line = resumeCommand({ args, folder: '/tmp' });
  expect(line).toBe(sanitise(line));
  const script = `respan-import() { printf '%s\\0' "$PWD" "$@"; }\n${line}`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  expect(stderr).toBe('');
  expect(stdout.split('\0').slice(0, -1)).toEqual(['/tmp', ...args]);
});
