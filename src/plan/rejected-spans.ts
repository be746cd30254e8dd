import type { BodyStore } from '../bodies/body-store.js';
import type { Problem } from '../input/row.js';
import { encodeWhole } from '../span/encode.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { pauses } from './interruptible.js';
import type { Planner } from './planner.js';
import { ProblemColumn } from './problem-column.js';

/** The spans that the lint rejects. */
export class RejectedSpans {
  private readonly problems = new ProblemColumn();
  private empty = true;

  constructor(private readonly index: TraceIndex) {}

  has(span: number): boolean {
    return this.problems.get(span) !== undefined;
  }

  /** The span stays in the index until `takeOut`. */
  add(span: number, problem: Problem): void {
    this.problems.add(span, problem);
    this.empty = false;
  }

  takeOut(): void {
    for (const { span } of this.all()) this.index.remove(span);
  }

  *all(): Generator<{ span: number; problem: Problem }> {
    for (let span = 0; !this.empty && span < this.index.mentioned; span++) {
      const problem = this.problems.get(span);
      if (problem !== undefined) yield { span, problem };
    }
  }
}

/**
 * Books the rows of the rejected spans as rejected, each once, whatever else it gave: its good spans stay in the plan.
 * Rows are told as they stand in their input; where that cannot be read again, their rejected spans are told.
 */
export async function rejectRows(
  index: TraceIndex,
  bodies: BodyStore,
  planner: Planner,
  rejected: RejectedSpans,
  interrupt: AbortSignal,
): Promise<void> {
  const rows = planner.rowsOfSpans;
  if (rows === undefined) return;
  const pause = pauses(interrupt);
  for (const { span, problem } of rejected.all()) {
    if (!rows.mark(span, problem)) continue;
    await pause();
    planner.tellRejected(bodies.placeOf(index, span), bodyOf(index, bodies, planner, span));
  }
  for (const row of rows.marked()) {
    await pause();
    planner.rejectUsed(row);
  }
}

/** The span as it would have been sent, were it not for flags that rewrite all spans. */
function bodyOf(index: TraceIndex, bodies: BodyStore, planner: Planner, span: number): Buffer {
  const location = index.location(span);
  return location.kind === 'derived' ? encodeWhole(planner.placer.planned(span)) : bodies.read(location);
}
