import { membersByTrace } from './members-by-trace.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/**
 * Yields the defined spans of one trace after another: traces in the order of their first appearance, parents before
 * children and otherwise by start time. Edges must be free of cycles (see `lintParents`). Walks without recursion.
 */
export function* spansByTrace(index: TraceIndex): Generator<number[]> {
  for (const members of membersByTrace(index)) yield parentsFirst(index, listOf(members));
}

/** Item by item: a spread asks an iterator for each, and takes four times as long. */
function listOf(members: Uint32Array): number[] {
  const list: number[] = [];
  for (let position = 0; position < members.length; position++) list.push(members[position]!);
  return list;
}

/** The same without the spans that the destination holds already. */
export function* unsentTraces(index: TraceIndex): Generator<readonly number[]> {
  for (const trace of spansByTrace(index)) {
    yield index.hasKnown ? trace.filter((span) => !index.isImported(span)) : trace;
  }
}

/** The defined spans of one trace in the order of `spansByTrace`. Sorts `members`. */
export function parentsFirst(index: TraceIndex, members: number[]): number[] {
  if (!isByStart(index, members)) members.sort((left, right) => compareStarts(index, left, right));
  if (beginAfterTheirParents(index, members)) return members;
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

function compareStarts(index: TraceIndex, left: number, right: number): number {
  return index.startOrder(left) - index.startOrder(right) || left - right;
}

function isByStart(index: TraceIndex, members: readonly number[]): boolean {
  for (let position = 1; position < members.length; position++) {
    if (compareStarts(index, members[position - 1]!, members[position]!) > 0) return false;
  }
  return true;
}

/** Nearly all spans do. */
function beginAfterTheirParents(index: TraceIndex, members: readonly number[]): boolean {
  for (const span of members) {
    const parent = index.parentOf(span);
    if (parent !== noSpan && index.isDefined(parent) && compareStarts(index, parent, span) >= 0) return false;
  }
  return true;
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
