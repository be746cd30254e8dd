import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintParents } from '../../src/trace/lint.js';
import { noSpan } from '../../src/trace/trace-index.js';
import { treeRows, type RowOptions, type TreeRow } from '../../src/tree/tree-rows.js';
import { firstTree, siblings, sketch, type Sketched, type SpanSketch } from './factories.js';

const options = (overrides: Partial<RowOptions> = {}): RowOptions => ({
  depth: Infinity,
  all: false,
  unfolded: new Set(),
  ...overrides,
});

function rowsOf(sketched: Sketched, overrides: Partial<RowOptions> = {}): TreeRow[] {
  return [...treeRows(sketched.index, sketched.tree, options(overrides))];
}

/** `  id` by depth, `+3` for what is hidden below, `3×` for siblings that share a row. */
function shown(sketched: Sketched, overrides: Partial<RowOptions> = {}): string[] {
  return rowsOf(sketched, overrides).map((row) => {
    const name =
      row.kind === 'folded'
        ? `${row.spans.length}× ${sketched.idOf(row.spans[0] ?? noSpan)}`
        : row.kind === 'above'
          ? 'above'
          : `${row.kind === 'missing' ? 'missing ' : ''}${sketched.idOf(row.span)}`;
    return `${'  '.repeat(row.depth)}${name}${row.hidden > 0 ? ` +${row.hidden}` : ''}`;
  });
}

function mended(spans: SpanSketch[]): Sketched {
  const sketched = sketch(spans);
  lintParents(sketched.index, () => {});
  return { ...sketched, tree: firstTree(sketched.index) };
}

describe('the rows of a tree', () => {
  it('give children below their parent, in the order of their starts', () => {
    const sketched = sketch([
      { id: 'late', parent: 'root', start: 9 },
      { id: 'root', start: 5 },
      { id: 'below', parent: 'early', start: 1 },
      { id: 'early', parent: 'root', start: 7 },
      { id: 'never', parent: 'root' },
    ]);
    expect(shown(sketched)).toEqual(['root', '  early', '    below', '  late', '  never']);
  });

  it('put orphans below the parent that is missing, and several roots side by side', () => {
    const sketched = sketch([
      { id: 'two', parent: 'lost', start: 3 },
      { id: 'root', start: 1 },
      { id: 'one', parent: 'lost', start: 2 },
      { id: 'other', start: 4 },
    ]);
    expect(shown(sketched)).toEqual(['root', 'missing lost', '  one', '  two', 'other']);
    expect(sketched.tree).toMatchObject({ spans: 4, roots: 2, orphans: 2, window: { start: 1, end: 4 } });
  });

  it('say which is the last of its parent', () => {
    const sketched = sketch([
      { id: 'a' },
      { id: 'b', parent: 'a' },
      { id: 'c', parent: 'b' },
      { id: 'd', parent: 'a' },
    ]);
    expect(rowsOf(sketched).map(({ last }) => last)).toEqual([true, false, true, true]);
  });

  it('stop at a depth, and count what is below', () => {
    const chain = ['a', 'b', 'c', 'd'].map((id, place, all) => ({ id, parent: all[place - 1] }));
    const sketched = sketch([...chain, { id: 'e', parent: 'lost' }]);
    expect(shown(sketched, { depth: 2 })).toEqual(['a', '  b +2', 'missing lost', '  e']);
    expect(shown(sketched, { depth: 1 })).toEqual(['a +3', 'missing lost +1']);
  });

  it('fold siblings of one name after the third, unless that would save next to nothing', () => {
    const many = sketch([{ id: 'root' }, ...siblings(9)]);
    expect(shown(many)).toEqual(['root', '  s0', '  s1', '  s2', '  6× s3']);
    const few = sketch([{ id: 'root' }, ...siblings(5)]);
    expect(shown(few)).toHaveLength(6);
    expect(shown(many, { all: true })).toHaveLength(10);
  });

  it('fold names that differ in numbers or take turns, each for itself', () => {
    const numbered = sketch([{ id: 'root' }, ...siblings(8, (place) => `iteration-${place}`)]);
    expect(shown(numbered)).toEqual(['root', '  s0', '  s1', '  s2', '  5× s3']);
    const turns = sketch([{ id: 'root' }, ...siblings(12, (place) => (place % 2 === 0 ? 'ask' : 'tool'))]);
    expect(shown(turns).slice(-3)).toEqual(['  s5', '  3× s6', '  3× s7']);
  });

  it('count what is below folded siblings, and keep apart what must be seen', () => {
    const below = siblings(9).map(({ id }) => ({ id: `${id}-below`, parent: id }));
    const sketched = sketch([{ id: 'root' }, ...siblings(9), ...below]);
    expect(shown(sketched).at(-1)).toBe('  6× s3 +6');
    const unfolded = new Set([sketched.numberOf('s7')]);
    expect(shown(sketched, { unfolded })).toEqual(
      expect.arrayContaining(['  5× s3 +5', '  s7', '    s7-below']),
    );
  });

  const letters = 'abcdefghijkl'.split('');
  const anySpans: fc.Arbitrary<SpanSketch[]> = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...letters),
      parent: fc.option(fc.constantFrom(...letters, 'x', 'y'), { nil: undefined }),
      name: fc.constantFrom('one', 'two', 'step-1', 'step-2'),
      start: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(NaN)),
    }),
    { selector: ({ id }) => id, minLength: 1 },
  );

  it('draw every span once with --all, one level below its parent', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const sketched = mended(spans);
        const depths = new Map<number, number>();
        let drawn = 0;
        for (const row of rowsOf(sketched, { all: true })) {
          expect(row.hidden).toBe(0);
          if (row.kind !== 'span' && row.kind !== 'missing') throw new Error(row.kind);
          const parent = row.kind === 'span' ? sketched.index.parentOf(row.span) : noSpan;
          expect(row.depth).toBe(parent === noSpan ? 0 : (depths.get(parent) ?? NaN) + 1);
          depths.set(row.span, row.depth);
          if (row.kind === 'span') drawn += 1;
        }
        expect(drawn).toBe(spans.length);
        expect(depths.size - drawn).toBe(sketched.tree.tops.length - sketched.tree.roots);
      }),
    );
  });

  it('account for every span at any depth, folded or not', () => {
    fc.assert(
      fc.property(anySpans, fc.integer({ min: 1, max: 4 }), (spans, depth) => {
        let accounted = 0;
        for (const row of rowsOf(mended(spans), { depth })) {
          accounted += row.hidden;
          accounted += row.kind === 'folded' ? row.spans.length : row.kind === 'span' ? 1 : 0;
        }
        expect(accounted).toBe(spans.length);
      }),
    );
  });

  it('take a chain of 10,000 spans and 100,000 siblings', () => {
    const chain = Array.from({ length: 10_000 }, (_, place) => ({
      id: `c${place}`,
      parent: place === 0 ? undefined : `c${place - 1}`,
    }));
    expect(rowsOf(sketch(chain)).at(-1)?.depth).toBe(9999);
    expect(rowsOf(sketch([{ id: 'root' }, ...siblings(100_000)]))).toHaveLength(5);
  });
});
