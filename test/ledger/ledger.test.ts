import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { TraceIndex } from '../../src/trace/trace-index.js';
import { ledgerFolder } from '../../src/ledger/destination.js';
import { fates, ImportJob, rows, serve, temporaryFolder } from '../upload/import-job.js';
import { begin, done, indexOf, recall, remember } from './factories.js';

const segmentsOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ledger.jsonl'))
    .map((name) => path.join(folder, name));

describe('memory', () => {
  test('tells the same, the changed and the unknown apart', async () => {
    const folder = temporaryFolder();
    await remember(folder, 'run', indexOf({ a: 1, b: 2, gone: 3 }));
    expect(await recall(folder, indexOf({ c: 4, b: 22, a: 1 }))).toEqual(['unknown', 'changed', 'same']);
  });

  test('a span that is only named as a parent is not marked', async () => {
    const folder = temporaryFolder();
    await remember(folder, 'run', indexOf({ a: 1 }));
    const index = new TraceIndex();
    index.internSpan(index.internTrace('trace'), 'a');
    expect(await recall(folder, index)).toEqual(['unknown']);
  });

  test('of several runs the latest record of a span counts, whatever they are called', async () => {
    const folder = temporaryFolder();
    await remember(folder, '2026-01-02', indexOf({ a: 1, b: 1, c: 1 }));
    await remember(folder, '2026-01-01', indexOf({ a: 2, b: 1 }));
    expect(await recall(folder, indexOf({ a: 1, b: 1, c: 1 }))).toEqual(['changed', 'same', 'same']);
    expect(await recall(folder, indexOf({ a: 2, b: 1, c: 1 }))).toEqual(['same', 'same', 'same']);
  });

  test('of several records in a segment too', async () => {
    const folder = temporaryFolder();
    const ledger = await begin(folder, 'run', indexOf({ a: 1 }));
    ledger.append(indexOf({ a: 1 }), [0], []);
    ledger.append(indexOf({ a: 2 }), [0], []);
    ledger.close(done);
    expect(await recall(folder, indexOf({ a: 1 }))).toEqual(['changed']);
  });

  test('a folder that does not exist knows nothing', async () => {
    expect(await recall(path.join(temporaryFolder(), 'none'), indexOf({ a: 1 }))).toEqual(['unknown']);
  });

  test('an unknown file in the folder is no segment', async () => {
    const folder = temporaryFolder();
    await remember(folder, 'run', indexOf({ a: 1 }));
    const [segment = ''] = segmentsOf(folder);
    writeFileSync(`${segment}.bak`, readFileSync(segment));
    writeFileSync(segment, '');
    expect(await recall(folder, indexOf({ a: 1 }))).toEqual(['unknown']);
  });
});

/** Where each line ends, without its line break. */
function lineEnds(text: Buffer): number[] {
  return [...text.entries()].filter(([, byte]) => byte === 0x0a).map(([position]) => position);
}

describe('damage', () => {
  test('a tail that is cut at any byte loses its own record and no other', async () => {
    const folder = temporaryFolder();
    const index = indexOf({ a: 1, b: 2 });
    await remember(folder, 'run', index, [0], [1]);
    const [segment = ''] = segmentsOf(folder);
    const whole = readFileSync(segment);
    const [, firstEnd = 0, secondEnd = 0] = lineEnds(whole);
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(segment, whole.subarray(0, length));
      // A line that only lacks its line break is whole.
      expect(await recall(folder, indexOf({ a: 1, b: 2 }))).toEqual([
        length >= firstEnd ? 'same' : 'unknown',
        length >= secondEnd ? 'same' : 'unknown',
      ]);
    }
  });

  test.each([
    '',
    '{}',
    'null',
    '[]',
    '"keys"',
    '{"keys":7}',
    '{"keys":"AAAA"}',
    'x'.repeat(100_000),
    '\0\0\0',
  ])('the line %.20j is passed over', async (line) => {
    const folder = temporaryFolder();
    await remember(folder, 'run', indexOf({ a: 1 }));
    const [segment = ''] = segmentsOf(folder);
    const good = readFileSync(segment, 'utf8');
    writeFileSync(segment, `${line}\n${good}`);
    appendFileSync(segment, `${line}\n`);
    expect(await recall(folder, indexOf({ a: 1 }))).toEqual(['same']);
  });

  test('a segment that cannot be read is an error that names the folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, '00000001-run.ledger.jsonl'));
    await expect(recall(folder, indexOf({ a: 1 }))).rejects.toMatchObject({
      code: 'ledger_unusable',
      exitCode: 3,
    });
  });
});

