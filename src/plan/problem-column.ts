import type { Problem } from '../input/row.js';
import { byteColumn } from '../trace/column.js';

/** Problems of rows or spans by their number, in a byte each; of at most 255 kinds. */
export class ProblemColumn {
  private readonly kinds: Problem[] = [];
  /** Position among the kinds + 1. */
  private readonly positions = byteColumn();

  get(number: number): Problem | undefined {
    return this.kinds[this.positions.get(number) - 1];
  }

  /** The first problem stays. */
  add(number: number, problem: Problem): void {
    if (this.positions.get(number) !== 0) return;
    if (!this.kinds.includes(problem)) this.kinds.push(problem);
    this.positions.set(number, this.kinds.indexOf(problem) + 1);
  }
}
