import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
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

test('a mapping file can drop, hash and redact', async () => {
  const cwd = temporaryFolder();
  const mapping = "fields:\n  input: q\ndrop: metadata.secret\nhash: [metadata.user]\nredact: ['\\d{4}']\n";
  writeFileSync(path.join(cwd, 'm.yaml'), mapping);
  writeFileSync(
    path.join(cwd, 'rows.jsonl'),
    '{"q":"my pin is 1234","secret":"x","user":"ada","kept":"y"}\n',
  );
  const server = await startSandbox({ port: 0 });
  onTestFinished(() => server.close());
  const args = ['rows.jsonl', '--map', 'm.yaml', '--base-url', server.url];
  const { summary } = await runForReport(args, { cwd, env: { RESPAN_API_KEY: 'test-key' } });
  expect(summary.ingested_spans).toBe(1);
  const [trace] = server.store.shapes();
  const [span] = server.store.trace(trace!.trace_unique_id)!;
  expect(span).toMatchObject({
    input: 'my pin is [redacted]',
    metadata: { user: expect.stringMatching(/^sha256:[0-9a-f]{16}$/), kept: 'y' },
  });
  expect(JSON.stringify(span)).not.toMatch(/pin is 1234|"secret"|"ada"/);
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
