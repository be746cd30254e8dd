import { integerColumn } from './column.js';
import { noSpan, type TraceIndex } from './trace-index.js';

export type FindingCode = 'orphan_parent' | 'self_parent' | 'parent_is_trace' | 'cycle';

/** Something wrong with a tree, and the span to blame. */
export interface Finding {
  code: FindingCode;
  span: number;
}

export interface ParentCounts {
  /** Spans whose parent is in the plan, named by the input. */
  explicit: number;
  roots: number;
  /** Spans whose parent no row defines. They are kept as they are. */
  orphans: number;
}

/**
 * Looks at every edge of the plan and mends what no tree can hold:
 * - `self_parent`: a span that is its own parent becomes a root.
 * - `parent_is_trace`: the parent id is the trace's id and no such span exists: a root, in the convention of several
 *   exporters.
 * - `cycle`: broken at its earliest span, which becomes a root.
 * - `orphan_parent`: the parent is missing; kept, since a later import may bring it.
 *
 * Linear in the number of spans, without recursion.
 */
export function lintParents(index: TraceIndex, report: (finding: Finding) => void): ParentCounts {
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
  return countParents(index, report);
}

/** Walks up from every span; a walk that meets itself has found a cycle, one that meets an older walk has not. */
function breakCycles(index: TraceIndex, report: (finding: Finding) => void): void {
  const walks = integerColumn();
  for (let first = 0; first < index.mentioned; first++) {
    const walk = first + 1;
    let span = first;
    while (span !== noSpan && index.isDefined(span) && walks.get(span) === 0) {
      walks.set(span, walk);
      span = index.parentOf(span);
    }
    if (span !== noSpan && index.isDefined(span) && walks.get(span) === walk) {
      const earliest = earliestOfCycle(index, span);
      index.makeRoot(earliest);
      report({ code: 'cycle', span: earliest });
    }
  }
}

function earliestOfCycle(index: TraceIndex, member: number): number {
  let earliest = member;
  for (let span = index.parentOf(member); span !== member; span = index.parentOf(span)) {
    const difference = index.startOf(span) - index.startOf(earliest);
    if (difference < 0 || (difference === 0 && span < earliest)) earliest = span;
  }
  return earliest;
}

function countParents(index: TraceIndex, report: (finding: Finding) => void): ParentCounts {
  const counts: ParentCounts = { explicit: 0, roots: 0, orphans: 0 };
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const parent = index.parentOf(span);
    if (parent === noSpan) counts.roots += 1;
    else if (index.isDefined(parent)) counts.explicit += 1;
    else {
      counts.orphans += 1;
      report({ code: 'orphan_parent', span });
    }
  }
  return counts;
}
