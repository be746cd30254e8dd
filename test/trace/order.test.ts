import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintParents } from '../../src/trace/lint.js';
import { spansByTrace, unsentTraces } from '../../src/trace/order.js';
import { noSpan } from '../../src/trace/trace-index.js';
import { indexOf, type SpanSketch } from './factories.js';

function ordered(spans: readonly SpanSketch[]): string[][] {
  const { index, idOf } = indexOf(spans);
  lintParents(index, () => {});
  return [...spansByTrace(index)].map((trace) => trace.map(idOf));
}

describe('order of spans', () => {
  it('gives parents before children, whatever the input says first', () => {
    expect(
      ordered([{ id: 'grandchild', parent: 'child' }, { id: 'child', parent: 'root' }, { id: 'root' }]),
    ).toEqual([['root', 'child', 'grandchild']]);
  });

  it('gives siblings by start, those without one last, equal ones as in the input', () => {
    expect(
      ordered([
        { id: 'never', parent: 'root' },
        { id: 'late', parent: 'root', start: 30 },
        { id: 'early', parent: 'root', start: 10 },
        { id: 'early too', parent: 'root', start: 10 },
        { id: 'root', start: 5 },
      ]),
    ).toEqual([['root', 'early', 'early too', 'late', 'never']]);
  });

  it('gives a parent first that starts after its child', () => {
    expect(
      ordered([
        { id: 'child', parent: 'root', start: 1 },
        { id: 'root', start: 2 },
      ]),
    ).toEqual([['root', 'child']]);
  });

  it('gives traces in the order in which they first appear, each in one piece', () => {
    expect(
      ordered([
        { trace: 'b', id: 'b1', start: 9 },
        { trace: 'a', id: 'a1', start: 1 },
        { trace: 'b', id: 'b2', start: 10 },
        { trace: 'a', id: 'a2', start: 2 },
      ]),
    ).toEqual([
      ['b1', 'b2'],
      ['a1', 'a2'],
    ]);
  });

  it('gives a chain of 10,000 spans from its root on', () => {
    const chain = Array.from({ length: 10_000 }, (_, place) => ({
      id: String(place),
      parent: place === 9999 ? undefined : String(place + 1),
    }));
    const [trace] = ordered(chain);
    expect(trace).toEqual(chain.map(({ id }) => id).toReversed());
  });

  it('gives a trace of 100,000 spans', () => {
    const spans = Array.from({ length: 100_000 }, (_, place) => ({
      id: String(place),
      parent: place === 50_000 ? undefined : '50000',
      start: 100_000 - place,
    }));
    const [trace] = ordered(spans);
    expect(trace).toHaveLength(100_000);
    expect(trace?.slice(0, 3)).toEqual(['50000', '99999', '99998']);
  });

  it('gives nothing for a trace that is known only by a parent, and nothing for none', () => {
    expect(ordered([])).toEqual([]);
    const { index } = indexOf([]);
    index.internSpan(index.internTrace('t'), 'p');
    expect([...spansByTrace(index)]).toEqual([]);
  });

  it('gives every defined span once and its parent before it', () => {
    const anySpans = fc.uniqueArray(
      fc.record({
        trace: fc.constantFrom('t', 'u', 'v'),
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        parent: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { nil: undefined }),
        start: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(NaN)),
      }),
      { selector: ({ trace, id }) => `${trace}/${id}`, maxLength: 15 },
    );
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { index } = indexOf(spans);
        lintParents(index, () => {});
        const traces = [...spansByTrace(index)];
        const flat = traces.flat();
        expect(flat).toHaveLength(spans.length);
        expect(new Set(flat).size).toBe(spans.length);
        expect(traces.map(([first]) => index.traceOf(first ?? noSpan))).toEqual([...traces.keys()]);
        const place = new Map(flat.map((span, at) => [span, at]));
        for (const span of flat) {
          const parent = index.parentOf(span);
          if (parent === noSpan || !index.isDefined(parent)) continue;
          expect(place.get(parent)).toBeLessThan(place.get(span) ?? -1);
        }
      }),
    );
  });

  it('leaves out what was imported before, and what has changed since goes again', () => {
    const { index, idOf } = indexOf([
      { id: 'root' },
      { id: 'sent', parent: 'root' },
      { id: 'changed', parent: 'sent' },
    ]);
    for (const span of [0, 1]) index.setImported(span, 'same');
    index.setImported(2, 'changed');
    expect([...unsentTraces(index)].map((trace) => trace.map(idOf))).toEqual([['changed']]);
  });
});
