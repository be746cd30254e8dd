import { describe, expect, it } from 'vitest';

import type { Finding } from '../../src/trace/finding.js';
import { clockSkew, lintRoots, lintTimes, overhang } from '../../src/trace/lint-shape.js';
import { indexOf, type SpanSketch } from './factories.js';

function rootsOf(spans: readonly SpanSketch[]): string[] {
  const { index, idOf } = indexOf(spans);
  const found: Finding[] = [];
  lintRoots(index, (finding) => found.push(finding));
  return found.map(({ code, span }) => `${code} ${idOf(span)}`);
}

function outside(spans: readonly SpanSketch[]): string[] {
  const { index, idOf } = indexOf(spans);
  const found: Finding[] = [];
  lintTimes(index, (finding) => found.push(finding));
  return found.map(({ code, span }) => `${code} ${idOf(span)}`);
}

describe('several roots', () => {
  it('are told once for each trace, at the second one', () => {
    const spans = [
      { trace: 'one', id: 'a' },
      { trace: 'two', id: 'x' },
      { trace: 'one', id: 'b' },
      { trace: 'one', id: 'c' },
      { trace: 'two', id: 'y', parent: 'x' },
    ];
    expect(rootsOf(spans)).toEqual(['multiple_roots b']);
  });

  it('are not those of orphans', () => {
    expect(rootsOf([{ id: 'a' }, { id: 'b', parent: 'missing' }])).toEqual([]);
  });
});

const child = (start: number, end: number): SpanSketch => ({ id: 'child', parent: 'parent', start, end });

describe('a child outside of its parent', () => {
  const parent = { id: 'parent', start: 100_000, end: 200_000 };
  const skew = clockSkew;

  it.each([
    ['inside', child(100_000, 200_000), false],
    ['earlier by the skew of clocks', child(100_000 - skew, 200_000), false],
    ['earlier by more', child(100_000 - skew - 1, 200_000), true],
    ['later by the skew of clocks', child(150_000, 200_000 + skew), false],
    ['later by more', child(150_000, 200_000 + skew + 1), true],
    ['of a start alone that is too late', child(300_000, NaN), true],
    ['of an end alone that is too early', child(NaN, 10), true],
    ['without times', child(NaN, NaN), false],
  ])('is one %s: %j', (_, sketch, found) => {
    expect(outside([sketch, parent])).toEqual(found ? ['child_outside_parent child'] : []);
  });

  it('is not one of a parent without times, and a missing end has no say', () => {
    expect(outside([{ id: 'parent' }, child(0, 1e9)])).toEqual([]);
    expect(outside([{ ...parent, end: NaN }, child(150_000, 1e9)])).toEqual([]);
    expect(outside([{ id: 'a', parent: 'missing', start: 0, end: 1 }])).toEqual([]);
  });

  it('tells by how much', () => {
    const { index } = indexOf([parent, child(70_000, 250_000)]);
    expect(overhang(index, 1, 0)).toEqual({ before: 30_000, after: 50_000 });
  });
});
