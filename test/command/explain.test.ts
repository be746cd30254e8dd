import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import type { Explanation } from '../../src/explain/explain-row.js';
import { runCommand, temporaryFolder } from '../support/command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('explain shows what a file is taken for and where every field of a row goes', async () => {
  const run = await runCommand(['explain', 'fixtures/chat-logs.csv', '--row', '2'], { cwd: root });
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('csv · generic (4 of 4 sampled rows agree');
  expect(run.stdout).toMatch(/^ +latency_ms +"1040\.5" +approximated +latency/m);
  expect(run.stdout).toMatch(/^ +reviewer +"" +absent/m);
});

test('explain --json gives the same as data', async () => {
  const run = await runCommand(['explain', 'fixtures/chat-logs.csv', '--row', '3', '--json'], { cwd: root });
  const explanation: Explanation = JSON.parse(run.stdout);
  expect(explanation).toMatchObject({ version: 1, row: 3, line: 5, source: 'generic', rejected: null });
  expect(explanation.fields.find(({ field }) => field === 'reviewer')).toMatchObject({
    fate: 'metadata',
    to: ['metadata.reviewer'],
  });
  expect(explanation.spans).toHaveLength(1);
});

test('explain tells why a row is rejected, and that a row does not exist', async () => {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), '{"prompt":"a","timestamp":"03/04/2025 10:00"}\n{"prompt":\n');
  const ambiguous = await runCommand(['explain', 'rows.jsonl'], { cwd });
  expect(ambiguous.code).toBe(1);
  expect(ambiguous.stdout).toContain('--date-order');
  const broken = await runCommand(['explain', 'rows.jsonl', '--row', '2'], { cwd });
  expect(broken.stdout).toMatch(/bad_json|truncated_row/);
  expect(broken.stdout).not.toMatch(/^0 values/m);
  const missing = await runCommand(['explain', 'rows.jsonl', '--row', '9'], { cwd });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('(no_such_row)');
});

test('formats lists every source, the fallback last', async () => {
  const run = await runCommand(['formats', '--json']);
  const list: { name: string; checked: string; recognised_by: string }[] = JSON.parse(run.stdout);
  expect(list.at(-1)?.name).toBe('generic');
  expect(
    list.every(({ checked, recognised_by }) => /^(verified|schema)$/.test(checked) && recognised_by !== ''),
  ).toBe(true);
});
