import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../bin/respan-import.js', import.meta.url));

/** The report of a dry run by a shell that says `before` first. */
async function planned(before: string, flag = ''): Promise<unknown> {
  const folder = temporaryFolder();
  const rows = path.join(folder, 'rows.jsonl');
  writeFileSync(rows, jsonLines(nativeRows(8000)));
  const command = `${before}; exec "$0" ${flag} "$1" rows.jsonl --dry-run --json --jobs 1`;
  const { stdout } = await run('sh', ['-c', command, process.execPath, program], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  return { ...JSON.parse(stdout), seconds: undefined };
}

test.skipIf(process.platform === 'win32').each([
  ['Node may compile nothing', ':', '--jitless'],
  ['the processor has no SSE4.1', ':', process.arch === 'x64' ? '--no-enable-sse4-1' : '--jitless'],
  ['the address space is limited', 'ulimit -v 6000000', ''],
])('where %s, rows are read one by one and give the same plan', async (_, before, flag) => {
  expect(await planned(before, flag)).toEqual(await planned(':'));
});
