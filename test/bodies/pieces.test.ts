import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Pieces } from '../../src/bodies/pieces.js';
import type { BodyLocation } from '../../src/trace/body-columns.js';

const locations = (offset: fc.Arbitrary<number>, most: number): fc.Arbitrary<BodyLocation[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom<BodyLocation['kind']>('input', 'spool'),
      offset,
      length: fc.nat(5000),
      checksum: fc.nat(0xffffffff),
      rowLength: fc.constant(0),
    }),
    { maxLength: most },
  );

function piecesAt(all: readonly BodyLocation[]): Pieces {
  const pieces = new Pieces();
  all.forEach((location, number) => pieces.add(location, 7 * number));
  return pieces;
}

const inOrder = (pieces: Pieces): [kind: string, offset: number][] =>
  Array.from(pieces.inOrder(), (piece) => [pieces.kind(piece), pieces.offset(piece)]);

const sorted = (all: readonly BodyLocation[]): [kind: string, offset: number][] =>
  all
    .map(({ kind, offset }): [BodyLocation['kind'], number] => [kind, offset])
    .toSorted(([one, at], [other, to]) => (one === other ? at - to : one < other ? -1 : 1));

test.each([
  { of: 'a file', most: 2 ** 40, kinds: 1 },
  { of: 'a file of any size', most: Number.MAX_SAFE_INTEGER, kinds: 1 },
  { of: 'a file and the spool', most: 2 ** 40, kinds: 2 },
])('pieces of $of are told in the order in which they lie there', ({ most, kinds }) => {
  fc.assert(
    fc.property(
      locations(
        fc.maxSafeNat().map((offset) => offset % (most + 1)),
        1500,
      ),
      (drawn) => {
        const all =
          kinds === 1 ? drawn.map((location): BodyLocation => ({ ...location, kind: 'spool' })) : drawn;
        expect(inOrder(piecesAt(all))).toEqual(sorted(all));
      },
    ),
    { numRuns: 30 },
  );
});

test('what was said of a piece is kept, however many there are, and forgotten when they begin anew', () => {
  fc.assert(
    fc.property(locations(fc.nat(), 1500), locations(fc.nat(), 20), (before, all) => {
      const pieces = piecesAt(before);
      pieces.clear();
      all.forEach((location, number) => pieces.add(location, 7 * number));
      const kept = all.map((_, piece) => ({
        kind: pieces.kind(piece),
        offset: pieces.offset(piece),
        length: pieces.length(piece),
        checksum: pieces.checksum(piece),
        rowLength: 0,
      }));
      expect(kept).toEqual(all);
      expect(all.map((_, piece) => pieces.place(piece))).toEqual(all.map((_, number) => 7 * number));
      expect(inOrder(pieces)).toEqual(sorted(all));
    }),
    { numRuns: 30 },
  );
});
