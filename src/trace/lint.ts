import { cycles } from './cycles.js';
import type { OnFinding } from './finding.js';
import { noSpan, type TraceIndex } from './trace-index.js';

export interface ParentCounts {
  /** Spans whose parent is in the plan, named by the input. */
  explicit: number;
  /** Spans whose parent is in the plan and follows from a path that the input names. */
  by_path: number;
  /** Spans whose parent was inferred, without another likely one. */
  by_time: number;
  /** Spans whose parent was inferred, as the likeliest of several. */
  ambiguous: number;
  roots: number;
  /** Spans whose parent no row defines. They are kept as they are. */
  orphans: number;
}

/**
 * Mends the edges that no tree can hold, and reports each:
 * - `self_parent`: a span that is its own parent becomes a root.
 * - `parent_is_trace`: the parent id is the trace's id and no such span exists: a root, in the convention of several
 *   exporters.
 * - `cycle`: broken at its earliest span, which becomes a root.
 *
 * Linear in the number of spans, without recursion.
 */
export function lintParents(index: TraceIndex, report: OnFinding): void {
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const parent = index.parentOf(span);
    if (parent === span) {
      index.makeRoot(span);
      report({ code: 'self_parent', span });
    } else if (parent !== noSpan && !index.isDefined(parent) && index.namesTraceAsParent(span)) {
      index.makeRoot(span);
      report({ code: 'parent_is_trace', span });
    }
  }
  breakCycles(index, report);
}

function breakCycles(index: TraceIndex, report: OnFinding): void {
  const up = (span: number): number => {
    const parent = index.parentOf(span);
    return parent !== noSpan && index.isDefined(parent) ? parent : noSpan;
  };
  for (const members of cycles(beforeTheirParents(index), up)) {
    const earliest = earliestOf(index, members);
    index.makeRoot(earliest);
    report({ code: 'cycle', span: earliest });
  }
}

/** Every cycle has one of them, whatever its order: numbers that only fell on the way up would never come back. */
function* beforeTheirParents(index: TraceIndex): Generator<number> {
  for (let span = 0; span < index.mentioned; span++) {
    const parent = index.parentOf(span);
    if (parent > span && parent !== noSpan && index.isDefined(span) && index.isDefined(parent)) yield span;
  }
}

function earliestOf(index: TraceIndex, members: readonly number[]): number {
  return members.reduce((earliest, span) => {
    const difference = index.startOrder(span) - index.startOrder(earliest);
    return difference < 0 || (difference === 0 && span < earliest) ? span : earliest;
  });
}

const countOf = { explicit: 'explicit', path: 'by_path', time: 'by_time', ambiguous: 'ambiguous' } as const;

/** Counts the edges as they are now. */
export function countParents(index: TraceIndex): ParentCounts {
  const counts: ParentCounts = { explicit: 0, by_path: 0, by_time: 0, ambiguous: 0, roots: 0, orphans: 0 };
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const parent = index.parentOf(span);
    if (parent === noSpan) counts.roots += 1;
    else if (index.isDefined(parent)) counts[countOf[index.edgeOf(span).origin]] += 1;
    else counts.orphans += 1;
  }
  return counts;
}
