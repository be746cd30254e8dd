import type { Span } from '../span/span.js';
import { wholeTrace, type WholeTrace } from '../targets/trace-part.js';
import { TraceMembers } from '../trace/members-by-trace.js';
import { parentsFirst } from '../trace/order.js';
import type { TraceIndex } from '../trace/trace-index.js';

/** Traces that are remembered: as many as may be under way at once. */
const remembered = 64;

/** What the parts of a trace must know of the whole, spans that earlier runs have sent included. */
export class WholeTraces {
  private readonly recent = new Map<number, WholeTrace>();
  private members: TraceMembers | undefined;

  constructor(
    private readonly index: TraceIndex,
    private readonly read: (span: number) => Span,
  ) {}

  /** Of the trace that the span is in. */
  of(span: number): WholeTrace {
    const trace = this.index.traceOf(span);
    const whole = this.recent.get(trace) ?? this.find(trace);
    this.recent.set(trace, whole);
    const [oldest] = this.recent.keys();
    if (this.recent.size > remembered && oldest !== undefined) this.recent.delete(oldest);
    return whole;
  }

  private find(trace: number): WholeTrace {
    this.members ??= new TraceMembers(this.index);
    const spans = parentsFirst(this.index, Array.from(this.members.of(trace)));
    return wholeTrace(this.index, spans, this.readEach(spans));
  }

  private *readEach(spans: readonly number[]): Generator<Span> {
    for (const span of spans) yield this.read(span);
  }
}
