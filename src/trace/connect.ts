import { byteColumn, integerColumn } from './column.js';
import type { IdHash } from './hash.js';
import { IdTable } from './id-table.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/**
 * What was not certain. `ambiguous_parent_id`: several spans bear the id that the span names as its parent.
 * `repeated_span_id`: the trace of its parent has a span of the same id, so it stays in a trace of its own.
 */
export interface Doubt {
  code: 'ambiguous_parent_id' | 'repeated_span_id';
  span: number;
}

/**
 * Puts spans whose rows name a parent but no trace into the trace of that parent; so a tree gets the trace of its root,
 * whatever the order of its rows and in however many inputs they are. A span whose parent is in no input stays where
 * it is, and those below it join it: spans that share no more than a missing parent may share a word for "none".
 *
 * Ids need not be unique: of several bearers the nearest row in the same input is the parent, else the nearest of all.
 * Returns the number of spans that joined another trace. Linear in the number of spans, but for a binary search where
 * an id is ambiguous.
 */
export function connectByParents(
  index: TraceIndex,
  inputOf: (span: number) => number,
  report: (doubt: Doubt) => void,
): number {
  const hash: IdHash = { low: 0, high: 0 };
  const lookedFor = new IdTable();
  const children: number[] = [];
  for (let span = 0; span < index.mentioned; span++) {
    if (!isOwn(index, span) || !isLost(index, span)) continue;
    index.hashOfId(index.parentOf(span), hash);
    lookedFor.intern(hash);
    children.push(span);
  }
  if (children.length === 0) return 0;
  const bearers = bearersOf(index, lookedFor);
  for (const child of children) {
    index.hashOfId(index.parentOf(child), hash);
    const named = bearers.of(lookedFor.find(hash));
    if (named.length === 0) continue;
    index.findParent(child, nearest(child, named, inputOf));
    if (named.length > 1) report({ code: 'ambiguous_parent_id', span: child });
  }
  return joinTraces(index, report);
}

function isOwn(index: TraceIndex, span: number): boolean {
  return index.isDefined(span) && index.memberships.originOf(span) === 'own';
}

/** The row names a parent, and no row of its trace is that. */
function isLost(index: TraceIndex, span: number): boolean {
  const parent = index.parentOf(span);
  return parent !== noSpan && !index.isDefined(parent);
}

/** Spans by their own ids, in the order of their numbers. */
function bearersOf(index: TraceIndex, ids: IdTable): { of: (id: number) => Uint32Array } {
  const hash: IdHash = { low: 0, high: 0 };
  const first = new Uint32Array(ids.size + 1);
  const idOf = integerColumn();
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    index.hashOfId(span, hash);
    const id = ids.find(hash);
    if (id < 0) continue;
    idOf.set(span, id + 1);
    first[id + 1]! += 1;
  }
  for (let id = 0; id < ids.size; id++) first[id + 1]! += first[id]!;
  const spans = new Uint32Array(first[ids.size]!);
  const next = first.slice();
  for (let span = 0; span < index.mentioned; span++) {
    const id = idOf.get(span) - 1;
    if (id < 0) continue;
    spans[next[id]!] = span;
    next[id]! += 1;
  }
  return { of: (id) => spans.subarray(first[id], first[id + 1]) };
}

/** Numbers follow the order of the rows, so of each input they are a stretch. */
function nearest(child: number, bearers: Uint32Array, inputOf: (span: number) => number): number {
  let low = 0;
  let high = bearers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bearers[middle]! < child) low = middle + 1;
    else high = middle;
  }
  const before = bearers[low - 1];
  const after = bearers[bearers[low] === child ? low + 1 : low];
  if (before === undefined || after === undefined) return before ?? after ?? bearers[0]!;
  const input = inputOf(child);
  const [isBeforeHere, isAfterHere] = [inputOf(before) === input, inputOf(after) === input];
  if (isBeforeHere !== isAfterHere) return isBeforeHere ? before : after;
  return child - before <= after - child ? before : after;
}

const Walk = { unseen: 0, running: 1, ended: 2 } as const;

/** From the top of each tree down, every span of its own joins the trace of its parent. */
function joinTraces(index: TraceIndex, report: (doubt: Doubt) => void): number {
  const walks = byteColumn();
  const taken = new IdTable();
  let joined = 0;
  for (let first = 0; first < index.mentioned; first++) {
    const way: number[] = [];
    let span = first;
    while (span !== noSpan && isOwn(index, span) && walks.get(span) === Walk.unseen) {
      walks.set(span, Walk.running);
      way.push(span);
      span = index.parentOf(span);
    }
    // In a cycle, which the lint will break, the span where the walk met itself stays.
    if (span !== noSpan && walks.get(span) === Walk.running) walks.set(span, Walk.ended);
    for (let below = way.pop(); below !== undefined; below = way.pop()) {
      const parent = index.parentOf(below);
      const isTop = walks.get(below) === Walk.ended || parent === noSpan || !index.isDefined(parent);
      walks.set(below, Walk.ended);
      if (isTop || index.traceOf(parent) === index.traceOf(below)) continue;
      // A tree that its source nests stays one, wherever its root goes.
      const isNested = index.memberships.keyTraceOf(parent) === index.memberships.keyTraceOf(below);
      if (isNested || isFree(index, taken, below, index.traceOf(parent))) {
        index.memberships.move(below, index.traceOf(parent));
        joined += 1;
      } else {
        index.loseParent(below);
        report({ code: 'repeated_span_id', span: below });
      }
    }
  }
  return joined;
}

/** Whether the trace has no span of this id yet; takes the id. */
function isFree(index: TraceIndex, taken: IdTable, span: number, trace: number): boolean {
  const key: IdHash = { low: 0, high: 0 };
  index.hashInTrace(span, trace, key);
  if (index.findKey(key.low, key.high) >= 0) return false;
  const before = taken.size;
  return taken.intern(key) === before;
}
