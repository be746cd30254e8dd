import { noSpan, type TraceIndex } from '../trace-index.js';

const Walk = { unseen: 0, running: 1, ended: 2 } as const;

/**
 * Spans whose inferred parent must be taken away again, so that no span is its own ancestor: of each cycle the inferred
 * edge that is the least certain. A cycle of edges that rows name is left to the lint. Linear, without recursion.
 *
 * @param parentOf the parent of a span, `noSpan` for none
 * @param confidenceOf of an inferred edge; undefined for an edge that a row names
 */
export function cyclicEdges(
  index: TraceIndex,
  members: Uint32Array,
  parentOf: (span: number) => number,
  confidenceOf: (span: number) => number | undefined,
): number[] {
  const walks = new Map<number, number>();
  const cut = new Set<number>();
  const up = (span: number): number => {
    const parent = cut.has(span) ? noSpan : parentOf(span);
    return parent !== noSpan && index.isDefined(parent) ? parent : noSpan;
  };
  for (const member of members) {
    const path: number[] = [];
    let span: number = member;
    while (span !== noSpan && (walks.get(span) ?? Walk.unseen) === Walk.unseen) {
      walks.set(span, Walk.running);
      path.push(span);
      span = up(span);
    }
    if (span !== noSpan && walks.get(span) === Walk.running) {
      const weakest = weakestOf(path.slice(path.indexOf(span)), confidenceOf);
      if (weakest !== undefined) cut.add(weakest);
    }
    for (const walked of path) walks.set(walked, Walk.ended);
  }
  return [...cut];
}

function weakestOf(
  cycle: readonly number[],
  confidenceOf: (span: number) => number | undefined,
): number | undefined {
  let weakest: number | undefined;
  let least = Infinity;
  for (const span of cycle) {
    const confidence = confidenceOf(span);
    if (confidence === undefined || confidence >= least) continue;
    weakest = span;
    least = confidence;
  }
  return weakest;
}
