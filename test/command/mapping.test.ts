import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { parseMapping } from '../../src/mapping/read-mapping.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('rows of a format that no source knows are imported by a mapping file', async () => {
  const args = ['fixtures/support-calls.jsonl', '--map', 'fixtures/support-calls.mapping.yaml', '--sandbox'];
  const { code, summary } = await runForReport(args, { cwd: root });
  expect(code).toBe(0);
  expect(summary.rows).toMatchObject({ read: 3, used: 2, skipped_by_reason: { filtered: 1 } });
  expect(summary.inputs[0]).toMatchObject({ source: 'map' });
  expect(summary).toMatchObject({ ingested_spans: 2, created_traces: 1 });
});

test('a mapping file that is wrong is told with file, line and key', async () => {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'm.yaml'), 'version: 1\nfields:\n  model: a\n  colour: b\n');
  writeFileSync(path.join(cwd, 'rows.jsonl'), '{"a":1}\n');
  const run = await runCommand(['rows.jsonl', '--map', 'm.yaml', '--dry-run'], { cwd });
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('m.yaml:4: fields.colour');
});

test('the mapping in the README is one', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const yaml = /```yaml\n(version: 1[^`]*)```/.exec(readme)?.[1];
  expect(() => parseMapping(yaml ?? '', 'README.md')).not.toThrow();
  expect(yaml).toBeDefined();
});
