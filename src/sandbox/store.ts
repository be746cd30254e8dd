import { readsAsTime } from './times.js';
import { traceShape, type TraceShape } from './trace-shape.js';
import type { IngestSpan } from './validate.js';

interface SandboxTotals {
  spans: number;
  traces: number;
  /** Ingest requests that were accepted. */
  requests: number;
  /** Spans that arrived again under the same trace and span id; the later one replaced the earlier. */
  repeated: number;
  /** Times that the server would have stored as null, because it cannot read them. */
  null_times: number;
}

/** The documented body of a 2xx answer. */
interface IngestAnswer {
  status: 'ok';
  ingested_spans: number;
  created_traces: number;
  trace_ids: string[];
  errors: string[];
}

/**
 * What the sandbox was sent, by trace and span id. It is all held in memory: a sandbox is for rehearsals, and grows
 * with what it is sent.
 */
export class SandboxStore {
  private readonly byTrace = new Map<string, Map<string, IngestSpan>>();
  private spanCount = 0;
  private requestCount = 0;
  private repeatedCount = 0;
  private nullTimeCount = 0;

  ingest(spans: readonly IngestSpan[]): IngestAnswer {
    const tracesBefore = this.byTrace.size;
    for (const span of spans.map(stored)) this.put(span);
    this.requestCount += 1;
    return {
      status: 'ok',
      ingested_spans: spans.length,
      created_traces: this.byTrace.size - tracesBefore,
      trace_ids: [...new Set(spans.map((span) => span.trace_unique_id))],
      errors: [],
    };
  }

  private put(span: IngestSpan): void {
    let trace = this.byTrace.get(span.trace_unique_id);
    if (trace === undefined) {
      trace = new Map();
      this.byTrace.set(span.trace_unique_id, trace);
    }
    if (trace.has(span.span_unique_id)) this.repeatedCount += 1;
    else this.spanCount += 1;
    trace.set(span.span_unique_id, span);
    for (const time of [span['start_time'], span['timestamp']]) {
      if (typeof time === 'string' && !readsAsTime(time)) this.nullTimeCount += 1;
    }
  }

  /** The spans of one trace in order of first arrival; undefined for a trace that never came. */
  trace(id: string): IngestSpan[] | undefined {
    const trace = this.byTrace.get(id);
    return trace && [...trace.values()];
  }

  /** Every trace's shape, in order of first arrival. */
  shapes(): ({ trace_unique_id: string } & TraceShape)[] {
    return Array.from(this.byTrace, ([id, spans]) => ({ trace_unique_id: id, ...traceShape(id, spans) }));
  }

  totals(): SandboxTotals {
    return {
      spans: this.spanCount,
      traces: this.byTrace.size,
      requests: this.requestCount,
      repeated: this.repeatedCount,
      null_times: this.nullTimeCount,
    };
  }
}

/** `input` becomes text on the way in, and its null the word "None", which is why the importer leaves nulls out. */
function stored(span: IngestSpan): IngestSpan {
  const input = span['input'];
  if (input === undefined || typeof input === 'string') return span;
  return { ...span, input: inputText(input) };
}

function inputText(input: unknown): string {
  if (input === null) return 'None';
  if (input === true) return 'True';
  if (input === false) return 'False';
  return JSON.stringify(input);
}
