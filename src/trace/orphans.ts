import { byteColumn } from './column.js';
import type { OnFinding } from './finding.js';
import type { IdHash } from './hash.js';
import { IdTable } from './id-table.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/** True for a span of the plan that names a parent which is not in it. */
export function isOrphan(index: TraceIndex, span: number): boolean {
  if (!index.isDefined(span)) return false;
  const parent = index.parentOf(span);
  return parent !== noSpan && !index.isDefined(parent);
}

/**
 * Reports `orphan_parent` for every span whose parent is missing, in the order of the spans, and tells whether the
 * parent's id is a span's id in another trace. Changes nothing; the report may make the span a root. Three passes over
 * the spans, and 16 bytes for each missing parent.
 */
export function lintOrphans(index: TraceIndex, report: OnFinding): void {
  const missing = new IdTable();
  const hash: IdHash = { low: 0, high: 0 };
  for (let span = 0; span < index.mentioned; span++) {
    if (!isOrphan(index, span)) continue;
    index.hashOfId(index.parentOf(span), hash);
    missing.intern(hash);
  }
  if (missing.size === 0) return;
  const elsewhere = byteColumn();
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    index.hashOfId(span, hash);
    const found = missing.find(hash);
    if (found >= 0) elsewhere.set(found, 1);
  }
  for (let span = 0; span < index.mentioned; span++) {
    if (!isOrphan(index, span)) continue;
    index.hashOfId(index.parentOf(span), hash);
    const parentElsewhere = elsewhere.get(missing.find(hash)) === 1;
    report({ code: 'orphan_parent', span, parentElsewhere });
  }
}
