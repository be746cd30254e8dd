import type { Counts } from '../report/summary.js';

/** What became of the rows. Every count is kept where the fact becomes known; see `DeliveryCounts`. */
export interface PlanCounts {
  read: number;
  used: number;
  rejected: number;
  passedOver: number;
  merged: number;
  duplicate: number;
  conflicting: number;
  skippedByReason: Counts;
  rejectedByCode: Counts;
  warnings: Counts;
  notes: Counts;
  /** Rows of each input, by its position. */
  byInput: number[];
}

export const noRows = (): PlanCounts => ({
  read: 0,
  used: 0,
  rejected: 0,
  passedOver: 0,
  merged: 0,
  duplicate: 0,
  conflicting: 0,
  skippedByReason: {},
  rejectedByCode: {},
  warnings: {},
  notes: {},
  byInput: [],
});

export function count(counts: Counts, code: string, times = 1): void {
  counts[code] = (counts[code] ?? 0) + times;
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}
