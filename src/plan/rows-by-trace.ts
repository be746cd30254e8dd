import { integerColumn } from '../trace/column.js';
import { count, type PlanCounts } from './plan-counts.js';

/** What a used row did to the plan. */
export type RowFate = 'new' | 'merged' | 'duplicate' | 'conflicting';

/**
 * The used rows by the spans that they gave, so that rows can be booked as skipped once the traces of their spans are
 * left out; which traces these are is known only when all rows are read. Rows of one span are counted in 16 bytes a
 * span; only rows of several are held one by one.
 */
export class RowsByTrace {
  private readonly counts = {
    new: integerColumn(),
    merged: integerColumn(),
    duplicate: integerColumn(),
    conflicting: integerColumn(),
  };
  private readonly severalSpans: { spans: readonly number[]; fate: RowFate }[] = [];
  private spanCount = 0;

  add(spans: ReadonlySet<number>, fate: RowFate): void {
    const [first, ...others] = spans;
    if (first === undefined) return;
    if (others.length > 0) {
      this.severalSpans.push({ spans: [first, ...others], fate });
      return;
    }
    this.spanCount = Math.max(this.spanCount, first + 1);
    this.counts[fate].set(first, this.counts[fate].get(first) + 1);
  }

  /** Books rows as skipped where the traces of all their spans are left out, for the reason of the first. */
  skip(reasonOf: (span: number) => string | undefined, plan: PlanCounts): void {
    const book = (rows: number, fate: RowFate, reason: string | undefined): void => {
      if (reason === undefined || rows === 0) return;
      plan.used -= rows;
      if (fate !== 'new') plan[fate] -= rows;
      count(plan.skippedByReason, reason, rows);
    };
    for (let span = 0; span < this.spanCount; span++) {
      const reason = reasonOf(span);
      for (const fate of ['new', 'merged', 'duplicate', 'conflicting'] as const) {
        book(this.counts[fate].get(span), fate, reason);
      }
    }
    for (const { spans, fate } of this.severalSpans) {
      const reasons = spans.map(reasonOf);
      book(1, fate, reasons.includes(undefined) ? undefined : reasons[0]);
    }
  }
}
