import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSpan } from '../../src/trace/trace-index.js';
import { excerpt } from '../../src/tree/excerpt.js';
import type { TreeRow } from '../../src/tree/tree-rows.js';
import { siblings, sketch, type Sketched, type SpanSketch } from './factories.js';

function shown(sketched: Sketched, rows: readonly TreeRow[]): string[] {
  return rows.map((row) => {
    const name =
      row.kind === 'folded'
        ? `${row.spans.length}× ${sketched.idOf(row.spans[0] ?? noSpan)}`
        : row.kind === 'above'
          ? `${row.levels} above`
          : sketched.idOf(row.span);
    return `${'  '.repeat(row.depth)}${name}${row.hidden > 0 ? ` +${row.hidden}` : ''}`;
  });
}

function excerptOf(spans: readonly SpanSketch[], blamed: readonly string[] = [], most = 20): string[] {
  const sketched = sketch(spans);
  const numbers = blamed.map((id) => sketched.numberOf(id));
  return shown(sketched, excerpt(sketched.index, sketched.tree, numbers, most));
}

const chain = (length: number): SpanSketch[] =>
  Array.from({ length }, (_, place) => ({
    id: `c${place}`,
    parent: place === 0 ? undefined : `c${place - 1}`,
  }));

const letters = (position: number): string => String.fromCodePoint(0x4e00 + position);

describe('an excerpt of a tree', () => {
  it('is the whole tree where it fits', () => {
    expect(excerptOf([...chain(3), { id: 'other', parent: 'c0' }])).toEqual([
      'c0',
      '  c1',
      '    c2',
      '  other',
    ]);
  });

  it('is its upper levels, and the first of the next, where it does not', () => {
    expect(excerptOf(chain(30)).at(-1)).toBe(`${'  '.repeat(19)}c19 +10`);
    const below = siblings(30, letters).map(({ id }) => ({ id: `${id}-below`, parent: id }));
    const rows = excerptOf([{ id: 'root' }, ...siblings(30, letters), ...below]);
    expect(rows).toHaveLength(20);
    expect(rows[0]).toBe('root +22');
    expect(rows.at(-1)).toBe('  s18 +1');
  });

  it('is the first roots and a row for the rest, where there are more roots than rows', () => {
    const roots = Array.from({ length: 50 }, (_, place) => ({ id: `r${place}`, name: letters(place) }));
    const rows = excerptOf([...roots, { id: 'below', parent: 'r40' }]);
    expect(rows).toHaveLength(20);
    expect(rows.at(-1)).toBe('31× r19 +1');
  });

  it('shows the place that is to blame: a few ancestors, the siblings in one row, the nearest children', () => {
    const rows = excerptOf(
      [
        ...chain(30),
        ...siblings(9, letters).map((each) => ({ ...each, parent: 'c19' })),
        ...Array.from({ length: 9 }, (_, place) => ({
          id: `child${place}`,
          parent: 'c20',
          name: letters(place),
        })),
      ],
      ['c20'],
    );
    expect(rows).toEqual([
      '17 above',
      '  c17',
      '    c18',
      '      c19',
      '        c20',
      '          c21 +8',
      '          child0',
      '          child1',
      '          7× child2',
      '        9× s0',
    ]);
  });

  it('shows an orphan below its missing parent, with the other tops in one row', () => {
    const roots = Array.from({ length: 50 }, (_, place) => ({ id: `r${place}`, name: letters(place) }));
    const rows = excerptOf([...roots, { id: 'orphan', parent: 'lost' }], ['orphan']);
    expect(rows).toEqual(['lost', '  orphan', '50× r0']);
  });

  it('takes as many of the blamed spans as fit', () => {
    const spans = Array.from({ length: 40 }, (_, place) => [
      { id: `r${place}`, name: letters(place) },
      ...Array.from({ length: 6 }, (__, at) => ({
        id: `r${place}-${at}`,
        parent: `r${place}`,
        name: letters(at),
      })),
    ]).flat();
    const rows = excerptOf(spans, ['r0-5', 'r1-5', 'r2-5', 'r3-5', 'r4-5', 'r5-5', 'r6-5', 'r7-5']);
    expect(rows.length).toBeLessThanOrEqual(20);
    expect(rows.filter((row) => row.endsWith('-5')).length).toBeGreaterThan(3);
  });

  it('never has more rows than permitted, shows what is blamed, and tells the last of each parent', () => {
    const anySpans = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: 300 }).map((number) => `s${number}`),
        above: fc.option(fc.nat(), { nil: undefined }),
        name: fc.integer({ min: 0, max: 40 }).map(letters),
      }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 120, size: 'max' },
    );
    fc.assert(
      fc.property(anySpans, fc.array(fc.nat(), { maxLength: 6 }), (drawn, places) => {
        const spans = drawn.map(({ id, above, name }, place) => ({
          id,
          name,
          parent: above === undefined || place === 0 ? undefined : drawn[above % place]?.id,
        }));
        const sketched = sketch(spans);
        const ids = places.map((place) => spans[place % spans.length]?.id ?? '');
        const blamed = [...new Set(ids.map((id) => sketched.numberOf(id)))];
        const rows = excerpt(sketched.index, sketched.tree, blamed, 20);
        expect(rows.length).toBeLessThanOrEqual(20);
        const spansDrawn = rows.flatMap((row) => (row.kind === 'span' ? [row.span] : []));
        expect(new Set(spansDrawn).size).toBe(spansDrawn.length);
        expect(spansDrawn).toEqual(expect.arrayContaining(blamed.slice(0, 1)));
        rows.forEach((row, place) => {
          const next = rows.slice(place + 1).find(({ depth }) => depth <= row.depth);
          expect(row.last).toBe(next === undefined || next.depth < row.depth);
        });
      }),
    );
  });
});
