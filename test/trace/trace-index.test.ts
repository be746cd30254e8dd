import { describe, expect, it } from 'vitest';
import type { IdHash } from '../../src/trace/hash.js';
import { noSpan, TraceIndex } from '../../src/trace/trace-index.js';
import { entry, location } from './factories.js';

function defined(index: TraceIndex, traceId: string, spanId: string, length = 2): number {
  const span = index.internSpan(index.internTrace(traceId), spanId);
  index.define(span, entry(), location({ length }));
  return span;
}

describe('TraceIndex', () => {
  it('knows a span only once a row has defined it', () => {
    const index = new TraceIndex();
    const trace = index.internTrace('t');
    const parent = index.internSpan(trace, 'parent');
    expect(index.hasTrace('t')).toBe(true);
    expect(index.hasSpan('t', 'parent')).toBe(false);
    expect([index.defined, index.mentioned]).toEqual([0, 1]);

    index.define(parent, entry(), location());
    expect(index.hasSpan('t', 'parent')).toBe(true);
    expect([index.defined, index.mentioned]).toEqual([1, 1]);
  });

  it('takes the same span id in two traces for two spans', () => {
    const index = new TraceIndex();
    const first = defined(index, 'one', 'same');
    const second = defined(index, 'two', 'same');
    expect(second).not.toBe(first);
    expect(index.traceOf(first)).not.toBe(index.traceOf(second));
    expect(index.hasSpan('three', 'same')).toBe(false);
    expect(index.hasTrace('three')).toBe(false);
  });

  it('keeps a million keys apart where small ids repeat in every trace', () => {
    const index = new TraceIndex();
    for (let trace = 0; trace < 1000; trace++) {
      const number = index.internTrace(String(trace));
      for (let span = 0; span < 1000; span++) index.internSpan(number, String(span));
    }
    expect(index.mentioned).toBe(1_000_000);
  });

  it('keeps the same span id in two traces apart, yet tells that it is the same', () => {
    const index = new TraceIndex();
    const [one, other, root] = [defined(index, 'a', 'x'), defined(index, 'b', 'x'), defined(index, 'a', 'a')];
    expect(new Set([one, other, root]).size).toBe(3);
    const hashOf = (span: number): IdHash => {
      const hash = { low: 0, high: 0 };
      index.hashOfId(span, hash);
      return hash;
    };
    expect(hashOf(one)).toEqual(hashOf(other));
    expect(hashOf(one)).not.toEqual(hashOf(root));
  });

  it('finds a span by the key that a ledger keeps, and never changes that key', () => {
    const index = new TraceIndex();
    const span = defined(index, '6d3c1d0e8a4b4f0f9c0f2b1a7e5d4c01', 'a1b2c3d4e5f60001');
    expect([index.keyLow(span), index.keyHigh(span)]).toEqual([549848348, 585431387]);
    expect(index.findKey(549848348, 585431387)).toBe(span);
    expect(index.findKey(549848348, 585431388)).toBe(-1);
  });

  it('finds traces and spans by their ids, and knows the ids of a span when it is sealed', () => {
    const index = new TraceIndex();
    const span = defined(index, 'a', 'x');
    const other = defined(index, 'b', 'x');
    index.internSpan(index.traceOf(span), 'parent');
    expect([index.findTrace('a'), index.findTrace('b'), index.findTrace('c')]).toEqual([0, 1, -1]);
    expect([index.findSpan(1, 'x'), index.findSpan(0, 'parent'), index.findSpan(0, 'y')]).toEqual([
      other,
      -1,
      -1,
    ]);
    index.seal();
    expect([index.hasIds(span, 'a', 'x'), index.hasIds(other, 'b', 'x')]).toEqual([true, true]);
    expect([index.hasIds(span, 'b', 'x'), index.hasIds(span, 'a', 'y')]).toEqual([false, false]);
  });

  it('does not find the key of a span that is only named as a parent', () => {
    const index = new TraceIndex();
    const parent = index.internSpan(index.internTrace('t'), 'parent');
    expect(index.findKey(index.keyLow(parent), index.keyHigh(parent))).toBe(-1);
  });

  it.each([
    location({ kind: 'input', offset: 5_000_000_000, length: 3, checksum: 0xffffffff }),
    location({ kind: 'spool', offset: 12, length: 20_000_000 }),
    location({ kind: 'derived', offset: 7, length: 100, rowLength: 60 }),
  ])('gives back where the bytes of a span are: $kind', (body) => {
    const index = new TraceIndex();
    const span = index.internSpan(index.internTrace('t'), 's');
    index.define(span, entry(), body);
    expect(index.location(span)).toEqual(body);
    index.locate(span, location({ kind: 'input', offset: 1 }));
    expect(index.location(span)).toEqual(location({ kind: 'input', offset: 1 }));
  });

  it('keeps the line of the row that a span began in, and takes the rest from the last', () => {
    const index = new TraceIndex();
    const trace = index.internTrace('t');
    const span = index.internSpan(trace, 's');
    const parent = index.internSpan(trace, 'p');
    index.define(span, entry({ line: 3, start: 1 }), location());
    index.define(span, entry({ line: 9, start: 2, end: 4, parent }), location({ length: 8 }));
    expect(index.defined).toBe(1);
    expect(index.lineOf(span)).toBe(3);
    expect([index.startOf(span), index.endOf(span), index.parentOf(span)]).toEqual([2, 4, parent]);
    expect(index.lengthOf(span)).toBe(8);
  });

  it('remembers that a root was made of a span until its bytes say so too', () => {
    const index = new TraceIndex();
    const trace = index.internTrace('t');
    const span = index.internSpan(trace, 's');
    index.define(span, entry({ parent: span }), location({ length: 50, checksum: 5 }));
    index.makeRoot(span);
    expect(index.parentOf(span)).toBe(noSpan);
    expect(index.needsPatch(span)).toBe(true);

    index.patched(span, location({ kind: 'spool', length: 40, checksum: 4 }));
    expect(index.needsPatch(span)).toBe(false);
    expect(index.location(span)).toMatchObject({ kind: 'spool', length: 40, checksum: 4 });
    // The ledger compares what the row said: else a patched span would look changed in the next run.
    expect(index.contentKey(span)).toEqual({ length: 50, checksum: 5 });
  });

  it('holds what the ledger knows of a span, the latest word winning', () => {
    const index = new TraceIndex();
    const span = defined(index, 't', 's');
    const state = (): boolean[] => [index.isImported(span), index.isChanged(span)];
    expect(state()).toEqual([false, false]);
    index.setImported(span, 'changed');
    expect(state()).toEqual([false, true]);
    index.setImported(span, 'same');
    expect(state()).toEqual([true, false]);
    expect(index.isDefined(span)).toBe(true);
  });
});
