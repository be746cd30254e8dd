import { describe, expect, it } from 'vitest';
import { from, infer, type TimedSpan } from './infer.js';

/** A parent and its child in a trace of their own, the child's row first. */
function pair(trace: string, start: number, slack: number): TimedSpan[] {
  return [
    from(start + slack, start + 10 - slack, `${trace} inner`, { trace, name: 'inner' }),
    from(start, start + 10, `${trace} outer`, { trace, name: 'outer' }),
  ];
}

function named(name: string, number: number, start: number, end: number): TimedSpan {
  return from(start, end, `${name} ${number}`, { name });
}

describe('a trace that one thread left', () => {
  const trace = [
    from(0, 100, 'agent', { kind: 'agent' }),
    from(1, 40, 'plan'),
    from(2, 39, 'chat', { kind: 'chat' }),
    from(3, 38, 'POST /v1/messages'),
    from(41, 60, 'search', { kind: 'tool' }),
    from(61, 99, 'answer'),
  ];
  const parents = {
    agent: undefined,
    plan: 'agent',
    chat: 'plan',
    'POST /v1/messages': 'chat',
    search: 'agent',
    answer: 'agent',
  };

  it('nests as its times do, and is certain', () => {
    const inferred = infer(trace);
    expect(inferred.parents).toEqual(parents);
    const { agent: _, ...edges } = inferred.edges;
    for (const edge of Object.values(edges)) expect(edge).toMatchObject({ origin: 'time', candidates: 1 });
  });

  it('does so in any order of rows', () => {
    expect(infer(trace.toReversed()).parents).toEqual(parents);
  });
});

describe('which traces are touched', () => {
  const named = [from(0, 10, 'a'), from(1, 9, 'b', { parent: 'a' }), from(2, 3, 'c')];

  it('none in which a row names a parent', () => {
    expect(infer(named).parents).toEqual({ a: undefined, b: 'a', c: undefined });
  });

  it('none in which a row says that it has no parent', () => {
    expect(infer([from(0, 10, 'a', { root: true }), from(1, 9, 'b')]).parents['b']).toBeUndefined();
  });

  it('its gaps with `always`', () => {
    const inferred = infer(named, { mode: 'always' });
    expect(inferred.parents).toEqual({ a: undefined, b: 'a', c: 'b' });
    expect(inferred.edges['b']).toMatchObject({ origin: 'explicit' });
    expect(inferred.edges['c']).toMatchObject({ origin: 'time' });
  });

  it('none with `never`', () => {
    expect(infer([from(0, 10, 'a'), from(1, 9, 'b')], { mode: 'never' }).parents['b']).toBeUndefined();
  });

  it('never across traces', () => {
    const { parents } = infer([
      from(0, 10, 'a', { trace: 'one' }),
      from(1, 9, 'b', { trace: 'other' }),
      from(2, 8, 'c', { trace: 'one' }),
      from(3, 7, 'd', { trace: 'other' }),
    ]);
    expect(parents).toEqual({ a: undefined, b: undefined, c: 'a', d: 'b' });
  });
});

describe('a gap that a descendant encloses', () => {
  it('does not become a cycle', () => {
    // `top` names no parent and lies within its own child, whose clock is off.
    const { parents } = infer(
      [from(2, 8, 'top'), from(0, 10, 'child', { parent: 'top' }), from(3, 4, 'leaf')],
      { mode: 'always' },
    );
    expect(parents).toEqual({ top: undefined, child: 'top', leaf: 'top' });
  });
});

