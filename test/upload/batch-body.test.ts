import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import { BodyStore } from '../../src/bodies/body-store.js';
import { Spool } from '../../src/bodies/spool.js';
import { defaultInputOptions } from '../../src/input/input-file.js';
import { openInputs } from '../../src/input/open-inputs.js';
import { noSpan, TraceIndex } from '../../src/trace/trace-index.js';
import { BatchBodyBuilder } from '../../src/upload/batch-body.js';
import { frameBytes } from '../../src/upload/batches.js';
import { temporaryFolder } from './import-job.js';

const frame = { open: '{"data":[', separator: ',\n', close: ']}' };

interface Piece {
  body: string;
  /** In its input file, or only in the spool. */
  spooled?: boolean;
  /** Bytes of other rows that stand before it in its file. */
  gap?: number;
}

/** Lays the pieces out on the disk, one list a file, and numbers them in order. */
async function layOut(files: readonly (readonly Piece[])[]) {
  const folder = temporaryFolder();
  const paths = files.map((pieces, at) => {
    const file = path.join(folder, `input-${at}.jsonl`);
    // A first row, so that the file counts as JSON lines whatever follows.
    writeFileSync(file, '{"a":1}\n');
    for (const { body, gap = 0, spooled = false } of pieces) {
      appendFileSync(file, `${' '.repeat(gap)}${spooled ? '{}' : body}\n`);
    }
    return file;
  });
  const inputs = await openInputs(paths, defaultInputOptions, () => process.stdin);
  const index = new TraceIndex();
  const store = new BodyStore(inputs, new Spool(folder), false);
  onTestFinished(() => store.close());
  files.forEach((pieces, at) => {
    const input = inputs[at];
    if (input === undefined) throw new Error('no input');
    store.extents.begin();
    let offset = 8;
    for (const { body, gap = 0, spooled = false } of pieces) {
      offset += gap;
      const bytes = Buffer.from(body);
      const onDisk = spooled ? 2 : bytes.length;
      const row = { input, offset, length: onDisk };
      const span = index.internSpan(index.internTrace('trace'), `span-${index.mentioned}`);
      const entry = {
        parent: noSpan,
        parentIsTraceId: false,
        start: 0,
        end: 0,
        line: 1,
        label: 0,
        parentByPath: false,
      };
      index.define(span, entry, spooled ? store.spoolBody(row, bytes) : store.keepRow(row, bytes));
      offset += onDisk + 1;
      store.extents.reach(offset);
    }
  });
  const builder = new BatchBodyBuilder(index, store, frame);
  const { around, between } = frameBytes(frame);
  const build = (spans: readonly number[]): Buffer => {
    const sum = spans.reduce((bytes, span) => bytes + index.lengthOf(span), 0);
    const bytes = around + sum + between * Math.max(0, spans.length - 1);
    return builder.build({ spans, bytes, after: undefined });
  };
  return { build, builder, paths };
}

const large = (name: string, length: number): Piece => ({ body: `{"${name}":"${'x'.repeat(length)}"}` });

const bodyOf = (pieces: readonly Piece[]): string =>
  `${frame.open}${pieces.map(({ body }) => body).join(frame.separator)}${frame.close}`;

