import type { BodyStore } from '../bodies/body-store.js';
import type { Target } from '../targets/target.js';
import type { BodyLocation } from '../trace/body-columns.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { Batch } from './batches.js';

/** Bytes between two wanted rows that are cheaper to read along than to skip with a second read. */
const maximumGap = 16 * 1024;
/** Longest stretch that is read at once. */
const maximumStretch = 1024 * 1024;

/** Bodies kept for reuse; more than are under way at once by default. */
const maximumSpare = 6;
/** Bodies of almost one size shall fit into each other's memory. */
const allocationStep = 512 * 1024;

interface Piece {
  location: BodyLocation;
  /** Where the span stands in the request's body. */
  at: number;
}

/**
 * Builds the request's body of a batch. All lengths are known, so every span is copied once, to its final place; spans
 * are fetched in the order in which they lie on the disk, neighbours together.
 */
export class BatchBodyBuilder {
  private readonly spare: Buffer[] = [];
  private readonly scratch = Buffer.allocUnsafe(maximumStretch);
  private readonly open: Buffer;
  private readonly separator: Buffer;
  private readonly close: Buffer;

  constructor(
    private readonly index: TraceIndex,
    private readonly store: BodyStore,
    frame: Target['frame'],
  ) {
    this.open = Buffer.from(frame.open);
    this.separator = Buffer.from(frame.separator);
    this.close = Buffer.from(frame.close);
  }

  /** Throws `input_changed` where a row is no longer what was planned. */
  build(batch: Batch): Buffer {
    const body = this.take(batch.bytes);
    const pieces: Piece[] = [];
    let at = this.open.copy(body, 0);
    batch.spans.forEach((span, position) => {
      if (position > 0) at += this.separator.copy(body, at);
      const location = this.index.location(span);
      pieces.push({ location, at });
      at += location.length;
    });
    at += this.close.copy(body, at);
    if (at !== body.length) throw new Error(`a batch of ${body.length} bytes was filled with ${at}`);
    this.fetch(pieces, body);
    return body;
  }

  /** Gives a body back whose request was answered in full, so that the next batch is built in the same memory. */
  recycle(body: Buffer): void {
    if (this.spare.length < maximumSpare) this.spare.push(Buffer.from(body.buffer));
  }

  private take(bytes: number): Buffer {
    const fitting = this.spare.findIndex((buffer) => buffer.length >= bytes);
    if (fitting >= 0) return this.spare.splice(fitting, 1)[0]!.subarray(0, bytes);
    // One that is too small would never be taken again.
    this.spare.pop();
    return Buffer.allocUnsafeSlow(Math.ceil(bytes / allocationStep) * allocationStep).subarray(0, bytes);
  }

  /** The bytes of one span, as they are sent. */
  buildSpan(span: number): Buffer {
    return this.store.read(this.index.location(span));
  }

  private fetch(pieces: Piece[], body: Buffer): void {
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
      this.fetchStretch(pieces.slice(first, last + 1), body);
      first = last + 1;
    }
  }

  private fetchStretch(pieces: readonly Piece[], body: Buffer): void {
    const { location: start } = pieces[0]!;
    const { location: end } = pieces.at(-1)!;
    const length = end.offset + end.length - start.offset;
    if (pieces.length === 1) {
      this.store.readRange(start.kind, body, pieces[0]!.at, length, start.offset);
    } else {
      this.store.readRange(start.kind, this.scratch, 0, length, start.offset);
    }
    for (const { location, at } of pieces) {
      if (pieces.length > 1) {
        const from = location.offset - start.offset;
        this.scratch.copy(body, at, from, from + location.length);
      }
      this.store.verify(location, body.subarray(at, at + location.length));
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
