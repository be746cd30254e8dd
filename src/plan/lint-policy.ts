import type { Problem } from '../input/row.js';
import type { Finding, FindingCode } from '../trace/finding.js';
import { clockSkew, overhang } from '../trace/lint-shape.js';
import type { TraceIndex } from '../trace/trace-index.js';

/** What becomes of spans whose parent is missing: sent as they are, sent as roots, or rejected with all below them. */
export type OrphanPolicy = 'keep' | 'root' | 'reject';

export interface LintPolicy {
  /** Also the policy for those whose parent was rejected. */
  orphans: OrphanPolicy;
  /** What would be a warning rejects the span. What `orphans` decides is decided, and only noted. */
  strict: boolean;
}

/** What is done about a finding. */
export type Level = 'note' | 'warn' | 'reject';

const notes = new Set<FindingCode>([
  'parent_in_other_trace',
  'parent_is_trace',
  'multiple_roots',
  'child_outside_parent',
]);

export function levelOf(code: FindingCode, { orphans, strict }: LintPolicy): Level {
  if (notes.has(code)) return 'note';
  if (code === 'orphan_parent' && orphans === 'reject') return 'reject';
  if (code === 'orphan_parent' && strict) return 'note';
  return strict ? 'reject' : 'warn';
}

const messages: Record<Exclude<FindingCode, 'orphan_parent' | 'child_outside_parent'>, string> = {
  self_parent: 'names itself as its parent; sent as a root',
  cycle: 'is its own ancestor; sent as a root, the earliest of the cycle',
  parent_is_trace: "names the trace's own id as its parent; sent as a root",
  parent_in_other_trace: 'names a parent that is a span of another trace',
  multiple_roots: 'is a further root of its trace',
};

/** What is told of a finding that rejects nothing. */
export function findingMessage(index: TraceIndex, finding: Finding, { orphans }: LintPolicy): string {
  const { code, span } = finding;
  if (code === 'orphan_parent') return orphanMessage(finding, orphans);
  return code === 'child_outside_parent' ? overhangMessage(index, span) : messages[code];
}

function orphanMessage({ parentElsewhere }: Finding, orphans: OrphanPolicy): string {
  const fate = orphans === 'root' ? 'sent as a root' : 'kept as it is';
  return parentElsewhere === true
    ? `names a parent that is a span of another trace; ${fate} (--trace-by FIELD joins rows that name no trace)`
    : `names a parent that is not in its trace; ${fate}`;
}

function overhangMessage(index: TraceIndex, span: number): string {
  const { before, after } = overhang(index, span, index.parentOf(span));
  const parts = [
    ...(before > clockSkew ? [`begins ${duration(before)} before its parent`] : []),
    ...(after > clockSkew ? [`ends ${duration(after)} after its parent`] : []),
  ];
  return parts.join(' and ');
}

function duration(micros: number): string {
  return micros < 10_000_000 ? `${Math.round(micros / 1000)} ms` : `${(micros / 1e6).toFixed(1)} s`;
}

const admit = 'say --orphans keep or --orphans root';

const rejections = {
  self_parent: {
    code: 'self_parent',
    message: 'the span names itself as its parent',
    hint: 'mend its parent id, or import without --strict: it is sent as a root then',
  },
  cycle: {
    code: 'cycle',
    message: 'the span is its own ancestor, the earliest of a cycle',
    hint: 'mend the parent ids of the cycle, or import without --strict: this span is sent as a root then',
  },
  orphan: {
    code: 'orphan_parent',
    message: 'the span names a parent that is not in its trace',
    hint: `import it together with the rows of its parent, or ${admit}`,
  },
  orphanOfOtherTrace: {
    code: 'orphan_parent',
    message: 'the span names a parent that is a span of another trace',
    hint: `give both rows one trace id (--trace-by FIELD does where rows name none), or ${admit}`,
  },
  parentRejected: {
    code: 'parent_rejected',
    message: 'the parent of the span, or one further up, was rejected',
    hint: `mend and import the row of the parent with it, or ${admit}`,
  },
} satisfies Record<string, Problem>;

/** `parentRejected`: what the span misses was in the input. */
export function rejectionOf({ code, parentElsewhere }: Finding, parentRejected: boolean): Problem {
  if (code === 'self_parent' || code === 'cycle') return rejections[code];
  if (parentRejected) return rejections.parentRejected;
  return parentElsewhere === true ? rejections.orphanOfOtherTrace : rejections.orphan;
}
