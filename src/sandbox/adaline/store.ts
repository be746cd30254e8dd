/** The fields of a trace that the server itself looks at. */
export interface TraceFields {
  startedAt: number;
  endedAt?: number;
  name: string;
  status: string;
  referenceId?: string;
  sessionId?: string;
  attributes?: Record<string, unknown>;
  tags?: readonly string[];
}

export interface SpanFields {
  startedAt: number;
  endedAt: number;
  name: string;
  status: string;
  content: Record<string, unknown>;
  referenceId?: string;
  parentReferenceId?: string;
  traceId?: string;
  traceReferenceId?: string;
  sessionId?: string;
  promptId?: string;
  attributes?: Record<string, unknown>;
  tags?: readonly string[];
  events?: readonly unknown[];
}

export interface StoredTrace {
  id: string;
  projectId: string;
  fields: TraceFields;
  spans: StoredSpan[];
}

export interface StoredSpan {
  id: string;
  trace: StoredTrace;
  fields: SpanFields;
}

/** What a search asks for. */
type Wanted = Readonly<Record<string, unknown>>;

interface Totals {
  traces: number;
  spans: number;
  /** Spans of one reference id that came to one trace more than once. Nothing documented keeps a server from that. */
  repeated: number;
}

/** What came to Adaline's addresses, held in memory. */
export class AdalineStore {
  private readonly traces: StoredTrace[] = [];
  private readonly spans: StoredSpan[] = [];
  /** Of all traces, by their reference ids. */
  private readonly spansByReference = new Map<string, StoredSpan[]>();
  private readonly byReference = new Map<string, StoredTrace>();
  private readonly byId = new Map<string, StoredTrace>();
  private repeated = 0;

  /** The trace that a span or a second request means. */
  find(projectId: string, by: { id?: string; referenceId?: string }): StoredTrace | undefined {
    const { id, referenceId } = by;
    const trace = id === undefined ? this.byReference.get(`${projectId}\n${referenceId}`) : this.byId.get(id);
    return trace?.projectId === projectId ? trace : undefined;
  }

  addTrace(projectId: string, fields: TraceFields): StoredTrace {
    const trace = { id: idOf('trace', this.traces.length), projectId, fields, spans: [] };
    this.traces.push(trace);
    this.byId.set(trace.id, trace);
    if (fields.referenceId !== undefined) this.byReference.set(`${projectId}\n${fields.referenceId}`, trace);
    return trace;
  }

  addSpan(trace: StoredTrace, fields: SpanFields): StoredSpan {
    const span = { id: idOf('span', this.spans.length), trace, fields };
    this.spans.push(span);
    trace.spans.push(span);
    const { referenceId } = fields;
    if (referenceId === undefined) return span;
    const same = this.spansByReference.get(referenceId);
    if (same?.some((other) => other.trace === trace) === true) this.repeated += 1;
    if (same === undefined) this.spansByReference.set(referenceId, [span]);
    else same.push(span);
    return span;
  }

  /** Of a project, and of a reference id where one is wanted. */
  tracesOf({ projectId, referenceId }: Wanted): StoredTrace[] {
    if (typeof referenceId !== 'string') return this.traces.filter((trace) => trace.projectId === projectId);
    const found = this.find(String(projectId), { referenceId });
    return found === undefined ? [] : [found];
  }

  spansOf({ projectId, referenceId }: Wanted): StoredSpan[] {
    const spans = typeof referenceId === 'string' ? this.spansByReference.get(referenceId) : this.spans;
    return (spans ?? []).filter(({ trace }) => trace.projectId === projectId);
  }

  totals(): Totals {
    return { traces: this.traces.length, spans: this.spans.length, repeated: this.repeated };
  }
}

/** Of the documented length, 20 to 80 characters. */
function idOf(kind: string, number: number): string {
  return `${kind}_${String(number).padStart(24, '0')}`;
}
