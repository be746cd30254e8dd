import type { BodyLocation } from '../trace/body-columns.js';
import type { BodyStore } from './body-store.js';
import type { Pieces } from './pieces.js';

/** Bytes between two wanted spans that are cheaper to read along than to skip with a second read. */
const maximumGap = 16 * 1024;
/** Longest stretch that is read at once. */
const maximumStretch = 1024 * 1024;
/** Stretches that are kept: the rows of traces that run side by side lie between each other's. */
const recentStretches = 8;

interface Stretch {
  kind: BodyLocation['kind'];
  offset: number;
  length: number;
  bytes: Buffer;
}

/**
 * Brings the bytes of planned spans back, in the order in which they lie on the disk and neighbours together. What was
 * read along with the wanted spans serves the next call.
 */
export class PieceReader {
  private readonly recent: Stretch[] = [];
  private oldest = 0;

  constructor(private readonly store: BodyStore) {}

  /** Fills the target. Throws `input_changed` where a row is no longer what was planned. */
  fetch(pieces: Pieces, target: Buffer): void {
    this.bring(pieces, target);
    this.verify(pieces, target);
  }

  /** Throws `input_changed` where the target does not hold the bytes that were planned. */
  verify(pieces: Pieces, target: Buffer): void {
    for (let piece = 0; piece < pieces.count; piece++) {
      const from = pieces.place(piece);
      const planned = {
        kind: pieces.kind(piece),
        offset: pieces.offset(piece),
        checksum: pieces.checksum(piece),
      };
      this.store.verify(planned, target.subarray(from, from + pieces.length(piece)));
    }
  }

  /** Fills the target with what stands in the places of the pieces now. */
  bring(pieces: Pieces, target: Buffer): void {
    const order = pieces.inOrder();
    for (let next = 0; next < order.length;) {
      const first = order[next]!;
      const stretch = this.recentWith(pieces, first);
      if (stretch !== undefined) {
        copy(stretch, pieces, first, target);
        next += 1;
        continue;
      }
      let end = next + 1;
      while (end < order.length && joins(pieces, first, order[end - 1]!, order[end]!)) end += 1;
      if (end === next + 1) this.readAlone(pieces, first, target);
      else {
        const read = this.read(pieces, first, order[end - 1]!);
        for (let position = next; position < end; position++) copy(read, pieces, order[position]!, target);
      }
      next = end;
    }
  }

  private recentWith(pieces: Pieces, piece: number): Stretch | undefined {
    const kind = pieces.kind(piece);
    const offset = pieces.offset(piece);
    const end = offset + pieces.length(piece);
    for (const stretch of this.recent) {
      const isInside = stretch.offset <= offset && end <= stretch.offset + stretch.length;
      if (isInside && stretch.kind === kind) return stretch;
    }
    return undefined;
  }

  private readAlone(pieces: Pieces, piece: number, target: Buffer): void {
    const length = pieces.length(piece);
    this.store.readRange(pieces.kind(piece), target, pieces.place(piece), length, pieces.offset(piece));
  }

  private read(pieces: Pieces, first: number, last: number): Stretch {
    const kind = pieces.kind(first);
    const offset = pieces.offset(first);
    const length = pieces.offset(last) + pieces.length(last) - offset;
    const bytes = this.recent[this.oldest]?.bytes ?? Buffer.allocUnsafeSlow(maximumStretch);
    this.store.readRange(kind, bytes, 0, length, offset);
    const stretch = { kind, offset, length, bytes };
    this.recent[this.oldest] = stretch;
    this.oldest = (this.oldest + 1) % recentStretches;
    return stretch;
  }
}

function copy(stretch: Stretch, pieces: Pieces, piece: number, target: Buffer): void {
  const from = pieces.offset(piece) - stretch.offset;
  stretch.bytes.copy(target, pieces.place(piece), from, from + pieces.length(piece));
}

function joins(pieces: Pieces, first: number, last: number, next: number): boolean {
  const offset = pieces.offset(next);
  return (
    pieces.kind(next) === pieces.kind(first) &&
    offset - (pieces.offset(last) + pieces.length(last)) <= maximumGap &&
    offset + pieces.length(next) - pieces.offset(first) <= maximumStretch
  );
}
