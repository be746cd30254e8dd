/** A run of spans that is sent as one request. */
export interface Batch {
  /** Numbers of the spans, in the order in which they are sent. */
  spans: readonly number[];
  /** Size of the request's body. */
  bytes: number;
  /**
   * Set where the batch continues a trace that was cut: this one, with the trace's first spans, its root among them, or
   * where traces travel apart the piece before, must be acknowledged first.
   */
  after: Batch | undefined;
  /** Where traces travel apart: all spans of the trace that are sent, in order. */
  trace?: readonly number[] | undefined;
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
 *
 * @param sharing whether traces may share a batch; of one that travels `apart`, the pieces go one after another
 */
export function* packBatches(
  traces: Iterable<readonly number[]>,
  lengthOf: (span: number) => number,
  frame: FrameBytes,
  limits: () => BatchLimits,
  sharing: 'together' | 'apart' = 'together',
): Generator<Batch> {
  let spans: number[] = [];
  let bytes = frame.around;
  const fits = (count: number, length: number): boolean =>
    spans.length + count <= limits().spans && bytes + length <= limits().bytes;
  const close = (after: Batch | undefined, trace?: readonly number[]): Batch => {
    const batch: Batch = { spans, bytes, after, ...(sharing === 'apart' && { trace }) };
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
    let length = 0;
    for (const span of trace) length += lengthOf(span) + frame.between;
    if (!fits(trace.length, length) && spans.length > 0) yield close(undefined);
    if (sharing === 'together' && fits(trace.length, length)) {
      bytes += spans.length > 0 ? length : length - frame.between;
      for (const span of trace) spans.push(span);
      continue;
    }
    let first: Batch | undefined;
    for (const span of trace) {
      if (spans.length > 0 && !fits(1, lengthOf(span) + frame.between)) {
        const batch = close(first, trace);
        first = sharing === 'apart' ? batch : (first ?? batch);
        yield batch;
      }
      add(span);
    }
    // The last piece of a cut trace goes by itself: what follows it must not wait for the first piece.
    if (first !== undefined || sharing === 'apart') yield close(first, trace);
  }
  if (spans.length > 0) yield close(undefined);
}

/** Splits a batch in two, in order; for a batch that was refused as a whole. */
export function halve(batch: Batch, lengthOf: (span: number) => number, frame: FrameBytes): [Batch, Batch] {
  const middle = Math.ceil(batch.spans.length / 2);
  const { spans } = batch;
  return [
    partOf(batch, spans.slice(0, middle), lengthOf, frame),
    partOf(batch, spans.slice(middle), lengthOf, frame),
  ];
}

/** Some spans of a batch as a batch of their own. */
export function partOf(
  batch: Batch,
  spans: readonly number[],
  lengthOf: (span: number) => number,
  frame: FrameBytes,
): Batch {
  const between = frame.between * (spans.length - 1);
  return {
    ...batch,
    spans,
    bytes: spans.reduce((sum, span) => sum + lengthOf(span), frame.around + between),
  };
}
