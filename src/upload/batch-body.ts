import { crc32 } from 'node:zlib';

import type { BodyStore } from '../bodies/body-store.js';
import { joinChecksums } from '../bodies/join-checksums.js';
import { PieceReader } from '../bodies/piece-reader.js';
import { Pieces } from '../bodies/pieces.js';
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
  private readonly pieces = new Pieces();
  private readonly open: FramePart;
  private readonly separator: FramePart;
  private readonly close: FramePart;

  constructor(
    private readonly index: TraceIndex,
    private readonly store: BodyStore,
    frame: Target['frame'],
  ) {
    this.reader = new PieceReader(store);
    this.open = framePart(frame.open);
    this.separator = framePart(frame.separator);
    this.close = framePart(frame.close);
  }

  /** Throws `input_changed` where a row is no longer what was planned. */
  build(batch: Batch): Buffer {
    const { open, separator, close, pieces } = this;
    const body = this.take(batch.bytes);
    pieces.clear();
    put(open.bytes, body, 0);
    let at = open.bytes.length;
    let checksum = open.checksum;
    for (const span of batch.spans) {
      if (pieces.count > 0) {
        put(separator.bytes, body, at);
        at += separator.bytes.length;
        checksum = joinChecksums(checksum, separator.checksum, separator.bytes.length);
      }
      const location = this.index.location(span);
      pieces.add(location, at);
      at += location.length;
      checksum = joinChecksums(checksum, location.checksum, location.length);
    }
    put(close.bytes, body, at);
    at += close.bytes.length;
    checksum = joinChecksums(checksum, close.checksum, close.bytes.length);
    if (at !== body.length) throw new Error(`a batch of ${body.length} bytes was filled with ${at}`);
    this.reader.bring(pieces, body);
    // All spans in one call, which costs more than what it does for a small one.
    if (crc32(body) !== checksum) {
      this.reader.verify(pieces, body);
      throw new Error('the checksum of a body is not that of its spans');
    }
    return body;
  }

  /** Finds the bytes of spans in the body that was built of their batch; to be asked in its order. */
  finder(body: Buffer, { spans }: Batch): (span: number) => Buffer {
    let position = 0;
    let at = this.open.bytes.length;
    return (wanted) => {
      for (; position < spans.length; position++) {
        const length = this.index.lengthOf(spans[position]!);
        if (spans[position] === wanted) return body.subarray(at, at + length);
        at += length + this.separator.bytes.length;
      }
      throw new Error('a span was looked for that is not in the batch, or before the one asked for last');
    };
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

/** What stands around or between spans. */
interface FramePart {
  bytes: Buffer;
  checksum: number;
}

function framePart(text: string): FramePart {
  const bytes = Buffer.from(text);
  return { bytes, checksum: crc32(bytes) };
}

/** Some bytes only: fewer than a call is worth. */
function put(bytes: Buffer, target: Buffer, at: number): void {
  for (let position = 0; position < bytes.length; position++) target[at + position] = bytes[position]!;
}
