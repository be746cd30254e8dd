import { byteColumn } from './column.js';
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

const Walk = { unseen: 0, running: 1, ended: 2 } as const;

/** Walks up from every span; a walk that meets itself has found a cycle, one that meets an earlier walk has not. */
function breakCycles(index: TraceIndex, report: OnFinding): void {
  const walks = byteColumn();
  /** Marks the way up from a span, as far as it is in `from` state, and gives the span where it ends. */
  const mark = (first: number, from: number, to: number): number => {
    let span = first;
    while (span !== noSpan && index.isDefined(span) && walks.get(span) === from) {
      walks.set(span, to);
      span = index.parentOf(span);
    }
    return span;
  };
  for (let first = 0; first < index.mentioned; first++) {
    const met = mark(first, Walk.unseen, Walk.running);
    const isCycle = met !== noSpan && walks.get(met) === Walk.running;
    mark(first, Walk.running, Walk.ended);
    if (isCycle) {
      const earliest = earliestOfCycle(index, met);
      index.makeRoot(earliest);
      report({ code: 'cycle', span: earliest });
    }
  }
}

function earliestOfCycle(index: TraceIndex, member: number): number {
  let earliest = member;
  for (let span = index.parentOf(member); span !== member; span = index.parentOf(span)) {
    const difference = index.startOrder(span) - index.startOrder(earliest);
    if (difference < 0 || (difference === 0 && span < earliest)) earliest = span;
  }
  return earliest;
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