describe('spans whose times tell little', () => {
  it('without an end are events where they start, and no parents', () => {
    const { parents } = infer([from(0, 10, 'run'), { id: 'open', start: 2 }, from(3, 4, 'step')]);
    expect(parents).toEqual({ run: undefined, open: 'run', step: 'run' });
  });

  it('without any time stay roots', () => {
    const { parents } = infer([from(0, 10, 'run'), { id: 'lost', start: NaN }, from(3, 4, 'step')]);
    expect(parents).toEqual({ run: undefined, lost: undefined, step: 'run' });
  });

  it('that nothing encloses are roots, however many', () => {
    const { parents } = infer([from(0, 10, 'a'), from(20, 30, 'b'), from(21, 22, 'c'), from(25, 40, 'd')]);
    expect(parents).toEqual({ a: undefined, b: undefined, c: 'b', d: undefined });
  });

  it('of no length are no parents, unless times are whole seconds', () => {
    const events = [from(0, 5, 'run'), from(3, 3, 'first'), from(3, 3, 'second')];
    expect(infer(events).parents).toEqual({ run: undefined, first: 'run', second: 'run' });
    const seconds = events.map((span) => ({ ...span, start: span.start * 1000, end: span.end! * 1000 }));
    expect(infer(seconds).parents).toEqual({ run: undefined, first: 'run', second: 'first' });
  });

  it('and no end are no parents in whole seconds either', () => {
    const calls = [1, 2, 3].map((number) => ({ id: `call ${'x'.repeat(number)}`, start: 3000 }));
    expect(new Set(Object.values(infer(calls).parents))).toEqual(new Set([undefined]));
  });
});

describe('clocks that differ', () => {
  it.each([
    ['a child that ends 3 ms after its parent', from(100, 1003, 'child')],
    ['a child that starts 3 ms before its parent', from(-3, 800, 'child')],
  ])('%s is its child, and told with less confidence', (_, child) => {
    const inferred = infer([from(0, 1000, 'parent'), child]);
    expect(inferred.parents['child']).toBe('parent');
  });

  it.each([
    ['by more than 5 ms', from(100, 1006, 'child')],
    ['by more than a tenth of the span', from(990, 1002, 'child')],
  ])('%s do not make a child', (_, child) => {
    expect(infer([from(0, 1000, 'parent'), child]).parents['child']).toBeUndefined();
  });

  it('make it doubtful that a span lies in what is around the one that it outlives by 1 ms', () => {
    const { edges, parents } = infer([from(0, 2000, 'outer'), from(1, 1000, 'inner'), from(2, 1001, 'span')]);
    expect(parents['span']).toBe('outer');
    expect(edges['span']).toMatchObject({ origin: 'ambiguous' });
  });
});

describe('spans with equal times', () => {
  it('nest in the order of their rows, and count as ambiguous', () => {
    const inferred = infer([from(0, 10, 'outer'), from(0, 10, 'inner'), from(2, 3, 'leaf')]);
    expect(inferred.parents).toEqual({ outer: undefined, inner: 'outer', leaf: 'inner' });
    expect(inferred.edges['inner']).toMatchObject({ origin: 'ambiguous', candidates: 2 });
    expect(inferred.edges['leaf']).toMatchObject({ origin: 'ambiguous', candidates: 2 });
  });

  it('nest the other way round where rows of children come first elsewhere', () => {
    const traces = [1, 2, 3, 4, 5, 6].map((number) => pair(`t${number}`, number * 100, 1));
    const { parents, edges } = infer([...traces.flat(), ...pair('equal', 0, 0)]);
    expect(parents).toMatchObject({ 'equal inner': 'equal outer', 'equal outer': undefined });
    expect(edges['equal inner']).toMatchObject({ origin: 'time' });
  });

  it('are siblings where they have one name, under what is around them', () => {
    const embeds = [1, 2, 3].map((number) => named('embed', number, 10, 90));
    const { parents } = infer([from(0, 100, 'rag'), ...embeds]);
    expect(parents).toEqual({ rag: undefined, 'embed 1': 'rag', 'embed 2': 'rag', 'embed 3': 'rag' });
    expect(Object.values(infer(embeds).parents)).toEqual([undefined, undefined, undefined]);
  });

  it('are siblings where they are many', () => {
    const steps = Array.from({ length: 30 }, (_, number) => from(10, 90, `step ${'x'.repeat(number)}`));
    const { parents } = infer([from(0, 100, 'run'), ...steps]);
    expect(new Set(steps.map(({ id }) => parents[id]))).toEqual(new Set(['run']));
  });

  it('have the one that is called as the trace is around them', () => {
    const { parents } = infer([
      from(0, 10, 'run', { traceName: 'assistant' }),
      from(0, 10, 'assistant', { traceName: 'assistant' }),
    ]);
    expect(parents).toEqual({ run: 'assistant', assistant: undefined });
  });
});

