import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines } from '../support/native-rows.js';

const began = Date.UTC(2025, 5, 5, 10);
const at = (milliseconds: number): string => new Date(began + milliseconds).toISOString();

function row(id: string, from: number, to: number, name = id): Record<string, unknown> {
  const ids = { trace_unique_id: 'trace-1', span_unique_id: id, span_name: name };
  return { ...ids, start_time: at(from), timestamp: at(to) };
}

/** One thread, and two spans of which either could be the parent of the request. */
const rows = [
  row('agent', 0, 9000),
  row('plan', 10, 2000),
  row('search', 2100, 5000),
  row('fetch', 2150, 5100),
  row('request', 2200, 4000),
];

function folder(): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
  return cwd;
}

describe('rows without parents', () => {
  test('arrive as a tree, and the report says how sure that is', async () => {
    const { summary } = await runForReport(['rows.jsonl', '--sandbox'], { cwd: folder() });
    expect(summary).toMatchObject({
      exit_code: 0,
      ingested_spans: 5,
      parents: { explicit: 0, by_time: 3, ambiguous: 1, roots: 1, orphans: 0 },
      ambiguous_parents: { 3: 1 },
    });
  });

  test('are drawn with what was inferred, by `tree` as by a dry run', async () => {
    const cwd = folder();
    const dry = await runCommand(['rows.jsonl', '--dry-run'], { cwd });
    const tree = await runCommand(['tree', 'rows.jsonl'], { cwd });
    for (const { code, stdout } of [dry, tree]) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^├─ plan ~ /m);
      expect(stdout).toMatch(/^[│ ]+└─ request \?3 /m);
    }
    expect(dry.stdout).toContain('parents: 0 explicit, 4 by time (1 ambiguous)');
  });

  test('stay roots where the parent is less certain than wanted, or not wanted at all', async () => {
    const cwd = folder();
    const certain = await runForReport(['rows.jsonl', '--dry-run', '--min-confidence', '80%'], { cwd });
    expect(certain.summary).toMatchObject({ parents: { by_time: 3, ambiguous: 0, roots: 2 } });
    const never = await runForReport(['rows.jsonl', '--dry-run', '--infer-parents', 'never'], { cwd });
    expect(never.summary).toMatchObject({ parents: { by_time: 0, ambiguous: 0, roots: 5 } });
    const tree = await runCommand(['tree', 'rows.jsonl', '--infer-parents', 'never'], { cwd });
    expect(tree.stdout).toContain('5 roots');
  });

  test('are told of a mode that is none', async () => {
    const run = await runCommand(['rows.jsonl', '--dry-run', '--infer-parents', 'maybe'], { cwd: folder() });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('auto, always, never');
  });
});
