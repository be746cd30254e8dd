import os from 'node:os';
import path from 'node:path';

import { expect, test } from 'vitest';

import { planOptions } from '../../src/cli/import-options.js';
import { importFlags, surroundings } from './import-flags.js';

async function spoolFolder(...flags: string[]): Promise<string> {
  const from = surroundings({ XDG_STATE_HOME: '/xdg' });
  return (await planOptions(['logs.jsonl'], await importFlags(...flags), from)).spoolFolder;
}

test('an import spools in its state folder', async () => {
  expect(await spoolFolder()).toBe(path.join('/xdg', 'respan-import', 'spool'));
  expect(await spoolFolder('--state-dir', '/state')).toBe(path.resolve('/state', 'spool'));
});

test('a dry run spools where temporary files go, or in the state folder that it is told', async () => {
  expect(await spoolFolder('--dry-run')).toBe(os.tmpdir());
  expect(await spoolFolder('--dry-run', '--state-dir', '/state')).toBe(path.resolve('/state', 'spool'));
});
