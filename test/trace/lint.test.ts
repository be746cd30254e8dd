import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/trace/finding.js';
import { countParents, lintParents, type ParentCounts } from '../../src/trace/lint.js';
import { lintOrphans } from '../../src/trace/orphans.js';
import { noSpan, type TraceIndex } from '../../src/trace/trace-index.js';
import { indexOf, parentsOf, type SpanSketch } from './factories.js';

function lintAll(index: TraceIndex): { findings: Finding[]; counts: ParentCounts } {
  const findings: Finding[] = [];
  lintParents(index, (finding) => findings.push(finding));
  lintOrphans(index, (finding) => findings.push(finding));
  return { findings, counts: countParents(index) };
}

function lint(spans: readonly SpanSketch[]) {
  const { index, idOf } = indexOf(spans);
  const { findings, counts: all } = lintAll(index);
  const { by_path: byPath, by_time: byTime, ambiguous, ...counts } = all;
  return {
    counts,
    byPath,
    inferred: byTime + ambiguous,
    findings: findings.map(({ code, span }) => `${code} ${idOf(span)}`),
    parents: parentsOf(index, idOf),
    index,
    raw: findings,
  };
}

/** A ring of spans, each the parent of the next, all at one time. */
function ring(length: number, prefix: string, start = 0): SpanSketch[] {
  return Array.from({ length }, (_, place) => ({
    id: `${prefix}${place}`,
    parent: `${prefix}${(place + length - 1) % length}`,
    start,
  }));
}

describe('lint of parents', () => {
  it('counts parents that follow from a path apart from those that a row names', () => {
    const { counts, byPath } = lint([
      { id: 'root' },
      { id: 'named', parent: 'root' },
      { id: 'below', parent: 'named', parentByPath: true },
      { id: 'lost', parent: 'missing', parentByPath: true },
    ]);
    expect({ ...counts, byPath }).toEqual({ explicit: 1, byPath: 1, roots: 1, orphans: 1 });
  });

  it('finds nothing in a tree', () => {
    const { findings, counts, parents } = lint([
      { id: 'root' },
      { id: 'child', parent: 'root' },
      { id: 'grandchild', parent: 'child' },
    ]);
    expect(findings).toEqual([]);
    expect(counts).toEqual({ explicit: 2, roots: 1, orphans: 0 });
    expect(parents).toEqual({ root: undefined, child: 'root', grandchild: 'child' });
  });

  it('finds a parent that comes after its child', () => {
    expect(lint([{ id: 'child', parent: 'root' }, { id: 'root' }]).counts).toEqual({
      explicit: 1,
      roots: 1,
      orphans: 0,
    });
  });

  it('keeps orphans as they are', () => {
    const { findings, counts, parents } = lint([
      { id: 'a', parent: 'missing' },
      { id: 'b', parent: 'missing' },
      { id: 'c', parent: 'a' },
    ]);
    expect(findings).toEqual(['orphan_parent a', 'orphan_parent b']);
    expect(counts).toEqual({ explicit: 1, roots: 0, orphans: 2 });
    expect(parents).toEqual({ a: 'missing', b: 'missing', c: 'a' });
  });

  it('does not find a parent in another trace', () => {
    const { findings } = lint([
      { trace: 'one', id: 'root' },
      { trace: 'two', id: 'child', parent: 'root' },
    ]);
    expect(findings).toEqual(['orphan_parent child']);
  });

  it('makes a root of a span that is its own parent', () => {
    const { findings, counts, parents, index, raw } = lint([
      { id: 'a', parent: 'a' },
      { id: 'b', parent: 'a' },
    ]);
    expect(findings).toEqual(['self_parent a']);
    expect(counts).toEqual({ explicit: 1, roots: 1, orphans: 0 });
    expect(parents).toEqual({ a: undefined, b: 'a' });
    expect(raw.every(({ span }) => index.needsPatch(span))).toBe(true);
  });

  it("makes a root of a span whose parent is the trace's id, where no span is called so", () => {
    const { findings, counts, parents } = lint([
      { trace: 't', id: 'a', parent: 't' },
      { trace: 't', id: 'b', parent: 'a' },
    ]);
    expect(findings).toEqual(['parent_is_trace a']);
    expect(counts).toEqual({ explicit: 1, roots: 1, orphans: 0 });
    expect(parents).toEqual({ a: undefined, b: 'a' });
  });

  it("keeps the edge to a span that is called like its trace, and makes that span's own a root", () => {
    const { findings, parents } = lint([
      { trace: 't', id: 'a', parent: 't' },
      { trace: 't', id: 't', parent: 't' },
    ]);
    expect(findings).toEqual(['self_parent t']);
    expect(parents).toEqual({ a: 't', t: undefined });
  });

  it.each([2, 3, 7, 1000])('breaks a cycle of %i spans in one place', (length) => {
    const { findings, counts } = lint(ring(length, 'r'));
    expect(findings).toEqual(['cycle r0']);
    expect(counts).toEqual({ explicit: length - 1, roots: 1, orphans: 0 });
  });

  it('breaks a cycle at its earliest span, whichever comes first in the input', () => {
    const cycle: SpanSketch[] = [
      { id: 'a', parent: 'c', start: 30 },
      { id: 'b', parent: 'a', start: 10 },
      { id: 'c', parent: 'b', start: 20 },
    ];
    for (const turn of [0, 1, 2]) {
      const turned = [...cycle.slice(turn), ...cycle.slice(0, turn)];
      expect(lint(turned).findings).toEqual(['cycle b']);
    }
  });

  it('takes a span of the cycle without a start for the latest', () => {
    const cycle: SpanSketch[] = [
      { id: 'a', parent: 'c' },
      { id: 'b', parent: 'a', start: 20 },
      { id: 'c', parent: 'b', start: 10 },
    ];
    for (const turn of [0, 1, 2]) {
      const turned = [...cycle.slice(turn), ...cycle.slice(0, turn)];
      expect(lint(turned).findings).toEqual(['cycle c']);
    }
  });

  it('leaves the trees that hang on a cycle, and starts no cycle at an early span outside', () => {
    const { findings, parents } = lint([
      { id: 'leaf', parent: 'branch', start: 1 },
      { id: 'branch', parent: 'r1', start: 2 },
      ...ring(3, 'r', 50),
      { id: 'other', parent: 'r0', start: 3 },
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/^cycle r\d$/);
    expect(parents).toMatchObject({ leaf: 'branch', branch: 'r1', other: 'r0' });
  });

  it('breaks each of two cycles in one trace', () => {
    const { findings, counts } = lint([
      ...ring(3, 'r'),
      { id: 'between', parent: 's1' },
      ...ring(4, 's'),
      { id: 'free' },
    ]);
    expect(findings).toEqual(['cycle r0', 'cycle s1']);
    expect(counts).toEqual({ explicit: 6, roots: 3, orphans: 0 });
  });

  it('walks a chain of 10,000 spans, leaf first', () => {
    const chain = Array.from({ length: 10_000 }, (_, place) => ({
      id: String(place),
      parent: place === 9999 ? undefined : String(place + 1),
    }));
    expect(lint(chain).counts).toEqual({ explicit: 9999, roots: 1, orphans: 0 });
  });

  it('breaks a cycle of 100,000 spans', () => {
    expect(lint(ring(100_000, 'r')).counts).toEqual({ explicit: 99_999, roots: 1, orphans: 0 });
  });
});

/** Any edges over few names, so that cycles, orphans and edges to the trace's id abound. */
const anySpans = fc.uniqueArray(
  fc.record({
    trace: fc.constantFrom('t', 'u'),
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 't'),
    parent: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 't', 'u'), { nil: undefined }),
    start: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(NaN)),
  }),
  { selector: ({ trace, id }) => `${trace}/${id}`, maxLength: 14 },
);