describe('a body', () => {
  test('of one span is the frame around its bytes', async () => {
    const { build } = await layOut([[{ body: '{"é":"☕"}' }]]);
    expect(build([0]).toString()).toBe('{"data":[{"é":"☕"}]}');
  });

  test('follows the order of the batch, not the order on the disk', async () => {
    const pieces = ['{"a":1}', '{"b":22}', '{"c":333}'].map((body) => ({ body }));
    const { build } = await layOut([pieces]);
    expect(build([2, 0, 1]).toString()).toBe('{"data":[{"c":333},\n{"a":1},\n{"b":22}]}');
  });

  test('gathers spans from several files and from the spool', async () => {
    const first = [{ body: '{"a":1}' }, { body: '{"spooled":1}', spooled: true }, { body: '{"b":1}' }];
    const second = [{ body: '{"c":1}' }, { body: '{"spooled":2}', spooled: true }];
    const { build } = await layOut([first, second]);
    expect(build([3, 1, 0, 4, 2]).toString()).toBe(
      bodyOf(['{"c":1}', '{"spooled":1}', '{"a":1}', '{"spooled":2}', '{"b":1}'].map((body) => ({ body }))),
    );
  });

  test('is right where neighbours lie closer or farther than is read at once', async () => {
    const pieces = [
      large('a', 10),
      { ...large('b', 10), gap: 16 * 1024 - 1 },
      { ...large('c', 10), gap: 16 * 1024 },
      large('d', 600_000),
      large('e', 600_000),
      large('f', 2_000_000),
      large('g', 10),
    ];
    const { build } = await layOut([pieces]);
    const order = pieces.map((_, at) => at);
    expect(build(order).equals(Buffer.from(bodyOf(pieces)))).toBe(true);
    const reversed = Buffer.from(bodyOf(pieces.toReversed()));
    expect(build(order.toReversed()).equals(reversed)).toBe(true);
  });

  test('tells where its spans stand, asked in their order', async () => {
    const pieces = ['{"a":1}', '{"b":22}', '{"c":333}'].map((body) => ({ body }));
    const { build, builder } = await layOut([pieces]);
    const batch = { spans: [2, 0, 1], bytes: 0, after: undefined };
    const find = builder.finder(build(batch.spans), batch);
    expect([2, 1].map((span) => find(span).toString())).toEqual(['{"c":333}', '{"b":22}']);
    expect(() => find(0)).toThrow('not in the batch, or before');
  });

  test('of any pieces in any order equals the pieces, joined', async () => {
    const piece = fc.record({
      body: fc.string({ maxLength: 200 }).map((text) => JSON.stringify({ text })),
      spooled: fc.boolean(),
      gap: fc.constantFrom(0, 1, 100, 20_000),
    });
    const files = fc.array(fc.array(piece, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(files, fc.infiniteStream(fc.nat()), async (layout, keys) => {
        const { build } = await layOut(layout);
        const all = layout.flat();
        const order = all
          .map((_, at) => ({ at, key: keys.next().value ?? 0 }))
          .toSorted((left, right) => left.key - right.key)
          .map(({ at }) => at);
        const body = build(order).toString();
        expect(body).toBe(bodyOf(order.flatMap((at) => all[at] ?? [])));
        expect(JSON.parse(body)).toEqual({
          data: order.map((at): unknown => JSON.parse(all[at]?.body ?? '')),
        });
        // What was read along with the one before serves the next.
        const step = Math.ceil(order.length / 4);
        for (let from = 0; from < order.length; from += step) {
          const part = order.slice(from, from + step);
          expect(build(part).toString()).toBe(bodyOf(part.flatMap((at) => all[at] ?? [])));
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('one span is given as it is sent', async () => {
  const { builder } = await layOut([[{ body: '{"a":1}' }, { body: '{"spooled":1}', spooled: true }]]);
  expect([0, 1].map((span) => builder.buildSpan(span).toString())).toEqual(['{"a":1}', '{"spooled":1}']);
});

describe('an input that is no longer what was planned', () => {
  const pieces = ['{"a":1}', '{"b":2}', '{"c":3}'].map((body) => ({ body }));
  const changed = expect.objectContaining({ code: 'input_changed', exitCode: 3 });

  test('is noticed by a single byte', async () => {
    const { build, builder, paths } = await layOut([pieces]);
    const [file = ''] = paths;
    writeFileSync(file, '{"a":1}\n{"a":1}\n{"b":4}\n{"c":3}\n');
    expect(() => build([0, 1, 2])).toThrow(changed);
    expect(() => build([1])).toThrow(changed);
    expect(() => builder.buildSpan(1)).toThrow(changed);
    expect(build([0, 2]).toString()).toBe('{"data":[{"a":1},\n{"c":3}]}');
  });

  test('is noticed where it became shorter', async () => {
    const { build, paths } = await layOut([pieces]);
    truncateSync(paths[0] ?? '', 20);
    expect(() => build([0, 1, 2])).toThrow(changed);
  });
});
