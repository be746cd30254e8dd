import { byteColumn } from '../trace/column.js';
import { definedSpans } from '../trace/defined-spans.js';
import type { TraceIndex } from '../trace/trace-index.js';

/** How many traces of the input are imported: a number at most, or a share between 0 and 1. */
export type Sample = { kind: 'count'; count: number } | { kind: 'share'; share: number };

/** Which traces of the input are imported. All of a trace or nothing of it. */
export interface Selection {
  /** Microseconds since the epoch. A trace is in if one of its spans starts in `[since, until)`. */
  since: number | undefined;
  until: number | undefined;
  /** Taken of the traces that are left, by their ids: the same traces in every run. */
  sample: Sample | undefined;
}

export type LeftOut = 'before_since' | 'after_until' | 'not_sampled';

export interface Selected {
  /** Undefined for a trace that is imported. */
  reasonOf: (trace: number) => LeftOut | undefined;
  /** A span outside of the wanted time, for each trace that is imported because of others of its spans. */
  torn: readonly number[];
}

const Side = { inside: 1, before: 2, after: 4 } as const;

/**
 * Decides about every trace. A span lies where it starts, or ends if it tells no start; one without times has no say,
 * and a trace of only such spans is imported.
 */
export function selectTraces(index: TraceIndex, selection: Selection): Selected {
  const since = selection.since ?? -Infinity;
  const until = selection.until ?? Infinity;
  const sideOf = (span: number): number => {
    const time = index.timeOf(span);
    if (Number.isNaN(time)) return 0;
    return time < since ? Side.before : time >= until ? Side.after : Side.inside;
  };
  const sides = byteColumn();
  const populated = byteColumn();
  for (const span of definedSpans(index)) {
    const trace = index.traceOf(span);
    sides.set(trace, sides.get(trace) | sideOf(span));
    populated.set(trace, 1);
  }
  const timeReasonOf = (trace: number): LeftOut | undefined => {
    const side = sides.get(trace);
    if (side === 0 || side & Side.inside) return undefined;
    return side & Side.before ? 'before_since' : 'after_until';
  };
  const candidates = function* (): Generator<number> {
    for (let trace = 0; trace < index.traceCount; trace++) {
      if (populated.get(trace) === 1 && timeReasonOf(trace) === undefined) yield index.positionOfTrace(trace);
    }
  };
  const end = endOfSample(selection.sample, candidates);
  const reasonOf = (trace: number): LeftOut | undefined =>
    timeReasonOf(trace) ?? (index.positionOfTrace(trace) < end ? undefined : 'not_sampled');

  const torn: number[] = [];
  const told = byteColumn();
  for (const span of definedSpans(index)) {
    const trace = index.traceOf(span);
    const outside = (sideOf(span) & (Side.before | Side.after)) !== 0;
    if (!outside || told.get(trace) === 1 || reasonOf(trace) !== undefined) continue;
    told.set(trace, 1);
    torn.push(span);
  }
  return { reasonOf, torn };
}

/** The position before which a trace is in the sample. */
function endOfSample(sample: Sample | undefined, candidates: () => Iterable<number>): number {
  if (sample === undefined) return 1;
  if (sample.kind === 'share') return sample.share;
  const positions = Float64Array.from(candidates()).sort();
  return positions[sample.count] ?? 1;
}