function edges(index: TraceIndex): number[] {
  return Array.from({ length: index.mentioned }, (_, span) =>
    index.isDefined(span) ? index.parentOf(span) : noSpan,
  );
}

describe('law of the lint', () => {
  it('leaves every span a way to a root or to a missing parent', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { index } = lint(spans);
        for (let first = 0; first < index.mentioned; first++) {
          let steps = 0;
          for (let span = first; span !== noSpan && index.isDefined(span); span = index.parentOf(span)) {
            expect(steps++).toBeLessThan(index.defined);
          }
        }
      }),
    );
  });

  it('changes the edges that it names and no other', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const before = edges(indexOf(spans).index);
        const { index, raw } = lint(spans);
        const mended = new Set(raw.filter(({ code }) => code !== 'orphan_parent').map(({ span }) => span));
        edges(index).forEach((parent, span) => {
          expect(parent).toBe(mended.has(span) ? noSpan : before[span]);
          expect(index.needsPatch(span)).toBe(mended.has(span));
        });
      }),
    );
  });

  it('names every cycle once, at a span that no other of the cycle starts before', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const untouched = indexOf(spans).index;
        for (const { span } of lint(spans).raw.filter(({ code }) => code === 'cycle')) {
          let steps = 0;
          for (let each = untouched.parentOf(span); each !== span; each = untouched.parentOf(each)) {
            expect(untouched.startOrder(each)).toBeGreaterThanOrEqual(untouched.startOrder(span));
            expect(steps++).toBeLessThan(untouched.defined);
          }
        }
      }),
    );
  });

  it('counts every span as one of explicit, root and orphan, and finds nothing a second time', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { index, counts } = lint(spans);
        expect(counts.explicit + counts.roots + counts.orphans).toBe(spans.length);
        const again = lintAll(index);
        expect(again.counts).toMatchObject(counts);
        expect(again.findings.map(({ code }) => code)).toEqual(Array(counts.orphans).fill('orphan_parent'));
      }),
    );
  });
});
