import { parseSpan } from '../span/parse-span.js';
import type { Span } from '../span/span.js';
import { tracePart, wholeTrace } from '../targets/trace-part.js';
import type { FoundSpan, Inquiry, TracePart, TraceProtocol } from '../targets/trace-protocol.js';
import { parentsBeside } from '../trace/parents-beside.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { BatchBodyBuilder } from './batch-body.js';
import { halve, partOf, type Batch, type FrameBytes } from './batches.js';
import type { Prepared, Requests } from './requests.js';
import type { TraceStates } from './trace-states.js';
import { WholeTraces } from './whole-traces.js';

interface Parts {
  index: TraceIndex;
  bodies: Pick<BatchBodyBuilder, 'buildSpan'>;
  states: TraceStates;
  protocol: TraceProtocol;
  endpoint: string;
  frame: FrameBytes;
  /** Of a span in a request's body. */
  sizeOf: (span: number) => number;
}

/** A trace in one request; what comes later of it, span by span. */
export class TraceRequests implements Requests {
  private readonly wholes: WholeTraces;

  constructor(private readonly parts: Parts) {
    this.wholes = new WholeTraces(parts.index, (span) => this.read(span));
  }

  prepare(batch: Batch): Prepared {
    const { states, protocol, endpoint } = this.parts;
    const state = states.get(batch.spans[0]!);
    if (state === 'lost') return { kind: 'hopeless' };
    if (state === 'absent') {
      const part = this.partOf(batch);
      const request = protocol.create(endpoint, part);
      if (request.body.length > protocol.mostBytes && batch.spans.length > 1)
        return { kind: 'pieces', pieces: this.fitting(batch, request.body.length) };
      return { kind: 'request', request, ask: 'never', mayRepeat: false };
    }
    if (batch.spans.length > 1) return { kind: 'pieces', pieces: this.singles(batch, batch.spans) };
    return {
      kind: 'request',
      request: protocol.append(endpoint, this.partOf(batch)),
      ask: state === 'found' ? 'at first' : 'after a lost reply',
      mayRepeat: true,
    };
  }

  split(batch: Batch): Batch[] {
    const { states, sizeOf, frame } = this.parts;
    const isThere = states.get(batch.spans[0]!) !== 'absent';
    return isThere ? this.singles(batch, batch.spans) : halve(batch, sizeOf, frame);
  }

  find(spans: readonly number[]): Inquiry<readonly FoundSpan[] | undefined> {
    const { protocol, endpoint } = this.parts;
    return protocol.find(endpoint, this.partOf({ spans }));
  }

  /** The body has them in the destination's own shape. */
  finder(): (span: number) => Buffer {
    return (span) => this.parts.bodies.buildSpan(span);
  }

  recycle(): void {}

  /** The spans as they would be sent now, with the parents that they may name. */
  partOf({ spans, trace }: Pick<Batch, 'spans' | 'trace'>): TracePart {
    const { index, states } = this.parts;
    const parents = parentsBeside(index, spans, (parent) => states.isRefused(parent));
    const read = spans.map((span) => this.read(span));
    // Of a trace that no run has begun, all spans are among those to send.
    const isWhole = states.get(spans[0]!) === 'absent' && spans.length === trace?.length;
    const whole = isWhole ? wholeTrace(index, spans, read) : this.wholes.of(spans[0]!);
    return tracePart(
      whole,
      spans,
      read,
      parents.map((span) => this.read(span)),
    );
  }

  /** As many spans as fit with the trace, by the size that all of them took; the others by themselves. */
  private fitting(batch: Batch, bytes: number): Batch[] {
    const { sizeOf, frame, protocol } = this.parts;
    const growth = Math.max(1, bytes / batch.bytes);
    let room = protocol.mostBytes - frame.around * growth;
    let count = 0;
    for (const span of batch.spans) {
      room -= (sizeOf(span) + frame.between) * growth;
      if (room < 0) break;
      count += 1;
    }
    const first = Math.min(Math.max(1, count), batch.spans.length - 1);
    return [
      partOf(batch, batch.spans.slice(0, first), sizeOf, frame),
      ...this.singles(batch, batch.spans.slice(first)),
    ];
  }

  private singles(batch: Batch, spans: readonly number[]): Batch[] {
    const { sizeOf, frame } = this.parts;
    return spans.map((span) => partOf(batch, [span], sizeOf, frame));
  }

  private read(span: number): Span {
    return parseSpan(this.parts.bodies.buildSpan(span));
  }
}
