import { define } from '../span/define.js';
import type { SpanDraft } from '../span/span.js';
import { asText, isAbsent, isObject } from '../span/text.js';
import { badList, isObjectList, missingField, notAnObject } from './not-an-object.js';
import { addSpanData, completedBySiblings } from './openai-span-data.js';
import { listsOf, recogniser } from './recognisers/openai-agents.js';
import { decoded } from './decoded.js';
import { isNothing, RowFields, without } from './row-fields.js';
import type { MapContext, Mapped, Source } from './source.js';

/** What is known of a trace: what its header says, or which of its spans waits for the header. */
interface KnownTrace {
  header?: SpanDraft | undefined;
  waiting?: { spanId: unknown; isRoot: boolean } | undefined;
}

type KnownTraces = Map<string, KnownTrace>;

function knownTraces(context: MapContext): KnownTraces {
  const known = context.memory.get('openai-agents.traces');
  if (known instanceof Map) return known;
  const traces: KnownTraces = new Map();
  context.memory.set('openai-agents.traces', traces);
  return traces;
}

function takeError(span: RowFields): void {
  const error = decoded(span.take('error'));
  if (error === undefined) return;
  span.set('status_code', 500, 'error');
  if (!isObject(error)) return span.set('error_message', error, 'error');
  span.set('error_message', error['message'] ?? error, 'error.message');
  const rest = without(error, new Set(['message']));
  for (const [name, value] of Object.entries(rest ?? {})) span.keep(`error.${name}`, value);
}

function draftOfSpan(row: Record<string, unknown>, text?: () => string): SpanDraft {
  const span = new RowFields(row, text);
  span.take('object');
  span.moveTo('traceId', 'trace_id');
  span.moveTo('spanId', 'id');
  span.moveTo('parentId', 'parent_id');
  span.moveTo('start', 'started_at');
  span.moveTo('end', 'ended_at');
  takeError(span);
  const data = span.takeObject('span_data');
  if (data !== undefined) addSpanData(span, completedBySiblings(span, row, data));
  return span.finish();
}

/** What a trace says of all its spans; its other fields belong to one of them. */
function draftOfHeader(row: Record<string, unknown>, text?: () => string): SpanDraft {
  const trace = new RowFields(row, text);
  for (const name of ['object', 'spans']) trace.take(name);
  trace.moveTo('traceId', 'id');
  trace.move('span_workflow_name', 'workflow_name');
  const group = trace.peek('group_id');
  trace.set('thread_identifier', group, 'group_id');
  trace.set('session_identifier', group, 'group_id');
  if (group !== undefined) trace.take('group_id');
  const metadata = trace.takeObject('metadata');
  for (const [name, value] of Object.entries(metadata ?? {})) trace.keep(name, value);
  trace.draft.partial = true;
  return trace.finish();
}

function applyHeader(header: SpanDraft, span: SpanDraft): void {
  for (const [field, value] of Object.entries(header.fields)) span.fields[field] ??= value;
  for (const [name, value] of Object.entries(header.metadata)) {
    define(span.metadata, Object.hasOwn(span.metadata, name) ? `trace.${name}` : name, value);
  }
}

function addSpan(row: Record<string, unknown>, traces: KnownTraces, text?: () => string): SpanDraft {
  const span = draftOfSpan(row, text);
  if (isAbsent(span.traceId)) return span;
  const traceId = asText(span.traceId);
  const known = traces.get(traceId);
  const isRoot = isAbsent(span.parentId);
  if (known?.header !== undefined) applyHeader(known.header, span);
  else if (known?.waiting === undefined || (isRoot && !known.waiting.isRoot)) {
    traces.set(traceId, { waiting: { spanId: span.spanId, isRoot } });
  }
  return span;
}

/** A trace: its spans, and where spans of it came before, what it says of them. */
function addTrace(row: Record<string, unknown>, traces: KnownTraces, text?: () => string): SpanDraft[] {
  const header = draftOfHeader(row, text);
  const traceId = asText(header.traceId);
  const waiting = traces.get(traceId)?.waiting;
  traces.set(traceId, { header });
  const nested = decoded(row['spans']);
  const spans = (Array.isArray(nested) ? nested : []).filter(isObject).map((span) => {
    return addSpan('trace_id' in span ? span : { ...span, trace_id: header.traceId }, traces);
  });
  return waiting === undefined ? spans : [{ ...header, spanId: waiting.spanId }, ...spans];
}

const expected = 'a trace or a span of the OpenAI Agents SDK';

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const traces = knownTraces(context);
  const lists = listsOf(row);
  if (lists.length > 0) return mapDocument(row, lists, traces);
  if (isAbsent(row['id'])) return missingField('id', expected);
  if (row['object'] !== 'trace') return { kind: 'drafts', drafts: [addSpan(row, traces, context.text)] };
  if (!hasGoodSpans(row)) return badList('spans', row['spans'], expected);
  const drafts = addTrace(row, traces, context.text);
  return drafts.length === 0 ? { kind: 'skip', reason: 'trace_header' } : { kind: 'drafts', drafts };
}

function hasGoodSpans(trace: Record<string, unknown>): boolean {
  const spans = decoded(trace['spans']);
  return isNothing(spans) || isObjectList(spans);
}

function mapDocument(row: Record<string, unknown>, lists: readonly string[], traces: KnownTraces): Mapped {
  const badName = lists.find((name) => !isObjectList(row[name]));
  if (badName !== undefined) return badList(badName, row[badName], expected);
  const items = lists.flatMap((name) => row[name]).filter(isObject);
  const bad = items.find((item) => !hasGoodSpans(item));
  if (bad !== undefined) return badList('spans', bad['spans'], expected);
  const drafts = items.flatMap((item) =>
    item['object'] === 'trace' || 'spans' in item ? addTrace(item, traces) : [addSpan(item, traces)],
  );
  const [first] = drafts;
  if (first === undefined) return { kind: 'skip', reason: 'no_spans' };
  for (const [name, value] of Object.entries(without(row, new Set(lists)) ?? {})) {
    define(first.metadata, `document.${name}`, value);
  }
  return { kind: 'drafts', drafts };
}

/**
 * Traces of the OpenAI Agents SDK as its processors export them: `{object: "trace"}` and `{object: "trace.span"}`, one
 * per row, or spans within their traces, or a document of traces.
 *
 * From `span_data.py` of openai-agents-python 7f7a44f8. Times are RFC 3339. A trace is no span: its name goes to all of
 * its spans, its group becomes their thread, its metadata theirs. Spans that come before their trace in an input get
 * only the first root among them completed. A trace may have many roots. Failed spans get the status code 500, since
 * the SDK tells none. A response that an exporter wrote as Python prints it (`Response(id=…)`) is read and kept as text too.
 *
 * Dropped: `object`; copies of `span_data` beside it (`span_data_name`, `name`, …) that say the same; empty containers
 * and spellings of nothing; `api_key` and the like.
 */
export const openaiAgents: Source = {
  ...recogniser,
  remembers: true,
  map,
};
