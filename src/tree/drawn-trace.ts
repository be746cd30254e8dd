import { isTypedAsRoot } from '../span/label.js';
import { logTypeOfChild } from '../span/log-type.js';
import type { Span } from '../span/span.js';
import type { Edge } from '../trace/edge.js';
import type { TimeWindow } from '../trace/time-window.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import { spanFacts, type SpanFacts } from './span-facts.js';
import type { TraceTree } from './trace-tree.js';
import type { TreeRow } from './tree-rows.js';

/** A trace as it is shown, in values that outlive the plan. Texts are as the spans have them, unsanitised. */
export interface DrawnTrace {
  traceId: string;
  spans: number;
  roots: number;
  orphans: number;
  window: TimeWindow | undefined;
  /** What the rows were taken for, and the input that the trace begins in. */
  source: string | undefined;
  input: string;
  /** How often each code was found in this trace. */
  findings: Readonly<Record<string, number>>;
  rows: Iterable<DrawnRow>;
}

interface Line {
  /** 0 at the top. */
  depth: number;
  /** No row of the same parent follows. */
  last: boolean;
  /** Spans below that have no row. */
  hidden: number;
}

export interface DrawnSpan extends Line {
  kind: 'span';
  facts: SpanFacts;
  /** Microseconds since the epoch, or NaN. */
  start: number;
  end: number;
  /** How the span came to its parent; undefined for a root. */
  edge: Edge | undefined;
  /** Codes of what is wrong with it. */
  findings: readonly string[];
  /** 1-based, in the input that is named. */
  line: number;
  input: string;
}

/** Siblings that share a row. */
export interface DrawnFold extends Line {
  kind: 'folded';
  count: number;
  /** `same`: all have this name. `alike`: the first has it, the others differ from it in numbers or ids only. */
  names: 'same' | 'alike' | 'mixed';
  name: string | undefined;
  /** Sum of the durations that are known, in microseconds. */
  duration: number;
  window: TimeWindow | undefined;
}

/** A parent that no row defines. */
export interface DrawnMissing extends Line {
  kind: 'missing';
  spanId: string;
}

/** So many ancestors of the next row have no row. */
export interface DrawnAbove extends Line {
  kind: 'above';
  levels: number;
}

export type DrawnRow = DrawnSpan | DrawnFold | DrawnMissing | DrawnAbove;

/** The part of a plan that drawings are made of. */
export interface DrawnFrom {
  index: TraceIndex;
  spanOf(span: number): Span;
  /** The id of the trace that a span is in. */
  traceIdOf(span: number): string;
  originOf(span: number): { source: string | undefined; input: string; line: number };
  /** Codes of what was found wrong with a span. */
  findingsOf(span: number): readonly string[];
}

/** Reads the spans that have a row, and no other, as the rows are asked for. */
export function drawTrace(
  from: DrawnFrom,
  tree: TraceTree,
  rows: Iterable<TreeRow>,
  findings: DrawnTrace['findings'] = {},
): DrawnTrace {
  const { index } = from;
  const [top = noSpan] = tree.tops;
  const first = index.isDefined(top) ? top : (tree.childrenOf(top)[0] ?? noSpan);
  const { source, input } = from.originOf(first);
  return {
    traceId: from.traceIdOf(first),
    spans: tree.spans,
    roots: tree.roots,
    orphans: tree.orphans,
    window: tree.window,
    source,
    input,
    findings,
    rows: { [Symbol.iterator]: () => drawRows(from, rows) },
  };
}

function* drawRows(from: DrawnFrom, rows: Iterable<TreeRow>): Generator<DrawnRow> {
  for (const row of rows) yield drawRow(from, row);
}

function drawRow(from: DrawnFrom, row: TreeRow): DrawnRow {
  const { index } = from;
  const { depth, last, hidden } = row;
  switch (row.kind) {
    case 'above':
      return { kind: 'above', depth, last, hidden, levels: row.levels };
    case 'missing': {
      const { parentId = '' } = spanFacts(from.spanOf(row.child));
      return { kind: 'missing', depth, last, hidden, spanId: parentId };
    }
    case 'folded':
      return { kind: 'folded', depth, last, hidden, ...foldOf(from, row.spans, row.alike) };
    case 'span': {
      const { span } = row;
      const { line, input } = from.originOf(span);
      return {
        kind: 'span',
        depth,
        last,
        hidden,
        facts: factsOf(from, span),
        start: index.startOf(span),
        end: index.endOf(span),
        edge: index.parentOf(span) === noSpan ? undefined : index.edgeOf(span),
        findings: from.findingsOf(span),
        line,
        input,
      };
    }
  }
}

/** A row that named no parent was taken for a workflow; with one that was found since, the span is sent as a task. */
function factsOf(from: DrawnFrom, span: number): SpanFacts {
  const { index } = from;
  const facts = spanFacts(from.spanOf(span));
  const isTyped = index.parentOf(span) !== noSpan && isTypedAsRoot(index.labelOf(span));
  return isTyped ? { ...facts, logType: logTypeOfChild } : facts;
}

function foldOf(
  from: DrawnFrom,
  spans: readonly number[],
  alike: boolean,
): Omit<DrawnFold, 'kind' | keyof Line> {
  const { index } = from;
  let duration = 0;
  let start = Infinity;
  let end = -Infinity;
  for (const span of spans) {
    const [from, to] = [index.startOf(span), index.endOf(span)];
    if (to > from) duration += to - from;
    if (from < start) start = from;
    if (to > end) end = to;
  }
  const window = start <= end ? { start, end } : undefined;
  const count = spans.length;
  if (!alike) return { count, names: 'mixed', name: undefined, duration, window };
  const nameOf = (span: number): string | undefined => spanFacts(from.spanOf(span)).name;
  const name = nameOf(spans[0] ?? noSpan);
  const names = name === nameOf(spans.at(-1) ?? noSpan) ? 'same' : 'alike';
  return { count, names, name, duration, window };
}
