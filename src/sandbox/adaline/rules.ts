import type { SpanFields, TraceFields } from './store.js';

/** What the documents ask of a request as a whole; undefined where all of it holds. */
export function complaintAboutTrace(trace: TraceFields, spans: readonly SpanFields[]): string | undefined {
  if (trace.endedAt !== undefined && trace.startedAt >= trace.endedAt)
    return 'startedAt must be before endedAt';
  const references = new Set<string>();
  for (const span of spans) {
    const complaint = complaintAboutTimes(span);
    if (complaint !== undefined) return complaint;
    if (span.startedAt < trace.startedAt) return "All spans must start after or at the trace's startedAt";
    if (span.referenceId === undefined) continue;
    if (references.has(span.referenceId)) return `Duplicate span referenceId: ${span.referenceId}`;
    references.add(span.referenceId);
  }
  const orphan = spans.find(({ parentReferenceId: id }) => id !== undefined && !references.has(id));
  return orphan === undefined
    ? undefined
    : `parentReferenceId must reference another span: ${orphan.parentReferenceId}`;
}

export function complaintAboutTimes({ startedAt, endedAt }: SpanFields): string | undefined {
  return startedAt < endedAt ? undefined : 'startedAt must be before endedAt';
}