describe('files', () => {
  test('belong to the user alone', async () => {
    const folder = path.join(temporaryFolder(), 'state', 'ledger');
    await remember(folder, 'run', indexOf({ a: 1 }));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(segmentsOf(folder).map((segment) => statSync(segment).mode & 0o777)).toEqual([0o600]);
  });

  test('a run that delivered nothing leaves no segment', async () => {
    const folder = temporaryFolder();
    const ledger = await begin(folder, 'run', indexOf({ a: 1 }));
    ledger.append(indexOf({ a: 1 }), [], []);
    ledger.close({ ...done, isComplete: false, heldBack: 1 });
    expect(readdirSync(folder)).toEqual(['1.turn']);
  });

  test('hold neither the key nor content', async () => {
    const server = await serve();
    const job = new ImportJob(server.url, rows(3, { input: 'a private question' }));
    await job.run({ key: 'a-private-key-0123' });
    const names = readdirSync(job.stateFolder, { recursive: true, withFileTypes: true });
    const files = names
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    expect(files).toHaveLength(2);
    for (const file of files) {
      const text = file + readFileSync(file, 'utf8');
      expect(text).not.toMatch(/a-private-key-0123|a private question/);
    }
  });

  test('a state folder that cannot be used is found before anything is sent', async () => {
    const server = await serve();
    const job = new ImportJob(server.url, rows(3));
    const blocked = path.join(job.folder, 'blocked');
    writeFileSync(blocked, 'a file where a folder should be');
    const { summary } = await job.run({ stateFolder: blocked, resume: false });
    expect(fates(summary)).toEqual({ planned: 3, held_back: 3 });
    expect(summary).toMatchObject({ exit_code: 3, stopped: { code: 'ledger_unusable' } });
    expect(server.requests).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('so is a folder without permission', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    await expect(begin(path.join(folder, 'ledger'), 'run', indexOf({ a: 1 }))).rejects.toMatchObject({
      code: 'ledger_unusable',
    });
  });
});

describe('the folder of a destination', () => {
  const destination = { endpoint: 'https://api.respan.ai/v1/traces/ingest', key: 'one-key', name: undefined };
  const folderOf = (overrides: Partial<{ endpoint: string; key: string; name: string | undefined }> = {}) =>
    ledgerFolder('/state', { ...destination, ...overrides });

  test('lies in the state folder, is readable, and does not show the key', () => {
    expect(path.dirname(folderOf())).toBe('/state/ledger');
    expect(folderOf()).toContain('api.respan.ai');
    expect(folderOf()).not.toContain('one-key');
  });

  test('is the same for the same destination, and another for another key or address', () => {
    expect(folderOf()).toBe(folderOf());
    const folders = [
      folderOf(),
      folderOf({ key: 'other-key' }),
      folderOf({ endpoint: `${destination.endpoint}2` }),
    ];
    expect(new Set(folders).size).toBe(3);
  });

  test('a name takes the place of both', () => {
    const named = folderOf({ name: 'production' });
    expect(named).toBe(folderOf({ name: 'production', key: 'other-key', endpoint: 'https://elsewhere/x' }));
    expect(named).not.toBe(folderOf({ name: 'staging' }));
    expect(named).not.toBe(folderOf());
  });

  test.each(['../../etc', '/etc', '..', 'a b/c', 'é'.repeat(200), ''])(
    'the name %j cannot leave the folder',
    (name) => {
      const folder = folderOf({ name });
      expect(path.dirname(path.normalize(folder))).toBe('/state/ledger');
      expect(Buffer.byteLength(path.basename(folder))).toBeLessThan(255);
    },
  );
});
