import { integerColumn } from '../trace/column.js';
import { count, type PlanCounts } from './plan-counts.js';

/** What a used row did to the plan. */
export type RowFate = 'new' | 'merged' | 'duplicate' | 'conflicting';

/**
 * The used rows by the traces that they gave spans to, so that rows can be booked as skipped once their traces are left
 * out. Rows of one trace are counted in 16 bytes a trace; only rows of several traces are held one by one.
 */
export class RowsByTrace {
  private readonly counts = {
    new: integerColumn(),
    merged: integerColumn(),
    duplicate: integerColumn(),
    conflicting: integerColumn(),
  };
  private readonly severalTraces: { traces: readonly number[]; fate: RowFate }[] = [];
  private traceCount = 0;

  add(traces: ReadonlySet<number>, fate: RowFate): void {
    const [first, ...others] = traces;
    if (first === undefined) return;
    if (others.length > 0) {
      this.severalTraces.push({ traces: [first, ...others], fate });
      return;
    }
    this.traceCount = Math.max(this.traceCount, first + 1);
    this.counts[fate].set(first, this.counts[fate].get(first) + 1);
  }

  /** Books rows as skipped where all traces that they gave spans to are left out, for the reason of the first. */
  skip(reasonOf: (trace: number) => string | undefined, plan: PlanCounts): void {
    const book = (rows: number, fate: RowFate, reason: string | undefined): void => {
      if (reason === undefined || rows === 0) return;
      plan.used -= rows;
      if (fate !== 'new') plan[fate] -= rows;
      count(plan.skippedByReason, reason, rows);
    };
    for (let trace = 0; trace < this.traceCount; trace++) {
      const reason = reasonOf(trace);
      for (const fate of ['new', 'merged', 'duplicate', 'conflicting'] as const) {
        book(this.counts[fate].get(trace), fate, reason);
      }
    }
    for (const { traces, fate } of this.severalTraces) {
      const reasons = traces.map(reasonOf);
      book(1, fate, reasons.includes(undefined) ? undefined : reasons[0]);
    }
  }
}
