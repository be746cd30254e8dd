import { nameOfLabel } from '../../span/label.js';
import { clockSkew } from '../lint-shape.js';
import { LatestEnd } from './latest-end.js';
import { durationOf, haveEqualTimes, type TraceView } from './trace-view.js';

/** Candidates that are looked at for a span: the ones that started last. Deeper nesting than this is rare in traces. */
export const candidateLimit = 8;
/** Overlaps that are looked at for a span. */
export const overlapLimit = 6;
/** More spans with equal times than this do not nest. */
export const largestGroup = 16;
/** Of fewer, so many rows before and after are looked at. */
const equalBefore = 3;
const equalAfter = 2;

/** Two clocks never make a tenth of a span. */
const greatestShare = 0.1;
/** A span that outlives another by no more than this may still be its child. */
const nearMiss = 2000;

/**
 * For each span of a trace, the spans that could be its parent, nearest first: those that enclose it, by the latest
 * start, of equal starts by the earliest end. Rows of `candidateLimit` entries, of which `counts` are in use.
 */
export interface Candidates {
  parents: Int32Array;
  counts: Uint8Array;
  /** Of the candidates, so many (the first ones) have the same times as the span; their order is not known. */
  equals: Uint8Array;
  /** 1 where more spans enclose it than were looked at. */
  truncated: Uint8Array;
  /** 1 where nothing encloses the span, and the candidates only do so within the clock skew. */
  skewed: Uint8Array;
  /** 1 where the span outlives another one, in which it started, by so little that clocks may be the cause. */
  nearMisses: Uint8Array;
  /** For each span, up to `overlapLimit` others that overlap it and neither enclose it nor lie within it; -1 ends. */
  overlaps: Int32Array;
}

export function candidateAt(candidates: Candidates, position: number, rank: number): number {
  return candidates.parents[position * candidateLimit + rank]!;
}

/** The overlap in a slot, 0 to `overlapLimit` - 1; -1 where there is none, and none after it. */
export function overlapAt({ overlaps }: Candidates, position: number, slot: number): number {
  return overlaps[position * overlapLimit + slot]!;
}

/** O(n log n) in the spans of the trace. `skew` permits what only encloses a span within the clock skew. */
export function findCandidates(view: TraceView, skew: boolean): Candidates {
  const { size } = view;
  const candidates: Candidates = {
    parents: new Int32Array(size * candidateLimit).fill(-1),
    counts: new Uint8Array(size),
    equals: new Uint8Array(size),
    truncated: new Uint8Array(size),
    skewed: new Uint8Array(size),
    nearMisses: new Uint8Array(size),
    overlaps: new Int32Array(size * overlapLimit).fill(-1),
  };
  // An event of no length is nobody's parent.
  const ends = view.ends.map((end, position) => (end > view.starts[position]! ? end : -Infinity));
  const latest = new LatestEnd(ends);
  for (let first = 0; first < size;) {
    let last = first;
    while (last + 1 < size && haveEqualTimes(view, first, last + 1)) last += 1;
    for (let position = first; position <= last; position++) {
      addEquals(view, candidates, position, first, last);
      addEnclosing(view, candidates, latest, position, first);
      if (skew && candidates.counts[position] === candidates.equals[position]) {
        addSkewed(view, candidates, latest, position);
      }
      findOverlaps(view, candidates, latest, position, first);
    }
    first = last + 1;
  }
  return candidates;
}

function add(candidates: Candidates, position: number, parent: number): void {
  const rank = candidates.counts[position]!;
  candidates.parents[position * candidateLimit + rank] = parent;
  candidates.counts[position] = rank + 1;
}

/**
 * Rows before the span's own first, from the nearest on, then rows after it. Spans of one name that ran at the same time
 * ran beside each other, and so did very many spans.
 */
function addEquals(
  view: TraceView,
  candidates: Candidates,
  position: number,
  first: number,
  last: number,
): void {
  if (last - first >= largestGroup || (durationOf(view, position) === 0 && !view.wholeSeconds)) return;
  const name = nameOfLabel(view.labels[position]!);
  const addEqual = (other: number): void => {
    if (view.events[other] === 1 || nameOfLabel(view.labels[other]!) === name) return;
    add(candidates, position, other);
  };
  for (let other = position - 1; other >= Math.max(first, position - equalBefore); other--) addEqual(other);
  for (let other = position + 1; other <= Math.min(last, position + equalAfter); other++) addEqual(other);
  candidates.equals[position] = candidates.counts[position]!;
}

function addEnclosing(
  view: TraceView,
  candidates: Candidates,
  latest: LatestEnd,
  position: number,
  firstEqual: number,
): void {
  const end = view.ends[position]!;
  let found = latest.find(firstEqual - 1, end);
  while (found >= 0 && candidates.counts[position]! < candidateLimit) {
    add(candidates, position, found);
    found = latest.find(found - 1, end);
  }
  if (found >= 0) candidates.truncated[position] = 1;
}

/** A parent whose clock runs late seems to start after its child, or to end before it. */
function addSkewed(view: TraceView, candidates: Candidates, latest: LatestEnd, position: number): void {
  const start = view.starts[position]!;
  const end = view.ends[position]!;
  const duration = end - start;
  const slack = Math.min(clockSkew, duration * greatestShare);
  if (slack <= 0) return;
  let found = latest.find(lastStarted(view, start + slack), end - slack);
  for (let looked = 0; looked < candidateLimit && found >= 0; looked++) {
    const overhang = Math.max(0, view.starts[found]! - start) + Math.max(0, end - view.ends[found]!);
    const fits = overhang > 0 && overhang <= slack && durationOf(view, found) > duration;
    if (fits && candidates.counts[position]! < candidateLimit) {
      add(candidates, position, found);
      candidates.skewed[position] = 1;
    }
    found = latest.find(found - 1, end - slack);
  }
}

/** The last position that starts at the instant or before. */
function lastStarted(view: TraceView, instant: number): number {
  let low = 0;
  let high = view.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (view.starts[middle]! <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Of the spans that were open when this one started, the latest that ended while it ran. */
function findOverlaps(
  view: TraceView,
  candidates: Candidates,
  latest: LatestEnd,
  position: number,
  firstEqual: number,
): void {
  const start = view.starts[position]!;
  const end = view.ends[position]!;
  if (end === start) return;
  // The smallest number above the start: the other must still be open then.
  const justAfter = start + Math.max(Math.abs(start) * Number.EPSILON, Number.MIN_VALUE);
  let other = latest.find(firstEqual - 1, justAfter);
  for (let looked = 0; looked < candidateLimit + overlapLimit && other >= 0; looked++) {
    const otherEnd = view.ends[other]!;
    if (otherEnd < end && view.starts[other]! < start) {
      addOverlap(candidates, position, other);
      addOverlap(candidates, other, position);
      const overhang = end - otherEnd;
      const shorter = Math.min(end - start, durationOf(view, other));
      const isOther = nameOfLabel(view.labels[other]!) !== nameOfLabel(view.labels[position]!);
      if (isOther && overhang <= Math.min(nearMiss, shorter * greatestShare)) {
        candidates.nearMisses[position] = 1;
      }
    }
    other = latest.find(other - 1, justAfter);
  }
}

function addOverlap({ overlaps }: Candidates, position: number, other: number): void {
  for (let slot = position * overlapLimit; slot < (position + 1) * overlapLimit; slot++) {
    if (overlaps[slot]! >= 0) continue;
    overlaps[slot] = other;
    return;
  }
}
