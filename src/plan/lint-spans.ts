import type { BodyStore } from '../bodies/body-store.js';
import { markDescendants } from '../trace/descendants.js';
import type { Finding } from '../trace/finding.js';
import { lintParents } from '../trace/lint.js';
import { lintRoots, lintTimes } from '../trace/lint-shape.js';
import { lintOrphans } from '../trace/orphans.js';
import { FindingsByTrace } from '../trace/trace-findings.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { findingMessage, levelOf, rejectionOf, type LintPolicy } from './lint-policy.js';
import type { Planner } from './planner.js';
import { rejectRows, RejectedSpans } from './rejected-spans.js';

/**
 * Looks at all trees, mends or rejects what the policy says, and tells of everything. An edge that the input states is
 * changed only where a finding says so: see `levelOf`. Rejected spans leave the plan before orphans are looked for, so
 * their children meet the same policy as any other orphan. Resolves with all that was found.
 */
export async function lintSpans(
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  policy: LintPolicy,
  interrupt: AbortSignal,
): Promise<FindingsByTrace> {
  const findings = new FindingsByTrace(index);
  const rejected = new RejectedSpans(index);
  const reject = (finding: Finding): void =>
    rejected.add(finding.span, rejectionOf(finding, rejected.has(index.parentOf(finding.span))));
  const onFinding = (finding: Finding): void => {
    const { code, span } = finding;
    const level = levelOf(code, policy);
    if (level === 'reject') return reject(finding);
    findings.add(finding, level);
    planner[level]({ code, message: findingMessage(index, finding, policy) }, bodies.placeOf(index, span));
  };
  const onOrphan = (finding: Finding): void => {
    onFinding(finding);
    if (policy.orphans === 'reject') return;
    if (policy.orphans === 'root') index.makeRoot(finding.span);
    if (finding.parentElsewhere === true) onFinding({ ...finding, code: 'parent_in_other_trace' });
  };

  lintParents(index, onFinding);
  rejected.takeOut();
  lintOrphans(index, onOrphan);
  if (policy.orphans === 'reject') {
    markDescendants(
      index,
      (span) => rejected.has(span),
      (span) => reject({ code: 'orphan_parent', span }),
    );
  }
  rejected.takeOut();
  lintRoots(index, onFinding);
  lintTimes(index, onFinding);
  await rejectRows(index, bodies, planner, rejected, interrupt);
  return findings;
}
