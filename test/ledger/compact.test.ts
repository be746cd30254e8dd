import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { compactWhereGrown, lightest } from '../../src/ledger/compact.js';
import { LedgerFiles } from '../../src/ledger/ledger-files.js';
import { surveyDestination } from '../../src/ledger/survey.js';
import { temporaryFolder } from '../upload/import-job.js';
import { begin, done, indexOf, recall, remember } from './factories.js';

const atOnce = { grownFrom: 2 };

const compactAll = (folder: string, living: string[] = []): Promise<void> =>
  compactWhereGrown(new LedgerFiles(folder), living, atOnce);

const segmentsIn = (folder: string): string[] => new LedgerFiles(folder).ids('segment');

/** Three runs: the second sends `b` again, changed; the third sends `a` again, unchanged. */
async function threeRuns(): Promise<string> {
  const folder = temporaryFolder();
  await remember(folder, 'one', indexOf({ a: 1, b: 1, c: 1 }), [0], [1, 2]);
  await remember(folder, 'two', indexOf({ b: 2, d: 1 }));
  await remember(folder, 'three', indexOf({ a: 1, e: 1 }));
  return folder;
}

const all = { a: 1, b: 2, c: 1, d: 1, e: 1 };

test('one segment of many knows what they knew, in less space', async () => {
  const folder = await threeRuns();
  const before = bytesIn(folder);
  await compactAll(folder);
  expect(segmentsIn(folder)).toEqual(['00000003-three']);
  expect(await recall(folder, indexOf(all))).toEqual(['same', 'same', 'same', 'same', 'same']);
  expect(await recall(folder, indexOf({ b: 1 }))).toEqual(['changed']);
  expect(bytesIn(folder)).toBeLessThan(before);
  expect(statSync(path.join(folder, '00000003-three.ledger.jsonl')).mode & 0o777).toBe(0o600);
});

test('the runs stay told apart: each with the spans that it was the last to send, and its traces', async () => {
  const folder = await threeRuns();
  await compactAll(folder);
  const { runs } = await surveyDestination(folder, () => Promise.resolve(false));
  expect(runs.map(({ facts, spans, traces }) => [facts.name, spans, traces])).toEqual([
    ['one', 1, 1],
    ['two', 2, 1],
    ['three', 2, 1],
  ]);
});

test('what a living run writes, and all after it, is not touched', async () => {
  const folder = await threeRuns();
  const third = readFileSync(path.join(folder, '00000003-three.ledger.jsonl'));
  await compactAll(folder, ['00000003-three']);
  expect(segmentsIn(folder)).toEqual(['00000002-two', '00000003-three']);
  expect(readFileSync(path.join(folder, '00000003-three.ledger.jsonl'))).toEqual(third);
  await compactAll(folder, ['00000002-two']);
  expect(segmentsIn(folder)).toEqual(['00000002-two', '00000003-three']);
});

test('a run that begins makes one segment of sixteen, and none of fewer', async () => {
  const folder = temporaryFolder();
  for (let run = 0; run < 16; run++) {
    await remember(folder, `run-${run}`, indexOf({ [`span-${run}`]: 1 }));
    expect(segmentsIn(folder)).toHaveLength(run + 1);
  }
  const ledger = await begin(folder, 'next', indexOf({ fresh: 1 }));
  expect(segmentsIn(folder)).toEqual(['00000016-run-15', '00000017-next']);
  ledger.close(done);
  expect(await recall(folder, indexOf({ 'span-0': 1, 'span-15': 1 }))).toEqual(['same', 'same']);
});

test('beside a long run nothing that came after it is touched; once it has ended, all is made one', async () => {
  const folder = temporaryFolder();
  const spans = indexOf({ long: 1, longer: 1 });
  const long = await begin(folder, 'long', spans);
  for (let run = 0; run < 17; run++) {
    await remember(folder, `run-${run}`, indexOf({ [`span-${run}`]: 1 }));
    if (run === 8) long.append(spans, [0], ['long']);
  }
  expect(segmentsIn(folder)).toHaveLength(18);
  long.append(spans, [1], ['long']);
  long.close(done);
  (await begin(folder, 'next', indexOf({ fresh: 1 }))).close(done);
  expect(segmentsIn(folder)).toHaveLength(1);
  const asked = indexOf({ long: 1, longer: 1, 'span-0': 1, 'span-8': 1, 'span-16': 1 });
  expect(await recall(folder, asked)).toEqual(['same', 'same', 'same', 'same', 'same']);
});

