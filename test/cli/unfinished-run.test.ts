import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { UnfinishedRun } from '../../src/cli/unfinished-run.js';
import type { LedgerOptions } from '../../src/options.js';
import type { Rewrite } from '../../src/plan/finish-spans.js';
import { createSummary } from '../report/factories.js';

function ledger(overrides: Partial<LedgerOptions> = {}): LedgerOptions {
  const stateFolder = mkdtempSync(path.join(os.tmpdir(), 'respan-import-unfinished-'));
  onTestFinished(() => rmSync(stateFolder, { recursive: true, force: true }));
  const destination = { endpoint: 'https://h.example/v1/traces/ingest', key: 'k', name: undefined };
  return { destination, stateFolder, resume: true, ...overrides };
}

const byChance = { remapIds: '', shiftTimeTo: 'now' };
const first: Rewrite = { remapSeed: 'one', shiftTo: 1, provenance: 'run-1' };
const second: Rewrite = { remapSeed: 'two', shiftTo: 2, provenance: 'run-2' };

test('a run repeats what chance decided in an unfinished one of the same inputs', () => {
  const options = ledger();
  expect(new UnfinishedRun(options, ['a.jsonl'], byChance).repeat(first)).toEqual(first);
  const again = new UnfinishedRun(options, ['a.jsonl'], byChance).repeat(second);
  expect(again).toEqual({ ...first, provenance: 'run-2' });
  expect(new UnfinishedRun(options, ['b.jsonl'], byChance).repeat(second)).toEqual(second);
});

test('what the user chose is not repeated', () => {
  const options = ledger();
  new UnfinishedRun(options, ['a.jsonl'], byChance).repeat(first);
  const chosen = { remapIds: 'two', shiftTimeTo: '2025-01-01' };
  expect(new UnfinishedRun(options, ['a.jsonl'], chosen).repeat(second)).toEqual(second);
  const fresh = new UnfinishedRun({ ...options, resume: false }, ['a.jsonl'], byChance);
  expect(fresh.repeat(second)).toEqual(second);
});

test('a finished run is forgotten, one that left spans behind is not', () => {
  const options = ledger();
  const { spans } = createSummary();
  const run = new UnfinishedRun(options, ['a.jsonl'], byChance);
  run.repeat(first);
  run.end(createSummary({ spans: { ...spans, held_back: 1 } }));
  run.end(createSummary({ spans: { ...spans, failed: 1 } }));
  expect(new UnfinishedRun(options, ['a.jsonl'], byChance).repeat(second)).toMatchObject({
    remapSeed: 'one',
  });
  run.end(createSummary());
  expect(new UnfinishedRun(options, ['a.jsonl'], byChance).repeat(second)).toEqual(second);
});

test('nothing is kept where chance decides nothing', () => {
  const options = ledger();
  const run = new UnfinishedRun(options, ['a.jsonl'], {});
  expect(run.repeat(undefined)).toBeUndefined();
  run.end(createSummary());
  expect(readdirSync(options.stateFolder)).toEqual([]);
});
