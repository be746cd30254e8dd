import { byteColumn } from './column.js';
import type { OnFinding } from './finding.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/** Clocks of two machines differ by so much, and roundings too: less says nothing about a tree. Microseconds. */
export const clockSkew = 5000;

/**
 * Reports `multiple_roots` once for each trace of several roots, at the second of them. What counts is what will be
 * sent: a span that the lint made a root is one, an orphan that keeps its parent's id is none.
 */
export function lintRoots(index: TraceIndex, report: OnFinding): void {
  const roots = byteColumn();
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span) || index.parentOf(span) !== noSpan) continue;
    const trace = index.traceOf(span);
    const earlier = roots.get(trace);
    if (earlier === 1) report({ code: 'multiple_roots', span });
    if (earlier < 2) roots.set(trace, earlier + 1);
  }
}

/**
 * Reports `child_outside_parent` for every span that lies outside of its parent by more than the skew of clocks. A parent
 * that follows from a path may be what led to the span, and have ended: a model call and the tool that it asked for.
 */
export function lintTimes(index: TraceIndex, report: OnFinding): void {
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const parent = index.parentOf(span);
    if (parent === noSpan || !index.isDefined(parent) || index.edgeOf(span).origin === 'path') continue;
    if (isWithin(index, span, parent)) continue;
    const { before, after } = overhang(index, span, parent);
    if (before > clockSkew || after > clockSkew) report({ code: 'child_outside_parent', span });
  }
}

/** Most spans are; false where a time is not told. */
function isWithin(index: TraceIndex, span: number, parent: number): boolean {
  const start = index.startOf(span);
  const end = index.endOf(span);
  return index.startOf(parent) <= start && start <= end && end <= index.endOf(parent);
}

/** By how much a span begins before its parent and ends after it, in microseconds; times that are not told have no say. */
export function overhang(index: TraceIndex, span: number, parent: number): { before: number; after: number } {
  const from = index.startOf(parent);
  const to = index.endOf(parent);
  const start = index.startOf(span);
  const end = index.endOf(span);
  return {
    before: Math.max(positive(from - start), positive(from - end)),
    after: Math.max(positive(start - to), positive(end - to)),
  };
}

/** 0 for NaN too. */
function positive(difference: number): number {
  return difference > 0 ? difference : 0;
}
