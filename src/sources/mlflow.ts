import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { badField, DraftWriter, notASpan } from './draft-writer.js';
import { decodedJson, mapMlflowSpan, mlflowAttributes } from './mlflow-span.js';
import { readContainer } from './python-repr.js';
import { telling, recogniser } from './recognisers/mlflow.js';
import type { Mapped, Source } from './source.js';

interface Trace {
  spans: unknown;
  /** What the trace says beside its spans. */
  facts: Record<string, unknown>;
}

/** A row is a row of `search_traces`, a trace as `{info, data}`, the artifact `{spans}`, or one span. */
function readTrace(row: Record<string, unknown>): Trace | undefined {
  const { spans, ...columns } = row;
  if (!isAbsent(spans)) {
    const { trace: _, ...facts } = columns;
    return { spans: readContainer(spans), facts };
  }
  const info = readContainer(row['info']);
  const data = readContainer(row['data']);
  if (isObject(info) && isObject(data)) {
    const { info: _, data: __, ...rest } = row;
    const { spans: inner, ...others } = data;
    return { spans: inner ?? [], facts: { ...rest, ...others, ...info } };
  }
  const whole = readContainer(row['trace']);
  if (isObject(whole)) {
    const { trace: _, ...rest } = row;
    const trace = readTrace(whole);
    return trace === undefined ? undefined : { spans: trace.spans, facts: { ...trace.facts, ...rest } };
  }
  return telling.some((name) => name in row) ? { spans: [], facts: columns } : undefined;
}

/** Spans take their trace's id from it; the facts of a trace are told by its root. */
function mapTrace({ spans, facts }: Trace): SpanDraft[] | Mapped {
  if (!Array.isArray(spans)) return { kind: 'reject', problem: badField('spans', spans, 'a list of spans') };
  const traceId = facts['trace_id'] ?? facts['request_id'];
  const drafts: SpanDraft[] = [];
  for (const span of spans) {
    if (!isObject(span)) return { kind: 'reject', problem: notASpan(span, 'a span of MLflow') };
    const attributes = mlflowAttributes(span);
    if (attributes === undefined) {
      return { kind: 'reject', problem: badField('attributes', span['attributes'], 'an object') };
    }
    drafts.push(mapMlflowSpan(span, attributes, traceId));
  }
  const root = drafts.find(({ parentId }) => isAbsent(parentId)) ?? drafts[0];
  if (root !== undefined) addFacts(new DraftWriter(root), facts);
  else if (!isAbsent(traceId)) drafts.push(fromFacts(facts, traceId));
  return drafts;
}

/** A trace whose spans were not exported is told as one span. */
function fromFacts(facts: Record<string, unknown>, traceId: unknown): SpanDraft {
  const writer = new DraftWriter();
  const { draft } = writer;
  const startName = 'request_time' in facts ? 'request_time' : 'timestamp_ms';
  writer.place('traceId', traceId, 'trace_id' in facts ? 'trace_id' : 'request_id');
  writer.place('start', facts[startName], startName);
  const durationName = ['execution_duration_ms', 'execution_time_ms', 'execution_duration'].find(
    (name) => !isAbsent(facts[name]),
  );
  const { [startName]: _, [durationName ?? '']: duration, ...others } = facts;
  if (durationName !== undefined) {
    draft.latency = { value: duration, unit: 'ms' };
    draft.sourceNames['latency'] = durationName;
  }
  addFacts(writer, others);
  return draft;
}

const bodies = new Map([
  ['request', 'input'],
  ['response', 'output'],
]);

const named = new Map([
  ['mlflow.trace.session', 'session_identifier'],
  ['mlflow.trace.user', 'customer_identifier'],
  ['mlflow.traceName', 'trace_name'],
]);

function isSameJson(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(decodedJson(left)) === JSON.stringify(decodedJson(right));
}

function addFacts(writer: DraftWriter, facts: Record<string, unknown>): void {
  const { draft } = writer;
  for (const [name, value] of Object.entries(facts)) {
    const body = bodies.get(name);
    if (isAbsent(value)) continue;
    if (body !== undefined) {
      if (!isSameJson(draft.fields[body], value)) writer.set(body, decodedJson(value), name);
    } else if (name === 'request_preview' || name === 'response_preview') {
      const whole = facts[name.replace('_preview', '')];
      if (!isSameJson(whole, value)) writer.keep(name, value);
    } else if (name === 'trace_id' || name === 'request_id') {
      if (value !== draft.traceId) writer.keep(name, value);
    } else if (name === 'state' || name === 'status') addState(writer, name, value);
    else addFact(writer, name, readContainer(value));
  }
}

function addState(writer: DraftWriter, name: string, state: unknown): void {
  const code = state === 'OK' ? 200 : state === 'ERROR' ? 500 : undefined;
  if (code === undefined) return writer.keep(name, state);
  const { fields } = writer.draft;
  if (!('status_code' in fields)) fields['status_code'] = code;
  else if (fields['status_code'] !== code) writer.keep(name, state);
}

/** Tags are an object, or as the older REST API has them a list of `{key, value}`. */
function asEntries(value: unknown): [string, unknown][] | undefined {
  if (isObject(value)) return Object.entries(value);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const entries: [string, unknown][] = [];
  for (const item of value) {
    if (!isObject(item) || typeof item['key'] !== 'string' || Object.keys(item).length !== 2)
      return undefined;
    entries.push([item['key'], item['value']]);
  }
  return entries;
}

function addFact(writer: DraftWriter, name: string, value: unknown): void {
  const entries = asEntries(value);
  if (entries === undefined) return writer.keep(name, value);
  for (const [key, item] of entries) {
    const field = named.get(key);
    if (field === undefined) writer.keep(`${name}.${key}`, item);
    else writer.set(field, item, `${name}.${key}`);
  }
}

function map(row: unknown): Mapped {
  if (isObject(row) && Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const traces: SpanDraft[] = [];
  for (const item of Array.isArray(row) ? row : [row]) {
    if (!isObject(item)) return { kind: 'reject', problem: notASpan(item, 'a trace of MLflow') };
    const isBare = !('spans' in item) && ('span_id' in item || 'context' in item);
    const trace = isBare ? { spans: [item], facts: {} } : readTrace(item);
    if (trace === undefined) return { kind: 'reject', problem: notASpan(item, 'a trace of MLflow') };
    const drafts = mapTrace(trace);
    if (!Array.isArray(drafts)) return drafts;
    traces.push(...drafts);
  }
  return traces.length === 0 ? { kind: 'skip', reason: 'empty_trace' } : { kind: 'drafts', drafts: traces };
}

/**
 * Traces of MLflow: rows of `search_traces()` as CSV or JSON with the spans in one cell, traces as `{info, data}`, the
 * artifact `traces.json` (`{spans}`, ids in base64), and single spans with `mlflow.*` attributes. Names as in real
 * exports of MLflow 3; `{info, data}` is the older shape. Times are ISO 8601 or epoch nanoseconds, durations
 * milliseconds. Values of attributes are decoded from JSON.
 *
 * The trace id is MLflow's own (`mlflow.traceRequestId`); OpenTelemetry's is kept in the metadata. What a trace says
 * beside its spans is kept by its root. Dropped: `request`, `response` and their previews where they repeat the root's
 * input and output, and status words that the status code tells; a `trace` column beside `spans`.
 */
export const mlflow: Source = {
  ...recogniser,
  map,
};
