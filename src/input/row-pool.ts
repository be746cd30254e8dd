import type { Problem, Row } from './row.js';

/**
 * Row objects that are used again for every block. A row a time, made anew, would live until its block is done: long
 * enough for the collector to move it to the old generation, where millions of dead rows keep the heap large.
 */
export class RowPool {
  /** The rows of the block at hand are the first `length` ones. */
  readonly rows: Row[] = [];
  length = 0;

  clear(): void {
    this.length = 0;
  }

  add(line: number, offset: number, start: number, end: number, problem: Problem | undefined): Row {
    const known = this.rows[this.length];
    this.length += 1;
    if (known === undefined) {
      const row: Row = { line, offset, start, end, value: undefined, problem, digest: undefined };
      this.rows.push(row);
      return row;
    }
    known.line = line;
    known.offset = offset;
    known.start = start;
    known.end = end;
    known.problem = problem;
    return known;
  }
}
