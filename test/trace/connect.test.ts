import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectByParents } from '../../src/trace/connect.js';
import { countParents, lintParents } from '../../src/trace/lint.js';
import { spansByTrace } from '../../src/trace/order.js';
import { indexOf, type SpanSketch } from './factories.js';

/** A row without a trace id: the plan gave it a trace of its own. `input` is the input's position. */
interface OwnRow {
  id: string;
  parent?: string | undefined;
  trace?: string;
  input?: number;
}

function connect(rows: readonly OwnRow[]) {
  const { index, idOf } = indexOf(
    rows.map(({ id, parent, trace }, position): SpanSketch => {
      const own: SpanSketch = { id, trace: trace ?? `own-${position}`, start: position };
      if (parent !== undefined) own.parent = parent;
      if (trace === undefined) own.traceOrigin = 'own';
      return own;
    }),
  );
  const numbers: number[] = [];
  for (let span = 0; span < index.mentioned; span++) if (index.isDefined(span)) numbers.push(span);
  const inputOf = (span: number): number => rows[numbers.indexOf(span)]?.input ?? 0;
  const doubts: string[] = [];
  const joined = connectByParents(index, inputOf, ({ code, span }) => doubts.push(`${code} ${idOf(span)}`));
  lintParents(index, () => {});
  const parents = countParents(index);
  const traces = [...spansByTrace(index)].map((trace) => trace.map(idOf).toSorted());
  return { index, joined, doubts, traces, numbers, parents };
}

/** Ids that count from 1 in every input, children first. */
function numbered(input: number): OwnRow[] {
  return [
    { id: '3', parent: '2', input },
    { id: '2', parent: '1', input },
    { id: '1', input },
  ];
}

describe('rows that name parents but no trace', () => {
  it('join the trace of their root, whatever the order of the rows', () => {
    const rows = [
      { id: 'c', parent: 'b' },
      { id: 'lone' },
      { id: 'a' },
      { id: 'b', parent: 'a' },
      { id: 'd', parent: 'b' },
    ];
    for (const order of [rows, rows.toReversed()]) {
      const { joined, traces, parents, doubts } = connect(order);
      expect({ joined, parents, doubts }).toEqual({
        joined: 3,
        parents: { explicit: 3, by_path: 0, by_time: 0, ambiguous: 0, roots: 2, orphans: 0 },
        doubts: [],
      });
      expect(new Set(traces)).toEqual(new Set([['a', 'b', 'c', 'd'], ['lone']]));
    }
  });

  it('stay in the trace that the index knows them by: only where they are sent changes', () => {
    const { index, numbers } = connect([{ id: 'a' }, { id: 'b', parent: 'a' }]);
    const [root = -1, child = -1] = numbers;
    expect([index.memberships.isMoved(root), index.memberships.isMoved(child)]).toEqual([false, true]);
    expect(index.traceOf(child)).toBe(index.traceOf(root));
    expect(index.memberships.keyTraceOf(child)).not.toBe(index.traceOf(root));
    expect(index.findKey(index.keyLow(child), index.keyHigh(child))).toBe(child);
  });

  it('join a trace that their parent names', () => {
    const { traces } = connect([
      { id: 'a', trace: 't' },
      { id: 'b', trace: 't', parent: 'a' },
      { id: 'd', parent: 'c' },
      { id: 'c', parent: 'b' },
    ]);
    expect(traces).toEqual([['a', 'b', 'c', 'd']]);
  });

  it('stay apart where the parent is in no input, with those below them', () => {
    const { traces, parents } = connect([
      { id: 'a', parent: '-1' },
      { id: 'b', parent: '-1' },
      { id: 'c', parent: 'a' },
    ]);
    expect(traces).toEqual([['a', 'c'], ['b']]);
    expect(parents).toMatchObject({ explicit: 1, orphans: 2 });
  });

  it('are found in the input of the child where ids repeat, else in the nearest row', () => {
    const { traces, doubts, numbers, index } = connect([...numbered(0), ...numbered(1)]);
    expect(traces).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
    expect(doubts.filter((doubt) => doubt.startsWith('ambiguous'))).toHaveLength(4);
    expect(index.edgeOf(numbers[0] ?? -1).origin).toBe('explicit');
    expect(connect([...numbered(0), ...numbered(0)]).traces).toEqual(traces);
  });

  it('do not put an id into a trace twice: what would be lost there stays a trace of its own', () => {
    const { traces, doubts, parents } = connect([
      { id: 'a' },
      { id: 'b', parent: 'a' },
      { id: 'b', parent: 'a' },
      { id: 'c', parent: 'b' },
    ]);
    expect(traces).toEqual([
      ['a', 'b'],
      ['b', 'c'],
    ]);
    expect(doubts).toEqual(['ambiguous_parent_id c', 'repeated_span_id b']);
    expect(parents).toMatchObject({ roots: 1, orphans: 1 });
  });

  it('may be in a ring, which stays one trace for the lint to break', () => {
    const { traces, parents } = connect([
      { id: 'x', parent: 'a' },
      { id: 'a', parent: 'c' },
      { id: 'b', parent: 'a' },
      { id: 'c', parent: 'b' },
      { id: 'self', parent: 'self' },
    ]);
    expect(new Set(traces)).toEqual(new Set([['a', 'b', 'c', 'x'], ['self']]));
    expect(parents).toMatchObject({ roots: 2, orphans: 0 });
  });

  it('may be a chain of 100,000, leaf first', () => {
    const chain = Array.from({ length: 100_000 }, (_, place) => ({
      id: String(place),
      parent: place === 99_999 ? undefined : String(place + 1),
    }));
    const { joined, traces, parents } = connect(chain);
    expect([joined, traces.length, parents.roots]).toEqual([99_999, 1, 1]);
  });

  const forests = fc.array(fc.nat(), { maxLength: 30 }).chain((numbers) =>
    fc.shuffledSubarray(
      numbers.map((number, place) => ({ place, above: number % (place + 1) })),
      { minLength: numbers.length },
    ),
  );

  it('law: with unique ids, the traces are the trees, in every order of the rows', () => {
    fc.assert(
      fc.property(forests, (spans) => {
        const parentOf = new Map(spans.map(({ place, above }) => [place, above]));
        const rootOf = (place: number): number => {
          let root = place;
          for (let above = parentOf.get(root); above !== undefined && above !== root;) {
            root = above;
            above = parentOf.get(root);
          }
          return root;
        };
        const trees = new Map<number, string[]>();
        for (const { place } of spans) {
          const root = rootOf(place);
          trees.set(root, [...(trees.get(root) ?? []), `s${place}`]);
        }
        const rows = spans.map(({ place, above }) => ({
          id: `s${place}`,
          parent: above === place ? undefined : `s${above}`,
        }));
        const { traces, joined, doubts } = connect(rows);
        expect(new Set(traces)).toEqual(new Set([...trees.values()].map((tree) => tree.toSorted())));
        expect([joined, doubts]).toEqual([spans.length - trees.size, []]);
      }),
    );
  });
});
