import { segmentTraceId } from '../span/ids.js';
import { integerColumn, numberColumn, type Column } from '../trace/column.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { SpanPlacer } from './place-span.js';
import { definedSpans } from '../trace/defined-spans.js';

/** Ids that are kept at hand. */
const rememberedIds = 1000;

/**
 * The ids of traces that spans moved to. The index holds no ids, so an id is read from the body of a span that is still
 * in the trace of its row, or follows from the conversation that was cut. To be asked before such spans are rewritten.
 */
export class TraceIds {
  private readonly cutFrom = integerColumn();
  private readonly starts = numberColumn();
  private readonly remembered = new Map<number, string>();
  /** For each trace a span that did not leave it, + 1. */
  private stayed: Column<Uint32Array> | undefined;

  constructor(
    private readonly index: TraceIndex,
    private readonly placer: SpanPlacer,
  ) {}

  /** The number of the trace that begins at `start` (microseconds since the epoch) in a conversation that is cut. */
  beginSegment(conversation: number, start: number): number {
    const trace = this.index.internTrace(segmentTraceId(this.idOf(conversation), start));
    this.cutFrom.set(trace, conversation + 1);
    this.starts.set(trace, start);
    return trace;
  }

  /** To be called once no more spans move, and before any are left out. */
  settle(): void {
    this.stayed = this.findStayed();
  }

  idOf(trace: number): string {
    const known = this.remembered.get(trace);
    if (known !== undefined) return known;
    const cutFrom = this.cutFrom.get(trace);
    const id =
      cutFrom === 0 ? this.read(trace) : segmentTraceId(this.idOf(cutFrom - 1), this.starts.get(trace));
    if (this.remembered.size >= rememberedIds) this.remembered.clear();
    this.remembered.set(trace, id);
    return id;
  }

  private read(trace: number): string {
    this.stayed ??= this.findStayed();
    const span = this.stayed.get(trace) - 1;
    if (span < 0) throw new Error(`no span is left in trace ${trace}`);
    return this.placer.planned(span).trace_unique_id;
  }

  private findStayed(): Column<Uint32Array> {
    const stayed = integerColumn();
    for (const span of definedSpans(this.index)) {
      if (!this.index.memberships.isMoved(span)) stayed.set(this.index.traceOf(span), span + 1);
    }
    return stayed;
  }
}
