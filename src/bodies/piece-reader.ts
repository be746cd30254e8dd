import type { BodyLocation } from '../trace/body-columns.js';
import type { BodyStore } from './body-store.js';

/** Bytes between two wanted rows that are cheaper to read along than to skip with a second read. */
const maximumGap = 16 * 1024;
/** Longest stretch that is read at once. */
const maximumStretch = 1024 * 1024;

/** A span and where it is wanted. */
export interface Piece {
  location: BodyLocation;
  at: number;
}

/** Brings back many spans at once: in the order in which they lie on the disk, neighbours together. */
export class PieceReader {
  private readonly scratch = Buffer.allocUnsafe(maximumStretch);

  constructor(private readonly store: BodyStore) {}

  /** Fills the target, and sorts the pieces. Throws `input_changed` where a row is no longer what was planned. */
  fetch(pieces: Piece[], target: Buffer): void {
    pieces.sort((left, right) =>
      left.location.kind === right.location.kind
        ? left.location.offset - right.location.offset
        : left.location.kind < right.location.kind
          ? -1
          : 1,
    );
    for (let first = 0; first < pieces.length;) {
      let last = first;
      while (last + 1 < pieces.length && joins(pieces[first]!, pieces[last]!, pieces[last + 1]!)) last += 1;
      this.fetchStretch(pieces.slice(first, last + 1), target);
      first = last + 1;
    }
  }

  private fetchStretch(pieces: readonly Piece[], target: Buffer): void {
    const { location: start } = pieces[0]!;
    const { location: end } = pieces.at(-1)!;
    const length = end.offset + end.length - start.offset;
    if (pieces.length === 1) {
      this.store.readRange(start.kind, target, pieces[0]!.at, length, start.offset);
    } else {
      this.store.readRange(start.kind, this.scratch, 0, length, start.offset);
    }
    for (const { location, at } of pieces) {
      if (pieces.length > 1) {
        const from = location.offset - start.offset;
        this.scratch.copy(target, at, from, from + location.length);
      }
      this.store.verify(location, target.subarray(at, at + location.length));
    }
  }
}

function joins(first: Piece, last: Piece, next: Piece): boolean {
  return (
    next.location.kind === first.location.kind &&
    next.location.offset - (last.location.offset + last.location.length) <= maximumGap &&
    next.location.offset + next.location.length - first.location.offset <= maximumStretch
  );
}
