import type { SpanFields, TraceFields } from './store.js';

/** What the documents ask of a request as a whole; undefined where all of it holds. */
export function complaintAboutTrace(trace: TraceFields, spans: readonly SpanFields[]): string | undefined {
  if (trace.endedAt !== undefined && trace.startedAt >= trace.endedAt)
    return 'startedAt must be before endedAt';
  const references = new Set<string>();
  for (const span of spans) {
    const complaint = complaintAboutSpan(span) ?? complaintAboutStart(span, trace);
    if (complaint !== undefined) return complaint;
    if (span.referenceId === undefined) continue;
    if (references.has(span.referenceId)) return `Duplicate span referenceId: ${span.referenceId}`;
    references.add(span.referenceId);
  }
  const orphan = spans.find(({ parentReferenceId: id }) => id !== undefined && !references.has(id));
  return orphan === undefined
    ? undefined
    : `parentReferenceId must reference another span: ${orphan.parentReferenceId}`;
}

/** What the documents ask of a span, also of one that follows its trace. */
export function complaintAboutSpan(span: SpanFields): string | undefined {
  return complaintAboutTimes(span) ?? complaintAboutParent(span);
}

function complaintAboutStart({ startedAt }: SpanFields, trace: TraceFields): string | undefined {
  return startedAt < trace.startedAt ? "All spans must start after or at the trace's startedAt" : undefined;
}

function complaintAboutParent({ referenceId, parentReferenceId: parent }: SpanFields): string | undefined {
  return parent !== undefined && parent === referenceId
    ? `parentReferenceId must reference another span: ${parent}`
    : undefined;
}

function complaintAboutTimes({ startedAt, endedAt }: SpanFields): string | undefined {
  return startedAt < endedAt ? undefined : 'startedAt must be before endedAt';
}
