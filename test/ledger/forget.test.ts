import { copyFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { systemClock } from '../../src/clock.js';
import { compactWhereGrown } from '../../src/ledger/compact.js';
import { forgetRuns } from '../../src/ledger/forget.js';
import { LedgerFiles } from '../../src/ledger/ledger-files.js';
import { surveyDestination } from '../../src/ledger/survey.js';
import { temporaryFolder } from '../upload/import-job.js';
import { begin, done, indexOf, recall, remember } from './factories.js';

const forget = async (folder: string, ...runs: string[]): Promise<string[]> => {
  const wanted = (run: string): boolean => runs.includes(run);
  const forgotten = await forgetRuns(folder, wanted, systemClock, new AbortController().signal);
  return forgotten.map(({ facts }) => facts.name);
};

const runsIn = async (folder: string): Promise<string[]> =>
  (await surveyDestination(folder, () => Promise.resolve(false))).runs.map(({ facts }) => facts.name);

async function threeRuns(): Promise<string> {
  const folder = temporaryFolder();
  await remember(folder, 'one', indexOf({ a: 1, b: 1 }));
  await remember(folder, 'two', indexOf({ b: 2, c: 1 }));
  await remember(folder, 'three', indexOf({ d: 1 }));
  return folder;
}

const compactAll = (folder: string): Promise<void> =>
  compactWhereGrown(new LedgerFiles(folder), [], { grownFrom: 2 });

const all = { a: 1, b: 2, c: 1, d: 1 };

describe('of a ledger that was compacted', () => {
  test('one run is forgotten, and no other', async () => {
    const folder = await threeRuns();
    await compactAll(folder);
    expect(await forget(folder, 'two')).toEqual(['two']);
    expect(await runsIn(folder)).toEqual(['one', 'three']);
    expect(await recall(folder, indexOf(all))).toEqual(['same', 'unknown', 'unknown', 'same']);
    expect(statSync(path.join(folder, '00000003-three.ledger.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('so it is where a crash left an old segment beside the new one', async () => {
    const folder = await threeRuns();
    const old = path.join(folder, '00000002-two.ledger.jsonl');
    const kept = path.join(temporaryFolder(), 'kept');
    copyFileSync(old, kept);
    await compactAll(folder);
    copyFileSync(kept, old);
    expect(await runsIn(folder)).toHaveLength(3);
    await forget(folder, 'two');
    expect(await runsIn(folder)).toEqual(['one', 'three']);
    expect(await recall(folder, indexOf({ c: 1, d: 1 }))).toEqual(['unknown', 'same']);
  });

  test('all runs are forgotten, and their segment with them', async () => {
    const folder = await threeRuns();
    await compactAll(folder);
    expect(await forget(folder, 'one', 'two', 'three')).toHaveLength(3);
    expect(new LedgerFiles(folder).ids('segment')).toEqual([]);
  });
});

test('a run that goes on is no obstacle to forgetting others, and is not touched', async () => {
  const folder = await threeRuns();
  const spans = indexOf({ e: 1, f: 1 });
  const living = await begin(folder, 'living', spans);
  living.append(spans, [0], []);
  expect(await forget(folder, 'one', 'three')).toEqual(['one', 'three']);
  await expect(forget(folder, 'two', 'living')).rejects.toMatchObject({ code: 'run_alive', exitCode: 3 });
  expect(await runsIn(folder)).toEqual(['two', 'living']);
  living.append(spans, [1], []);
  living.close(done);
  expect(await recall(folder, indexOf({ e: 1, f: 1, c: 1 }))).toEqual(['same', 'same', 'same']);
});

test('an unfinished run is forgotten with its claim: its seed is not repeated', async () => {
  const folder = temporaryFolder();
  const first = await begin(folder, 'first', indexOf({ a: 1 }), { decided: { remapSeed: 'seed' } });
  first.close({ ...done, isComplete: false });
  expect(new LedgerFiles(folder).ids('claim')).toHaveLength(1);
  expect(await forget(folder, 'first')).toEqual(['first']);
  expect(new LedgerFiles(folder).ids('claim')).toEqual([]);
});