test('large old segments are not copied for the sake of small new ones', () => {
  const sizes: Record<string, number> = { a: 1000, b: 10, c: 10, d: 10 };
  expect(lightest(Object.keys(sizes), (id) => sizes[id]!)).toEqual(['b', 'c', 'd']);
  expect(lightest(['a', 'b'], (id) => sizes[id]!)).toEqual(['a', 'b']);
});

test('whatever was sent again by whichever run, nothing is lost and the latest counts', async () => {
  const content = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    fc.integer({ min: 1, max: 3 }),
    {
      minKeys: 1,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(content, { minLength: 2, maxLength: 5 }),
      fc.integer({ min: 1, max: 4 }),
      async (runs, entriesPerPass) => {
        const folder = temporaryFolder();
        for (const [number, contents] of runs.entries())
          await remember(folder, `run-${number}`, indexOf(contents));
        const asked = { a: 1, b: 2, c: 3, d: 1, e: 2, f: 3 };
        const before = await recall(folder, indexOf(asked));
        await compactWhereGrown(new LedgerFiles(folder), [], { ...atOnce, entriesPerPass });
        expect(segmentsIn(folder)).toHaveLength(1);
        expect(await recall(folder, indexOf(asked))).toEqual(before);
      },
    ),
    { numRuns: 15 },
  );
});

test.each([0, 1, 2])(
  'a disk that is full at step %i is no matter: the ledger is as good as before',
  async (full) => {
    const folder = await threeRuns();
    let step = 0;
    const beforeStep = (): void => {
      if (step++ === full) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    await compactWhereGrown(new LedgerFiles(folder), [], { ...atOnce, beforeStep });
    expect(step).toBe(full + 1);
    expect(await recall(folder, indexOf(all))).toEqual(['same', 'same', 'same', 'same', 'same']);
    await compactAll(folder);
    expect(readdirSync(folder).filter((name) => name.endsWith('.fresh'))).toEqual([]);
  },
);

describe('a kill', () => {
  const compactModule = new URL('../../dist/ledger/compact.js', import.meta.url);
  const filesModule = new URL('../../dist/ledger/ledger-files.js', import.meta.url);

  /** Compacts in a process that is killed before its nth change on the disk. True where it was. */
  function compactUntil(folder: string, step: number): boolean {
    const program = `
      import { compactWhereGrown } from ${JSON.stringify(compactModule.href)};
      import { LedgerFiles } from ${JSON.stringify(filesModule.href)};
      let step = 0;
      const beforeStep = () => { if (step++ === ${step}) process.kill(process.pid, 'SIGKILL'); };
      await compactWhereGrown(new LedgerFiles(${JSON.stringify(folder)}), [], { grownFrom: 2, beforeStep });`;
    const { signal, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
    if (signal === null && status !== 0) throw new Error(stderr.toString());
    return signal === 'SIGKILL';
  }

  test('at any step of a compaction loses nothing, and the next one cleans up', async () => {
    const original = await threeRuns();
    const asked = { ...all, unknown: 1 };
    let step = 0;
    for (let killed = true; killed; step++) {
      const folder = path.join(temporaryFolder(), 'ledger');
      cpSync(original, folder, { recursive: true });
      killed = compactUntil(folder, step);
      const expected = ['same', 'same', 'same', 'same', 'same', 'unknown'];
      expect(await recall(folder, indexOf(asked))).toEqual(expected);
      await remember(folder, 'after', indexOf({ g: 1 }));
      await compactAll(folder);
      expect(segmentsIn(folder)).toEqual([expect.stringMatching(/-after$/)]);
      expect(readdirSync(folder).filter((name) => name.endsWith('.fresh'))).toEqual([]);
      expect(await recall(folder, indexOf(asked))).toEqual(expected);
    }
    // Before writing, before replacing, before each removal, and at the end.
    expect(step).toBe(6);
  });

  test('while the new segment is written leaves a file that counts for nothing', async () => {
    const folder = await threeRuns();
    writeFileSync(path.join(folder, '00000003-three.ledger.jsonl.fresh'), '{"spans":1,"keys":"');
    expect(await recall(folder, indexOf(all))).toEqual(['same', 'same', 'same', 'same', 'same']);
    await compactAll(folder);
    expect(await recall(folder, indexOf(all))).toEqual(['same', 'same', 'same', 'same', 'same']);
  });
});

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}
