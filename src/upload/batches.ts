/** A run of spans that is sent as one request. */
export interface Batch {
  /** Numbers of the spans, in the order in which they are sent. */
  spans: readonly number[];
  /** Size of the request's body. */
  bytes: number;
  /**
   * Set where the batch continues a trace that was cut: the batch with the trace's first spans, its root among them,
   * must be acknowledged before this one is sent.
   */
  after: Batch | undefined;
}

export interface BatchLimits {
  spans: number;
  /** Of the body, frame included. A single span that is larger travels alone. */
  bytes: number;
}

/** Bytes that a target puts around and between spans. */
export interface FrameBytes {
  around: number;
  between: number;
}

export function frameBytes(frame: { open: string; separator: string; close: string }): FrameBytes {
  return {
    around: Buffer.byteLength(frame.open) + Buffer.byteLength(frame.close),
    between: Buffer.byteLength(frame.separator),
  };
}

/**
 * Packs traces into batches. A trace stays together where it fits into an empty batch; a larger one is cut, and its
 * further pieces wait for the first. Limits are asked for at every span, because an answer may lower them on the way.
 */
export function* packBatches(
  traces: Iterable<readonly number[]>,
  lengthOf: (span: number) => number,
  frame: FrameBytes,
  limits: () => BatchLimits,
): Generator<Batch> {
  let spans: number[] = [];
  let bytes = frame.around;
  const fits = (count: number, length: number): boolean =>
    spans.length + count <= limits().spans && bytes + length <= limits().bytes;
  const close = (after: Batch | undefined): Batch => {
    const batch: Batch = { spans, bytes, after };
    spans = [];
    bytes = frame.around;
    return batch;
  };
  const add = (span: number): void => {
    bytes += lengthOf(span) + (spans.length > 0 ? frame.between : 0);
    spans.push(span);
  };

  for (const trace of traces) {
    if (trace.length === 0) continue;
    const length = trace.reduce((sum, span) => sum + lengthOf(span) + frame.between, 0);
    if (!fits(trace.length, length) && spans.length > 0) yield close(undefined);
    let first: Batch | undefined;
    for (const span of trace) {
      if (spans.length > 0 && !fits(1, lengthOf(span) + frame.between)) {
        const batch = close(first);
        first ??= batch;
        yield batch;
      }
      add(span);
    }
    // The last piece of a cut trace goes by itself: what follows it must not wait for the first piece.
    if (first !== undefined) yield close(first);
  }
  if (spans.length > 0) yield close(undefined);
}

/** Splits a batch in two, in order; for a batch that was refused as a whole. */
export function halve(batch: Batch, lengthOf: (span: number) => number, frame: FrameBytes): [Batch, Batch] {
  const middle = Math.ceil(batch.spans.length / 2);
  const part = (spans: readonly number[]): Batch => ({
    spans,
    bytes: spans.reduce(
      (sum, span) => sum + lengthOf(span),
      frame.around + frame.between * (spans.length - 1),
    ),
    after: batch.after,
  });
  return [part(batch.spans.slice(0, middle)), part(batch.spans.slice(middle))];
}
