import type { FoundSpan, Inquiry, TargetRequest } from '../targets/trace-protocol.js';
import type { BatchBodyBuilder } from './batch-body.js';
import { halve, type Batch, type FrameBytes } from './batches.js';

/** How a batch travels. */
export type Prepared =
  | PreparedRequest
  /** Not as one request: as these batches, one after another. */
  | { kind: 'pieces'; pieces: Batch[] }
  /** Not at all: what must be at the destination before it is not. */
  | { kind: 'hopeless' };

export interface PreparedRequest {
  kind: 'request';
  request: TargetRequest;
  /** When the destination is asked whether it holds the spans, before they are sent. */
  ask: 'never' | 'after a lost reply' | 'at first';
  /** Sent again, the spans would be stored again. */
  mayRepeat: boolean;
}

/** Makes requests of batches. */
export interface Requests {
  /** Throws `input_changed` where a row is no longer what was planned. */
  prepare(batch: Batch): Prepared;
  /** Smaller batches in place of one that was refused as a whole. */
  split(batch: Batch): Batch[];
  /**
   * Asks what the destination holds of spans of one trace, each in turn; undefined where it has no such trace. Left out
   * where spans that are sent again take the place of the earlier ones.
   */
  find?(spans: readonly number[]): Inquiry<readonly FoundSpan[] | undefined>;
  /** Finds the bytes of spans of a batch whose request has this body; to be asked in the batch's order. */
  finder(batch: Batch, body: Buffer): (span: number) => Buffer;
  /** Gives the body back of a request that was answered in full. */
  recycle(body: Buffer): void;
}

/** Spans of any traces in one request, as the bytes that the plan has for them. */
export class FramedRequests implements Requests {
  constructor(
    private readonly bodies: BatchBodyBuilder,
    private readonly endpoint: string,
    private readonly frame: FrameBytes,
    private readonly sizeOf: (span: number) => number,
  ) {}

  prepare(batch: Batch): Prepared {
    const request = { url: this.endpoint, body: this.bodies.build(batch) };
    return { kind: 'request', request, ask: 'never', mayRepeat: true };
  }

  split(batch: Batch): Batch[] {
    return halve(batch, this.sizeOf, this.frame);
  }

  finder(batch: Batch, body: Buffer): (span: number) => Buffer {
    return this.bodies.finder(body, batch);
  }

  recycle(body: Buffer): void {
    this.bodies.recycle(body);
  }
}
