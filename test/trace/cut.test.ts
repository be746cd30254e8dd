import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutByPauses, segmentsOf } from '../../src/trace/cut.js';
import { membersByTrace } from '../../src/trace/members-by-trace.js';
import { indexOf, type SpanSketch } from './factories.js';

const gap = 30;

function cut(spans: readonly SpanSketch[], limit = gap) {
  const { index, idOf } = indexOf(spans.map((span) => ({ traceOrigin: 'grouped', ...span })));
  const cuts: [start: number, trace: number][] = [];
  const { begun, conversations } = cutByPauses(index, limit, (trace, start) => {
    cuts.push([start, trace]);
    return index.internTrace(`${trace} after ${start}`);
  });
  const traces = [...membersByTrace(index)].map((members) => Array.from(members, idOf));
  return { begun, conversations, cuts, traces };
}

describe('a conversation', () => {
  it('is cut where a pause is longer than the limit, from the latest end to the next start', () => {
    const { begun, cuts, traces } = cut([
      { id: 'late', start: 191, end: 192 },
      { id: 'a', start: 0, end: 100 },
      { id: 'inside', start: 5, end: 6 },
      { id: 'just', start: 130, end: 160 },
    ]);
    expect(traces).toEqual([['a', 'inside', 'just'], ['late']]);
    expect([begun, cuts]).toEqual([1, [[191, 0]]]);
  });

  it('keeps a span with the parent that its row names, and what shares a missing parent', () => {
    const { traces } = cut([
      { id: 'a', start: 0, end: 1 },
      { id: 'b', start: 1000, end: 1001, parent: 'a' },
      { id: 'c', start: 1010, end: 1011 },
      { id: 'd', start: 5000, end: 5001 },
      { id: 'e', start: 6000, end: 6001, parent: 'missing' },
      { id: 'f', start: 7000, end: 7001, parent: 'missing' },
    ]);
    expect(traces).toEqual([['a', 'b', 'c'], ['d'], ['e', 'f']]);
  });

  it('keeps spans without times with the row before them, the first ones with the first segment', () => {
    const { traces } = cut([
      { id: 'none' },
      { id: 'late', start: 1000, end: 1001 },
      { id: 'after late' },
      { id: 'its child', parent: 'after late' },
      { id: 'early', start: 0, end: 1 },
      { id: 'after early' },
    ]);
    expect(traces).toEqual([
      ['none', 'early', 'after early'],
      ['late', 'after late', 'its child'],
    ]);
    expect(cut([{ id: 'x' }, { id: 'y' }]).begun).toBe(0);
  });

  it('takes a single time for both', () => {
    const { traces } = cut([
      { id: 'a', start: 0, end: NaN },
      { id: 'b', start: NaN, end: 20 },
      { id: 'c', start: NaN, end: 51 },
    ]);
    expect(traces).toEqual([['a', 'b'], ['c']]);
  });

  it('stays whole where a row names the trace', () => {
    const spans = [
      { id: 'a', start: 0 },
      { id: 'b', start: 1000, traceOrigin: 'named' as const },
    ];
    const all = (traceOrigin: 'own' | 'grouped') => cut(spans.map((span) => ({ ...span, traceOrigin })));
    expect(cut(spans)).toMatchObject({ conversations: 0, begun: 0 });
    expect(all('own')).toMatchObject({ conversations: 0, begun: 0 });
    expect(all('grouped')).toMatchObject({ conversations: 1, begun: 1 });
  });

  it('may hold 100,000 spans, one below the other', () => {
    const chain = Array.from({ length: 100_000 }, (_, place) => {
      const link: SpanSketch = { id: String(place), start: place * 1000, end: place * 1000 };
      if (place > 0) link.parent = String(place - 1);
      return link;
    });
    expect(cut(chain).begun).toBe(0);
    expect(cut(chain.map(({ id, start = 0 }) => ({ id, start }))).begun).toBe(99_999);
  });
});

describe('law of the cut', () => {
  const times = fc.option(fc.tuple(fc.nat(1000), fc.nat(50)), { freq: 8 });
  const anySpans = fc.array(fc.record({ times, parent: fc.option(fc.nat(30), { freq: 2 }) }), {
    minLength: 1,
    maxLength: 30,
  });

  it('segments hold every span once, lie apart by more than the gap, and part no named edge', () => {
    fc.assert(
      fc.property(anySpans, fc.nat(200), (sketches, limit) => {
        const spans = sketches.map(({ times: at, parent }, place): SpanSketch => {
          const span: SpanSketch = { id: String(place), traceOrigin: 'grouped' };
          if (at !== null) Object.assign(span, { start: at[0], end: at[0] + at[1] });
          if (parent !== null) span.parent = String(parent);
          return span;
        });
        const { index } = indexOf(spans);
        const [members = new Uint32Array()] = membersByTrace(index);
        const segments = segmentsOf(index, members, limit);
        expect(segments.reduce((sum, segment) => sum + segment.spans.length, 0)).toBe(members.length);
        expect(new Set(segments.flatMap((segment) => segment.spans))).toEqual(new Set(members));

        const segmentOf = new Map(segments.flatMap((segment, at) => segment.spans.map((span) => [span, at])));
        const edges = [...members].map((span) => [span, index.parentOf(span)] as const);
        for (const [span, parent] of edges.filter(([, above]) => segmentOf.has(above))) {
          expect(segmentOf.get(parent)).toBe(segmentOf.get(span));
        }
        const timesOf = (which: 'startOf' | 'endOf', at: number): number[] =>
          (segments[at]?.spans ?? []).map((span) => index[which](span)).filter((time) => !Number.isNaN(time));
        segments.slice(1).forEach((segment, place) => {
          expect(segment.start).toBe(Math.min(...timesOf('startOf', place + 1)));
          const before = segments.slice(0, place + 1).flatMap((_, each) => timesOf('endOf', each));
          expect(segment.start - Math.max(...before)).toBeGreaterThan(limit);
        });
      }),
    );
  });

  it('without named parents, no pause within a segment is longer than the gap', () => {
    const timed = fc.array(fc.tuple(fc.nat(1000), fc.nat(50)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(timed, fc.nat(200), (spans, limit) => {
        const { index } = indexOf(
          spans.map(([start, length], at) => ({ id: String(at), start, end: start + length })),
        );
        const [members = new Uint32Array()] = membersByTrace(index);
        for (const segment of segmentsOf(index, members, limit)) {
          const inOrder = segment.spans.toSorted((left, right) => index.startOf(left) - index.startOf(right));
          let end = segment.start;
          for (const span of inOrder) {
            expect(index.startOf(span) - end).toBeLessThanOrEqual(limit);
            end = Math.max(end, index.endOf(span));
          }
        }
      }),
    );
  });
});
