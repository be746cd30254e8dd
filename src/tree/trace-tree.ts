import { timeWindowOf, type TimeWindow } from '../trace/time-window.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';

/**
 * The spans of one trace as a forest, by their numbers in the index. Beside roots, a parent that no row defines stands
 * at the top, with the orphans that name it below. Children are in the order of their starts.
 */
export interface TraceTree {
  trace: number;
  /** Roots and missing parents. */
  tops: readonly number[];
  /** Spans that rows defined. */
  spans: number;
  roots: number;
  orphans: number;
  /** Undefined where no span tells a time. */
  window: TimeWindow | undefined;
  childrenOf(span: number): readonly number[];
  /** Defined spans in the tree below this one, itself included if it is defined. */
  sizeOf(span: number): number;
}

/** `members` are the defined spans of the trace, in any order. Edges must be free of cycles (see `lintParents`). */
export function traceTree(index: TraceIndex, members: Uint32Array): TraceTree {
  const byStart = members.toSorted(
    (left, right) => index.startOrder(left) - index.startOrder(right) || left - right,
  );
  const tops: number[] = [];
  const children = new Map<number, number[]>();
  let roots = 0;
  let orphans = 0;
  for (const span of byStart) {
    const parent = index.parentOf(span);
    if (parent === noSpan) {
      roots += 1;
      tops.push(span);
      continue;
    }
    const siblings = children.get(parent);
    if (siblings !== undefined) siblings.push(span);
    else {
      children.set(parent, [span]);
      if (!index.isDefined(parent)) tops.push(parent);
    }
    if (!index.isDefined(parent)) orphans += 1;
  }
  const sizes = sizesBelow(index, tops, children);
  return {
    trace: index.traceOf(members[0] ?? noSpan),
    tops,
    spans: members.length,
    roots,
    orphans,
    window: timeWindowOf(index, members),
    childrenOf: (span) => children.get(span) ?? [],
    sizeOf: (span) => sizes.get(span) ?? 1,
  };
}

/** Only of spans that have children: the others count one. */
function sizesBelow(
  index: TraceIndex,
  tops: readonly number[],
  children: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<number, number> {
  const parentsFirst = [...tops];
  for (let position = 0; position < parentsFirst.length; position++) {
    for (const child of children.get(parentsFirst[position]!) ?? []) parentsFirst.push(child);
  }
  const sizes = new Map<number, number>();
  for (const span of parentsFirst.toReversed()) {
    const below = children.get(span);
    if (below === undefined) continue;
    let size = index.isDefined(span) ? 1 : 0;
    for (const child of below) size += sizes.get(child) ?? 1;
    sizes.set(span, size);
  }
  return sizes;
}
