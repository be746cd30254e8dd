import { mkdirSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImportError } from '../../src/errors.js';
import type { Spool } from '../../src/bodies/spool.js';
import { createSpool, file, freshPath } from './factories.js';

const megabyte = 1024 * 1024;

function readAt(spool: Spool, position: number, length: number): Buffer {
  const target = Buffer.alloc(length);
  spool.read(target, 0, length, position);
  return target;
}

function isKept(spool: Spool, { position, body }: { position: number; body: Buffer }): boolean {
  return readAt(spool, position, body.length).equals(body);
}

/** The descriptor of this process on an unlinked file of the folder; only Linux tells. */
function unlinkedFiles(folder: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((descriptor) => `/proc/self/fd/${descriptor}`)
    .filter((link) => {
      try {
        return readlinkSync(link).startsWith(folder);
      } catch {
        return false;
      }
    });
}

describe('Spool', () => {
  it('gives back what was stored, body and origin, in any order of storing and reading', () => {
    const size = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 300 }) },
      // Around its buffer, with and without the 12 bytes of the origin.
      fc.constantFrom(megabyte - 13, megabyte - 12, megabyte - 11, megabyte, megabyte + 1, 3 * megabyte),
    );
    const step = fc.record({
      size,
      input: fc.integer({ min: 0, max: 0xffffffff }),
      offset: fc.maxSafeNat(),
      readBack: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const spool = createSpool();
        const kept: { position: number; body: Buffer; origin: { input: number; offset: number } }[] = [];
        for (const [number, { size: length, input, offset, readBack }] of steps.entries()) {
          const body = Buffer.alloc(length, number + 1);
          kept.push({ position: spool.append({ input, offset }, body), body, origin: { input, offset } });
          const some = kept[Math.floor(kept.length / 2)];
          const early = readBack ? some : undefined;
          expect(early === undefined || isKept(spool, early)).toBe(true);
        }
        for (const { position, body, origin } of kept) {
          expect(isKept(spool, { position, body })).toBe(true);
          expect(spool.originOf(position)).toEqual(origin);
        }
        expect(spool.bytes).toBe(kept.reduce((sum, { body }) => sum + body.length + 12, 0));
        spool.close();
      }),
      { numRuns: 30 },
    );
  });

  it('takes bodies that fill its buffer to the last byte and beyond', () => {
    const half = megabyte / 2;
    for (let slack = 0; slack <= 26; slack++) {
      const spool = createSpool();
      const kept = [half, half - slack, 5].map((length, number) => {
        const body = Buffer.alloc(length, number + 1);
        return { position: spool.append({ input: 0, offset: number }, body), body };
      });
      expect(kept.map((each) => isKept(spool, each))).toEqual([true, true, true]);
      spool.close();
    }
  });

  it('writes into the middle of what it is given', () => {
    const spool = createSpool();
    const position = spool.append({ input: 0, offset: 0 }, Buffer.from('span'));
    const target = Buffer.from('[....]');
    spool.read(target, 1, 4, position);
    expect(target.toString()).toBe('[span]');
  });

  it('does not keep the buffer that it was given', () => {
    const spool = createSpool();
    const body = Buffer.from('as it was');
    const position = spool.append({ input: 0, offset: 0 }, body);
    body.fill('x');
    expect(readAt(spool, position, 9).toString()).toBe('as it was');
  });

  it('creates nothing until something must be stored', () => {
    const folder = freshPath();
    createSpool(folder).close();
    expect(() => statSync(folder)).toThrow('ENOENT');
  });

  it('is a file without a name, in a folder for its user alone', () => {
    const folder = freshPath();
    const spool = createSpool(folder);
    readAt(spool, spool.append({ input: 0, offset: 0 }, Buffer.from('secret')), 6);
    expect(readdirSync(folder)).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.runIf(process.platform === 'linux')('is readable by its user alone, and gone when it is closed', () => {
    const folder = freshPath();
    const spool = createSpool(folder);
    spool.append({ input: 0, offset: 0 }, Buffer.alloc(2 * megabyte));
    const [descriptor, ...others] = unlinkedFiles(folder);
    expect(others).toEqual([]);
    expect(statSync(descriptor ?? '').mode & 0o777).toBe(0o600);
    spool.close();
    expect(unlinkedFiles(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of two runs in one folder do not meet', () => {
    const folder = freshPath();
    const [one, two] = [createSpool(folder), createSpool(folder)];
    const first = one.append({ input: 0, offset: 0 }, Buffer.from('one'));
    const second = two.append({ input: 0, offset: 0 }, Buffer.from('two'));
    expect([readAt(one, first, 3).toString(), readAt(two, second, 3).toString()]).toEqual(['one', 'two']);
  });

  it('removes what a killed run left before it could unlink it, and nothing else', () => {
    const folder = freshPath();
    const left = 'respan-import-spool-5e551017-0000-4000-8000-000000000001';
    const others = ['notes.txt', 'respan-import-spool-notes', `${left}.bak`, `my-${left}`];
    mkdirSync(folder);
    for (const name of [left, ...others]) writeFileSync(path.join(folder, name), 'x');
    mkdirSync(path.join(folder, left.replace('1017', '2017')));
    const spool = createSpool(folder);
    readAt(spool, spool.append({ input: 0, offset: 0 }, Buffer.from('body')), 4);
    expect(readdirSync(folder).sort()).toEqual([...others, left.replace('1017', '2017')].sort());
  });

  it('says where it cannot write, and stops the run', () => {
    const spool = createSpool(`${file('a file is no folder')}/spool`);
    const position = spool.append({ input: 0, offset: 0 }, Buffer.from('body'));
    expect(() => readAt(spool, position, 4)).toThrow(ImportError);
    expect(() => spool.append({ input: 0, offset: 0 }, Buffer.alloc(2 * megabyte))).toThrow(
      expect.objectContaining({ code: 'spool_unwritable', exitCode: 3 }),
    );
  });
});
