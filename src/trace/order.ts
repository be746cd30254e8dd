import { membersByTrace } from './members-by-trace.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/**
 * Yields the defined spans of one trace after another: traces in the order of their first appearance, parents before
 * children and otherwise by start time. Edges must be free of cycles (see `lintParents`). Walks without recursion.
 */
export function* spansByTrace(index: TraceIndex): Generator<number[]> {
  for (const members of membersByTrace(index)) yield parentsFirst(index, [...members]);
}

/** The same without the spans that the destination holds already. */
export function* unsentTraces(index: TraceIndex): Generator<readonly number[]> {
  for (const trace of spansByTrace(index)) {
    yield index.hasKnown ? trace.filter((span) => !index.isImported(span)) : trace;
  }
}

/** The defined spans of one trace in the order of `spansByTrace`. Sorts `members`. */
export function parentsFirst(index: TraceIndex, members: number[]): number[] {
  const compare = (left: number, right: number): number =>
    index.startOrder(left) - index.startOrder(right) || left - right;
  const isOutOfOrder = (span: number, position: number): boolean =>
    position > 0 && compare(members[position - 1]!, span) > 0;
  if (members.some(isOutOfOrder)) members.sort(compare);
  // Nearly all parents begin before their children.
  const isBeforeItsParent = (span: number): boolean => {
    const parent = index.parentOf(span);
    return parent !== noSpan && index.isDefined(parent) && compare(parent, span) >= 0;
  };
  if (!members.some(isBeforeItsParent)) return members;
  const ordered = new Set<number>();
  const ancestors: number[] = [];
  for (const member of members) {
    for (
      let span = member;
      span !== noSpan && index.isDefined(span) && !ordered.has(span);
      span = index.parentOf(span)
    ) {
      ancestors.push(span);
    }
    for (let span = ancestors.pop(); span !== undefined; span = ancestors.pop()) ordered.add(span);
  }
  return [...ordered];
}

/** Spans in their order, cut so that no part holds more bytes, unless a single span does. */
export function* spansByBytes(
  spans: readonly number[],
  lengthOf: (span: number) => number,
  mostBytes: number,
): Generator<number[]> {
  let part: number[] = [];
  let bytes = 0;
  for (const span of spans) {
    const length = lengthOf(span);
    if (bytes + length > mostBytes && part.length > 0) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(span);
    bytes += length;
  }
  if (part.length > 0) yield part;
}
