import { membersByTrace } from './members-by-trace.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/** Spans of a trace between two pauses. */
export interface Segment {
  /** Earliest start of its spans, in microseconds since the epoch; NaN where none tells a time. */
  start: number;
  spans: number[];
}

/** Spans that hang together by parents that their rows name, defined or not: no cut goes through them. */
interface Tree {
  start: number;
  end: number;
  spans: number[];
}

/**
 * Cuts traces that rows were grouped into wherever nothing happened for longer than `gap` microseconds: between the
 * latest end so far and the next start. A trace that any row names stays as it is. The first segment keeps its trace;
 * `traceOf` gives the number of another one for a later segment, by the trace that is cut and the segment's start.
 * Returns how many traces were looked at and how many began anew.
 */
export function cutByPauses(
  index: TraceIndex,
  gap: number,
  traceOf: (cut: number, start: number) => number,
): { conversations: number; begun: number } {
  let [conversations, begun] = [0, 0];
  for (const members of membersByTrace(index)) {
    if (!isGrouped(index, members)) continue;
    conversations += 1;
    const trace = index.traceOf(members[0]!);
    for (const { start, spans } of segmentsOf(index, members, gap).slice(1)) {
      const number = traceOf(trace, start);
      for (const span of spans) index.memberships.move(span, number);
      begun += 1;
    }
  }
  return { conversations, begun };
}

/** True where conversations or `--trace-by` made a trace of some spans and no row names it. */
function isGrouped(index: TraceIndex, members: Uint32Array): boolean {
  return (
    members.some((span) => index.memberships.originOf(span) === 'grouped') &&
    members.every((span) => index.memberships.originOf(span) !== 'named')
  );
}

/**
 * The segments of a trace in the order of their starts; at least one. Spans without times stay with the row before
 * them, the first ones with the first segment.
 */
export function segmentsOf(index: TraceIndex, members: Uint32Array, gap: number): Segment[] {
  const trees = treesOf(index, members);
  const timed = trees
    .filter(({ start }) => !Number.isNaN(start))
    .sort((left, right) => left.start - right.start);
  const segmentOf = new Map<number, Segment>();
  const segments: Segment[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const tree of timed) {
    let segment = segments.at(-1);
    if (segment === undefined || tree.start - end > gap) {
      segment = { start: tree.start, spans: [] };
      segments.push(segment);
    }
    end = Math.max(end, tree.end);
    for (const span of tree.spans) segmentOf.set(span, segment);
  }
  const first = segments[0] ?? { start: Number.NaN, spans: [] };
  if (segments.length === 0) segments.push(first);
  const untimed = new Map(
    trees
      .filter(({ start }) => Number.isNaN(start))
      .flatMap((tree) => tree.spans.map((span) => [span, tree])),
  );
  let before = first;
  for (const member of members) {
    // All of a tree without times stay with its first row.
    const tree = untimed.get(member);
    if (tree !== undefined && !segmentOf.has(member))
      for (const span of tree.spans) segmentOf.set(span, before);
    before = segmentOf.get(member) ?? first;
    before.spans.push(member);
  }
  return segments;
}

function treesOf(index: TraceIndex, members: Uint32Array): Tree[] {
  const topOf = topsOf(index, members);
  const trees = new Map<number, Tree>();
  for (const span of members) {
    const top = topOf(span);
    const [start, end] = [index.startOf(span), index.endOf(span)];
    const began = index.timeOf(span);
    const ended = Number.isNaN(end) ? start : end;
    const tree = trees.get(top);
    if (tree === undefined) trees.set(top, { start: began, end: ended, spans: [span] });
    else {
      tree.start = earlier(tree.start, began);
      tree.end = -earlier(-tree.end, -ended);
      tree.spans.push(span);
    }
  }
  return [...trees.values()];
}

/** NaN stands for no time. */
function earlier(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return other < one ? other : one;
}

/** One span for all that named parents connect; a ring has one too. */
function topsOf(index: TraceIndex, members: Uint32Array): (span: number) => number {
  const above = new Map<number, number>();
  const topOf = (span: number): number => {
    let top = span;
    for (let next = above.get(top); next !== undefined; next = above.get(top)) {
      // Halves the way for the next one who goes it.
      const further = above.get(next);
      if (further !== undefined) above.set(top, further);
      top = further ?? next;
    }
    return top;
  };
  for (const span of members) {
    const parent = index.parentOf(span);
    if (parent === noSpan) continue;
    const [top, other] = [topOf(span), topOf(parent)];
    if (top !== other) above.set(top, other);
  }
  return topOf;
}
