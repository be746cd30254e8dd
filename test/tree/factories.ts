import { labelOf } from '../../src/span/label.js';
import type { Span } from '../../src/span/span.js';
import type { Edge } from '../../src/trace/edge.js';
import { membersByTrace } from '../../src/trace/members-by-trace.js';
import { noSpan, TraceIndex } from '../../src/trace/trace-index.js';
import type { DrawnFrom } from '../../src/tree/drawn-trace.js';
import { traceTree, type TraceTree } from '../../src/tree/trace-tree.js';
import { entry, location } from '../trace/factories.js';

/** A span as a test tells it; its name is its id where no other is given. Times in microseconds. */
export interface SpanSketch {
  trace?: string;
  id: string;
  parent?: string | undefined;
  name?: string;
  start?: number;
  end?: number;
  edge?: Edge;
  /** Further fields of the span. */
  fields?: Record<string, unknown>;
}

export interface Sketched extends DrawnFrom {
  /** The tree of the first trace. */
  tree: TraceTree;
  idOf(span: number): string;
  numberOf(id: string): number;
  /** Spans that were read. */
  read: Set<number>;
}

/** Puts spans into an index as a plan would. */
export function sketch(spans: readonly SpanSketch[]): Sketched {
  const index = new TraceIndex();
  const ids = new Map<number, string>();
  const bodies = new Map<number, Span>();
  const read = new Set<number>();
  for (const { trace: traceId = 'trace', id, parent, name = id, start = NaN, end = NaN, ...rest } of spans) {
    const trace = index.internTrace(traceId);
    const span = index.internSpan(trace, id);
    const parentNumber = parent === undefined ? noSpan : index.internSpan(trace, parent);
    ids.set(span, id);
    if (parent !== undefined && !ids.has(parentNumber)) ids.set(parentNumber, parent);
    const fields = { span_name: name, ...rest.fields };
    bodies.set(span, {
      trace_unique_id: traceId,
      span_unique_id: id,
      span_parent_id: parent ?? null,
      ...fields,
    });
    const label = labelOf(fields, { namesParent: true, typedAsRoot: false });
    index.define(span, entry({ parent: parentNumber, start, end, label }), location());
    if (rest.edge !== undefined) index.inferParent(span, parentNumber, rest.edge);
  }
  const bodyOf = (span: number): Span => {
    read.add(span);
    const body = bodies.get(span);
    if (body === undefined) throw new Error(`no row defines span ${span}`);
    return body;
  };
  return {
    index,
    tree: firstTree(index),
    read,
    idOf: (span) => ids.get(span) ?? '?',
    numberOf: (id) => [...ids].find(([, each]) => each === id)?.[0] ?? noSpan,
    spanOf: bodyOf,
    traceIdOf: (span) => bodyOf(span).trace_unique_id,
    originOf: () => ({ source: 'respan', input: 'logs.jsonl', line: 1 }),
    findingsOf: () => [],
  };
}

/** So many children of `root`, all of one name unless named. */
export function siblings(count: number, name: (position: number) => string = () => 'step'): SpanSketch[] {
  return Array.from({ length: count }, (_, position) => ({
    id: `s${position}`,
    parent: 'root',
    name: name(position),
    start: position * 10,
    end: position * 10 + 5,
  }));
}

export function firstTree(index: TraceIndex): TraceTree {
  const [members = new Uint32Array()] = membersByTrace(index);
  return traceTree(index, members);
}
