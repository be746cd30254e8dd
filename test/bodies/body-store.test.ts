import {
  appendFileSync,
  existsSync,
  readdirSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { noSpan, TraceIndex } from '../../src/trace/trace-index.js';
import { createStore, file, freshPath } from './factories.js';

const text = '{"span":1}\n{"span":2}\n';
const second = { offset: 11, length: 10 };
const secondBytes = Buffer.from('{"span":2}');
const changed = expect.objectContaining({ code: 'input_changed', exitCode: 3 });

/** A store over one input of two rows, and where it keeps the second. */
async function storeOfTwo(path = file(text)) {
  const { store, inputs } = await createStore([path]);
  store.extents.begin();
  store.extents.reach(text.length);
  const location = store.keepRow({ input: inputs[0]!, ...second }, secondBytes);
  return { store, location, path };
}

describe('BodyStore', () => {
  it('leaves a row in its input and brings it back', async () => {
    const { store, location } = await storeOfTwo();
    expect(location).toMatchObject({ kind: 'input', offset: 11, length: 10 });
    expect(store.read(location)).toEqual(secondBytes);
  });

  it('does not mind an input that grows at its end', async () => {
    const { store, location, path } = await storeOfTwo();
    appendFileSync(path, '{"span":3}\n');
    expect(store.read(location)).toEqual(secondBytes);
  });

  it('stops at a row that is no longer what it was', async () => {
    const { store, location, path } = await storeOfTwo();
    writeFileSync(path, text.replace('2', '9'));
    expect(() => store.read(location)).toThrow(changed);
  });

  it('reads the rows that are as they were, whatever happened to others', async () => {
    const { store, location, path } = await storeOfTwo();
    writeFileSync(path, text.replace('1', '9'));
    expect(store.read(location)).toEqual(secondBytes);
  });

  it('stops at an input that was cut short', async () => {
    const { store, location, path } = await storeOfTwo();
    truncateSync(path, 15);
    expect(() => store.read(location)).toThrow(changed);
  });

  it('stops at an input that is gone', async () => {
    const { store, location, path } = await storeOfTwo();
    rmSync(path);
    expect(() => store.read(location)).toThrow(changed);
  });

  it('keeps reading an input that was removed after its first row was read', async () => {
    const { store, location, path } = await storeOfTwo();
    store.read(location);
    rmSync(path);
    expect(store.read(location)).toEqual(secondBytes);
  });

  it('keeps a row of compressed input in the spool', async () => {
    const { store, location } = await storeOfTwo(file(gzipSync(text)));
    expect(location).toMatchObject({ kind: 'spool', length: 10 });
    expect(store.read(location)).toEqual(secondBytes);
  });

  it('keeps a span that differs from its row in the spool, in a dry run only the place of the row', async () => {
    const body = Buffer.from('{"span":"two"}');
    for (const dryRun of [false, true]) {
      const spoolFolder = freshPath();
      const { store, inputs } = await createStore([file(text)], { dryRun, spoolFolder });
      store.extents.begin();
      store.extents.reach(text.length);
      const location = store.keepSpan({ input: inputs[0]!, ...second, standsAlone: true }, body);
      expect(location).toMatchObject({ kind: dryRun ? 'derived' : 'spool', length: body.length });
      expect(store.read(location)).toEqual(dryRun ? secondBytes : body);
      expect(existsSync(spoolFolder)).toBe(!dryRun);
    }
  });

  it('gives the same length and checksum for a changed span in a dry run and in an import', async () => {
    const told = [];
    for (const dryRun of [false, true]) {
      const { store, inputs } = await createStore([file(text)], { dryRun });
      store.extents.begin();
      store.extents.reach(text.length);
      const row = { input: inputs[0]!, ...second };
      const { length, checksum } = store.keepChanged(store.keepRow(row, secondBytes), row, Buffer.from('{}'));
      told.push({ length, checksum });
    }
    expect(told[1]).toEqual(told[0]);
    expect(told[0]).toMatchObject({ length: 2 });
  });

  it('knows the row of a span, in whatever place its bytes are', async () => {
    const { store, inputs } = await createStore([file(text), file(text)]);
    const index = new TraceIndex();
    const trace = index.internTrace('t');
    store.extents.begin();
    store.extents.reach(text.length);
    store.extents.begin();
    const row = { input: inputs[1]!, ...second };
    const bodies = [store.keepRow(row, secondBytes), store.spoolBody(row, Buffer.from('{}'))];
    for (const [number, body] of bodies.entries()) {
      const span = index.internSpan(trace, `s${number}`);
      index.define(
        span,
        {
          parent: noSpan,
          parentIsTraceId: false,
          start: NaN,
          end: NaN,
          line: 2,
          label: 0,
          parentByPath: false,
        },
        body,
      );
      expect(store.placeOf(index, span)).toEqual({ input: inputs[1], line: 2, offset: 11 });
    }
  });

  it('reads many inputs back and forth without holding all of them open', async () => {
    const count = 150;
    const paths = Array.from({ length: count }, (_, number) => file(`{"file":${number}}\n`));
    const { store, inputs } = await createStore(paths);
    const kept = inputs.map((input, number) => {
      const bytes = Buffer.from(`{"file":${number}}`);
      store.extents.begin();
      store.extents.reach(bytes.length + 1);
      return { location: store.keepRow({ input, offset: 0, length: bytes.length }, bytes), bytes };
    });
    for (const { location, bytes } of [...kept, ...kept.toReversed()])
      expect(store.read(location)).toEqual(bytes);
    expect(openOf(new Set(paths))).toBeLessThanOrEqual(64);
    store.close();
    expect(openOf(new Set(paths))).toBe(0);
  });
});

/** How many of the files this process holds open; 0 where the system does not tell. */
function openOf(paths: ReadonlySet<string>): number {
  if (process.platform !== 'linux') return 0;
  const links = readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return '';
    }
  });
  return links.filter((link) => paths.has(link)).length;
}
