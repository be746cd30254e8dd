import type { TraceIndex } from '../trace/trace-index.js';
import { isOrphan } from './trace-tree.js';

/** What was found wrong with a trace, and the first spans to blame. */
export interface TraceFindings {
  trace: number;
  /** How often each code was found. */
  codes: Readonly<Record<string, number>>;
  spans: readonly { span: number; code: string }[];
}

const mostTraces = 10;
const mostSpans = 20;

/** The traces with the most orphans, the worst first. */
export function worstTraces(index: TraceIndex): TraceFindings[] {
  const orphans = new Map<number, number[]>();
  for (let span = 0; span < index.mentioned; span++) {
    if (!isOrphan(index, span)) continue;
    const trace = index.traceOf(span);
    const found = orphans.get(trace);
    if (found === undefined) orphans.set(trace, [span]);
    else found.push(span);
  }
  return [...orphans]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .slice(0, mostTraces)
    .map(([trace, spans]) => ({
      trace,
      codes: { orphan_parent: spans.length },
      spans: spans.slice(0, mostSpans).map((span) => ({ span, code: 'orphan_parent' })),
    }));
}
