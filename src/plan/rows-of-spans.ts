import type { BodyStore } from '../bodies/body-store.js';
import type { InputFile } from '../input/input-file.js';
import type { Problem } from '../input/row.js';
import { byteColumn, integerColumn, numberColumn } from '../trace/column.js';
import { ProblemColumn } from './problem-column.js';
import type { RowFate } from './rows-by-trace.js';

/** A used row that has to be rejected after all. */
export interface RowToReject {
  input: InputFile;
  line: number;
  offset: number;
  /** Undefined where the row cannot be read again. */
  bytes: Buffer | undefined;
  /** What it was booked as. */
  fate: RowFate;
  problem: Problem;
}

/** Where a row lies, and what its bytes have to be when it is read again. */
export interface PlacedRow {
  line: number;
  /** Byte offset in the running input. */
  offset: number;
  length: number;
  /** CRC-32. */
  checksum: number;
}

/** Fates as numbers; a row that was rejected as it was read is in the rejects already, whatever spans it gave. */
const fates = ['rejected', 'new', 'merged', 'duplicate', 'conflicting'] as const;

/**
 * Which rows made up which span, so that a span can be rejected once all rows are read: 25 bytes a row and 8 for each
 * span that it gave. Kept only where a policy may reject.
 */
export class RowsOfSpans {
  private rows = 0;
  private readonly offsets = numberColumn();
  private readonly lengths = integerColumn();
  private readonly checksums = integerColumn();
  private readonly lines = integerColumn();
  private readonly fates = byteColumn();
  private readonly problems = new ProblemColumn();
  /** For each span the last of its parts + 1; a part is a row and the part before it. */
  private readonly lastParts = integerColumn();
  private readonly rowOfPart = integerColumn();
  private readonly partBefore = integerColumn();
  private parts = 0;

  constructor(private readonly bodies: BodyStore) {}

  add(row: PlacedRow, spans: readonly number[], fate: RowFate | 'rejected'): void {
    if (spans.length === 0) return;
    const number = this.rows++;
    this.offsets.set(number, this.bodies.extents.global(row.offset));
    this.lengths.set(number, row.length);
    this.checksums.set(number, row.checksum);
    this.lines.set(number, row.line);
    this.fates.set(number, fates.indexOf(fate));
    for (const span of spans) {
      this.rowOfPart.set(this.parts, number);
      this.partBefore.set(this.parts, this.lastParts.get(span));
      this.parts += 1;
      this.lastParts.set(span, this.parts);
    }
  }

  /** Marks all rows of the span. True where one of them can neither be read again nor is in the rejects already. */
  mark(span: number, problem: Problem): boolean {
    let lost = false;
    for (let part = this.lastParts.get(span); part !== 0; part = this.partBefore.get(part - 1)) {
      const row = this.rowOfPart.get(part - 1);
      if (this.fates.get(row) === 0) continue;
      lost ||= !this.inputOf(row).rereadable;
      this.problems.add(row, problem);
    }
    return lost;
  }

  /** The rows that were marked since, each once, in the order in which they were read. Throws `input_changed` where one is no longer what it was. */
  *marked(): Generator<RowToReject> {
    for (let row = 0; row < this.rows; row++) {
      const problem = this.problems.get(row);
      const fate = fates[this.fates.get(row)];
      if (problem === undefined || fate === undefined || fate === 'rejected') continue;
      const input = this.inputOf(row);
      const { offset } = this.bodies.extents.resolve(this.offsets.get(row));
      this.fates.set(row, fates.indexOf('rejected'));
      yield {
        input,
        line: this.lines.get(row),
        offset,
        bytes: input.rereadable ? this.read(row) : undefined,
        fate,
        problem,
      };
    }
  }

  private inputOf(row: number): InputFile {
    return this.bodies.inputAt(this.offsets.get(row));
  }

  private read(row: number): Buffer {
    return this.bodies.read({
      kind: 'input',
      offset: this.offsets.get(row),
      length: this.lengths.get(row),
      checksum: this.checksums.get(row),
      rowLength: 0,
    });
  }
}
