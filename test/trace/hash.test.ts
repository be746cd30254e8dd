import { describe, expect, it } from 'vitest';
import { hashInto, type IdHash } from '../../src/trace/hash.js';

function hashOf(text: string, seed = 0): IdHash {
  const hash = { low: 0, high: 0 };
  hashInto(hash, text, seed);
  return hash;
}

/** The two halves as one number; 64 bits do not fit into a double. */
function keyOf({ low, high }: IdHash): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** A small generator of its own, so that a failure happens again. */
function* randomWords(seed: number): Generator<string> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state.toString(16).padStart(8, '0');
  }
}

function collisions(count: number, idAt: (number: number) => IdHash): number {
  const keys = new BigUint64Array(count);
  for (let number = 0; number < count; number++) keys[number] = keyOf(idAt(number));
  keys.sort();
  let same = 0;
  for (let number = 1; number < count; number++) if (keys[number] === keys[number - 1]) same += 1;
  return same;
}

const million = 1_000_000;

/** Text, seed, and the halves. */
const golden: [string, number, number, number][] = [
  ['', 0, 451841411, 1217125560],
  ['a', 0, 2194241793, 1344023463],
  ['a', 1, 3661977055, 303239758],
  ['a1b2c3d4e5f60001', 0, 5163169, 2343947251],
  ['6d3c1d0e8a4b4f0f9c0f2b1a7e5d4c01', 0, 1620474833, 3674856211],
  ['6d3c1d0e-8a4b-4f0f-9c0f-2b1a7e5d4c01', 0xffffffff, 469410249, 2126138763],
  ['größe 🌳', 7, 1576411831, 3796661919],
];

describe('hash of an id', () => {
  it.each(golden)('of %j with seed %i never changes: ledgers hold it', (text, seed, low, high) => {
    expect(hashOf(text, seed)).toEqual({ low, high });
  });

  it('has no collision among a million sequential ids', () => {
    expect(collisions(million, (number) => hashOf(`span-${number}`))).toBe(0);
  });

  it('has no collision among a million random ids', () => {
    const words = randomWords(42);
    const next = (): string => words.next().value ?? '';
    expect(collisions(million, () => hashOf(next() + next()))).toBe(0);
  });

  it('has no collision among a million equal ids of different seeds', () => {
    expect(collisions(million, (number) => hashOf('1', number))).toBe(0);
  });

  it('sees every character and its place', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', 'aa', 'a\0', '\0a', 'ā', 'A', ' a'];
    expect(new Set(texts.map((text) => keyOf(hashOf(text)))).size).toBe(texts.length);
  });
});