describe('what the import knows elsewhere', () => {
  it('decides between candidates: a step has the same parent wherever it occurs', () => {
    const stated = [1, 2, 3].flatMap((number) => [
      from(0, 100, `run ${number}`, { trace: `t${number}`, name: 'run', root: true }),
      from(1, 50, `loop ${number}`, { trace: `t${number}`, name: 'loop', parent: `run ${number}` }),
      from(2, 20, `save ${number}`, { trace: `t${number}`, name: 'save', parent: `run ${number}` }),
    ]);
    const open = [from(0, 100, 'run'), from(1, 50, 'loop'), from(2, 20, 'save'), from(3, 60, 'other')];
    expect(infer(open).parents['save']).toBe('loop');
    expect(infer([...stated, ...open]).parents['save']).toBe('run');
  });

  it('tells that a span which overlaps others of a name is not within one by more than chance', () => {
    const { parents } = infer([
      from(0, 1000, 'serve'),
      from(10, 500, 'work'),
      named('poll', 1, 20, 60),
      named('poll', 2, 70, 110),
      named('poll', 3, 480, 520),
      named('poll', 0, 5, 15),
    ]);
    expect(parents).toMatchObject({ 'poll 1': 'serve', 'poll 2': 'serve', 'poll 3': 'serve' });
  });

  it('reads numbers and ids in names as the same step', () => {
    const steps = [1, 2, 3, 4, 5].flatMap((number) => [
      from(number * 100, number * 100 + 50, `step-${number}`, { root: true, trace: 'stated' }),
      from(number * 100 + 1, number * 100 + 49, `call ${number}a`, {
        trace: 'stated',
        parent: `step-${number}`,
      }),
    ]);
    const { parents } = infer([
      ...steps,
      from(0, 50, 'step-77'),
      from(1, 40, 'loop'),
      from(2, 39, 'call 9a'),
      from(30, 45, 'other'),
    ]);
    expect(parents['call 9a']).toBe('step-77');
  });
});

describe('a tool that runs during a model call', () => {
  it('was called by what called the model, and is ambiguous', () => {
    const { parents, edges } = infer([
      from(0, 100, 'agent', { kind: 'agent' }),
      from(1, 60, 'stream', { kind: 'chat' }),
      from(20, 30, 'search', { kind: 'tool' }),
    ]);
    expect(parents['search']).toBe('agent');
    expect(edges['search']).toMatchObject({ origin: 'ambiguous', candidates: 2 });
  });

  it('stays in a wrapper of model calls', () => {
    const { parents } = infer([
      from(0, 100, 'agent', { kind: 'agent' }),
      from(1, 90, 'loop', { kind: 'chat' }),
      from(2, 40, 'stream', { kind: 'chat' }),
      from(20, 30, 'search', { kind: 'tool' }),
    ]);
    expect(parents['search']).toBe('loop');
  });
});

describe('parallel steps of one name', () => {
  it('own one child of each name, in the order in which they end', () => {
    const { parents, edges } = infer([
      from(0, 1000, 'graph'),
      named('retrieve', 1, 10, 500),
      named('retrieve', 2, 11, 520),
      named('retrieve', 3, 12, 560),
      named('query', 1, 100, 490),
      named('query', 2, 120, 495),
      named('query', 3, 140, 550),
    ]);
    expect(parents).toMatchObject({
      'query 1': 'retrieve 1',
      'query 2': 'retrieve 2',
      'query 3': 'retrieve 3',
    });
    expect(edges['query 1']).toMatchObject({ origin: 'ambiguous' });
  });
});

describe('a least confidence', () => {
  const trace = [from(0, 10, 'outer'), from(0, 10, 'inner'), from(20, 40, 'run'), from(21, 39, 'step')];

  it('leaves what is less certain as roots', () => {
    expect(infer(trace).parents).toMatchObject({ inner: 'outer', step: 'run' });
    expect(infer(trace, { minConfidence: 0.8 }).parents).toMatchObject({ inner: undefined, step: 'run' });
  });
});
