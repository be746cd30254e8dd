import { describe, expect, test } from 'vitest';
import { stack, tightest, underRoot } from '../../bench/inference/baselines.js';
import { families, generate } from '../../bench/inference/families.js';
import type { Answer, KnownSpan } from '../../bench/inference/known-trace.js';
import { score, sum } from '../../bench/inference/score.js';

const nothing: Answer = { parent: undefined, confident: false, ambiguous: false, confidence: 1 };
const certain = (parent: number | undefined): Answer => ({
  ...nothing,
  parent,
  confident: parent !== undefined,
});

function span(overrides: Partial<KnownSpan> = {}): KnownSpan {
  return { name: 'step', type: 'task', parent: undefined, scored: true, start: 0, end: 0, ...overrides };
}

/** A root, a call in it, a tool in the call, and a call after that one. */
const trace: KnownSpan[] = [
  span({ name: 'root', start: 0, end: 100 }),
  span({ name: 'call', parent: 0, start: 10, end: 50 }),
  span({ name: 'tool', parent: 1, start: 20, end: 40 }),
  span({ name: 'last', parent: 0, start: 60, end: 90 }),
];

describe('scores', () => {
  test('a perfect answer finds every edge of generated traces, roots too, without a mistake', () => {
    const traces = families.flatMap((family) => generate(family, 2, 1));
    const result = score(
      traces,
      traces.map((spans) => spans.map(({ parent }) => certain(parent))),
    );
    expect(result.edges).toBe(traces.flat().filter(({ parent }) => parent !== undefined).length);
    expect(result).toMatchObject({
      found: result.edges,
      inferred: result.edges,
      confident: result.edges,
      confidentRight: result.edges,
      ambiguous: 0,
      traces: traces.length,
      exact: traces.length,
      mistakes: [],
    });
  });

  test('an empty answer finds nothing and is wrong nowhere', () => {
    expect(score([trace], [trace.map(() => nothing)])).toMatchObject({
      edges: 3,
      found: 0,
      inferred: 0,
      confident: 0,
      traces: 1,
      exact: 0,
      mistakes: [],
    });
  });

  test('a confident edge that is wrong is listed, that of a root too; an ambiguous one is not', () => {
    const answers = [
      certain(3),
      certain(0),
      { ...certain(0), confidence: 0.95 },
      { ...nothing, parent: 1, ambiguous: true, confidence: 0.4 },
    ];
    const result = score([trace], [answers]);
    expect(result).toMatchObject({ found: 1, inferred: 4, confident: 3, confidentRight: 1, ambiguous: 1 });
    expect(result.mistakes).toEqual([
      { span: 'root', chosen: 'last', right: undefined, confidence: 1 },
      { span: 'tool', chosen: 'root', right: 'call', confidence: 0.95 },
    ]);
  });

  test('a span whose parent is not in the file has no say, nor has a trace of one span', () => {
    const orphan = trace.map((each) => (each.name === 'last' ? { ...each, scored: false } : each));
    const answers = [nothing, certain(0), certain(1), certain(2)];
    expect(score([orphan, [span()]], [answers, [nothing]])).toMatchObject({
      edges: 2,
      found: 2,
      traces: 1,
      exact: 1,
      mistakes: [],
    });
  });

  test('edges are told by their confidence, and sums hold the same', () => {
    const answers = [
      nothing,
      { ...certain(0), confidence: 0.92 },
      { ...certain(0), confidence: 0.94 },
      nothing,
    ];
    const once = score([trace], [answers]);
    const bucket = once.calibration.find(({ edges }) => edges > 0);
    expect(bucket).toMatchObject({ from: 0.9, edges: 2, right: 1 });
    expect(sum([once, once])).toEqual(score([trace, trace], [answers, answers]));
  });
});

describe('baselines', () => {
  test('put everything under the root, into the tightest span, or where a walk by start comes from', () => {
    expect(underRoot(trace)).toEqual([undefined, 0, 0, 0]);
    expect(tightest(trace)).toEqual([undefined, 0, 1, 0]);
    expect(stack(trace)).toEqual([undefined, 0, 1, 0]);
  });

  test('never make a cycle of equal intervals or events, and take rows in any order', () => {
    const equal = [span({ end: 5 }), span({ end: 5 }), span({ end: 5 })];
    expect(tightest(equal)).toEqual([undefined, 0, 1]);
    expect(stack(equal)).toEqual([undefined, 0, 1]);
    const childrenFirst = trace.toReversed();
    expect(tightest(childrenFirst)).toEqual([3, 2, 3, undefined]);
    expect(stack(childrenFirst)).toEqual([3, 2, 3, undefined]);
  });
});
