import type { BodyStore } from '../bodies/body-store.js';
import { PieceReader, type Piece } from '../bodies/piece-reader.js';
import type { Target } from '../targets/target.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { Batch } from './batches.js';

/** Bodies kept for reuse; more than are under way at once by default. */
const maximumSpare = 6;
/** Bodies of almost one size shall fit into each other's memory. */
const allocationStep = 512 * 1024;

/**
 * Builds the request's body of a batch. All lengths are known, so every span is copied once, to its final place; spans
 * are fetched in the order in which they lie on the disk, neighbours together.
 */
export class BatchBodyBuilder {
  private readonly spare: Buffer[] = [];
  private readonly reader: PieceReader;
  private readonly open: Buffer;
  private readonly separator: Buffer;
  private readonly close: Buffer;

  constructor(
    private readonly index: TraceIndex,
    private readonly store: BodyStore,
    frame: Target['frame'],
  ) {
    this.reader = new PieceReader(store);
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
    this.reader.fetch(pieces, body);
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
}
