import { generateSpanId, generateTraceId } from '../span/ids.js';
import { jsonText } from '../span/json-text.js';
import type { SpanDraft } from '../span/span.js';
import { asText, isAbsent, isObject } from '../span/text.js';
import { decoded } from './decoded.js';
import { holderOf } from './holder-names.js';
import { addTo } from './otel/attributes.js';
import { durationOf } from './durations.js';
import { meaningOf } from './synonyms.js';

type Row = Record<string, unknown>;

/** A row and the rows in it: the spans of a trace, or the children of a span. */
interface Nest {
  row: Row;
  below: Row[];
  /** The list is called after children, so that what holds it is a span whatever else it says. */
  isSpan: boolean;
}

/** Whether an object says when something was and what it is called. */
function isSpanRow(value: unknown): value is Row {
  if (!isObject(value)) return false;
  let [isTimed, isNamed] = [false, false];
  for (const name in value) {
    const meaning = meaningOf(name)?.meaning;
    isTimed ||=
      meaning === 'start' || meaning === 'end' || meaning === 'time' || durationOf(name) !== undefined;
    isNamed ||= meaning === 'spanId' || meaning === 'span_name';
  }
  return isTimed && isNamed;
}

function mayBeList(value: unknown): boolean {
  return Array.isArray(value) || (typeof value === 'string' && value.startsWith('['));
}

function nestOf(row: Row): Nest | undefined {
  for (const name in row) {
    if (!mayBeList(row[name])) continue;
    const kind = holderOf(name);
    const list = kind === 'spans' || kind === 'children' ? decoded(row[name]) : undefined;
    if (!Array.isArray(list) || list.length === 0 || !list.every(isSpanRow)) continue;
    const { [name]: _below, ...rest } = row;
    return { row: rest, below: list, isSpan: kind === 'children' };
  }
  return undefined;
}

/** The trace of `{trace: {…}, spans: […]}`: what stands beside it belongs to it. */
function withTrace(row: Row): Row {
  const { trace, ...rest } = row;
  if (!isObject(trace)) return row;
  const around = Object.entries(rest).map(([name, value]) => [
    name in trace ? `document.${name}` : name,
    value,
  ]);
  return { ...Object.fromEntries(around), ...trace };
}

/** What is said once of a trace and holds for all of its spans. */
const sharedFields = ['customer_identifier', 'session_identifier', 'thread_identifier', 'environment'];

function setField(span: SpanDraft, field: string, from: SpanDraft, fromField = field): void {
  if (!(fromField in from.fields) || field in span.fields) return;
  span.fields[field] = from.fields[fromField];
  span.sourceNames = { ...span.sourceNames, [field]: from.sourceNames[fromField] ?? fromField };
}

function isTimed({ start, end, latency }: SpanDraft): boolean {
  return !isAbsent(start) || !isAbsent(end) || latency !== undefined;
}

/** What a trace that is no span says: its name goes to all of its spans, the rest to the first. */
function addTrace(trace: SpanDraft, spans: readonly SpanDraft[]): void {
  for (const span of spans) setField(span, 'trace_name', trace, 'span_name');
  const [first] = spans;
  if (first === undefined) return;
  const said = new Set(['span_name', ...sharedFields]);
  for (const [field, value] of Object.entries(trace.fields)) {
    if (!said.has(field)) addTo(first.metadata, `trace.${trace.sourceNames[field] ?? field}`, value);
  }
  for (const [name, value] of Object.entries(trace.metadata)) addTo(first.metadata, `trace.${name}`, value);
}

/** Where a nested row stands: below a span, or at the top of its trace. */
interface Place {
  parentId?: unknown;
  traceId: unknown;
  /** What tells it from all other rows: the ids of the rows around it, and its number among those beside it. */
  path: () => string;
}

/** Drafts of the rows and of all rows in them, parents first. Without recursion: nesting is as deep as the input says. */
function draftsOfNests(nests: readonly Nest[], top: Place, draftOf: (row: Row) => SpanDraft): SpanDraft[] {
  const drafts: SpanDraft[] = [];
  const waiting = nests
    .map((nest, number): [Nest, Place] => [nest, { ...top, path: () => `${top.path()}/${number}` }])
    .toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [{ row, below }, place] = next;
    const draft = draftOf(row);
    drafts.push(draft);
    if (isAbsent(draft.traceId)) draft.traceId = place.traceId;
    if (isAbsent(draft.parentId) && !isAbsent(place.parentId)) {
      draft.parentId = place.parentId;
      draft.parentByPath = true;
    }
    if (below.length === 0) continue;
    if (isAbsent(draft.spanId)) draft.spanId = generateSpanId(asText(draft.traceId ?? ''), place.path(), 0);
    const { spanId: parentId, traceId } = draft;
    const inside = below.map((each, number): [Nest, Place] => [
      nestOrLeaf(each),
      { parentId, traceId, path: () => `${asText(parentId)}/${number}` },
    ]);
    waiting.push(...inside.toReversed());
  }
  return drafts;
}

function nestOrLeaf(row: Row): Nest {
  return nestOf(row) ?? { row, below: [], isSpan: true };
}

/** The trace id that the rows in a row name, if they agree. */
function namedBelow(below: readonly Row[]): unknown {
  const named = below.flatMap((row) => {
    const name = Object.keys(row).find((each) => meaningOf(each)?.meaning === 'traceId');
    return name === undefined || isAbsent(row[name]) ? [] : [row[name]];
  });
  return named.every((id) => id === named[0]) ? named[0] : undefined;
}

/**
 * The spans of a row that holds rows: `{trace_id, spans: […]}`, `{trace: {…}, spans: […]}` (Opik), spans with their
 * `children`, to any depth. Undefined where it holds none: lists count only under names for spans and children, and
 * only if each element has a time, and an id or a name.
 *
 * A row with `children` is a span, one with `spans` only if it has a time of its own; else it is their trace, whose
 * name goes to all of them and whose other fields to the first one's metadata (`trace.…`). User, session and
 * environment go to all in either case. What names no parent is below the span that holds it. Where no row names the
 * trace, its id follows from the row unless `isGrouped`.
 */
export function nestedDrafts(
  row: Row,
  draftOf: (row: Row) => SpanDraft,
  isGrouped: boolean,
): SpanDraft[] | undefined {
  const found = nestOf(row);
  if (found === undefined) return undefined;
  const top = { ...found, row: withTrace(found.row) };
  const holder = draftOf(top.row);
  const isSpan = top.isSpan || isTimed(holder);
  const own = isAbsent(holder.traceId) ? namedBelow(top.below) : holder.traceId;
  const named = own ?? (isSpan || isAbsent(holder.spanId) ? undefined : holder.spanId);
  const path = (): string => generateTraceId(jsonText(row), 0);
  const place: Place = { traceId: named ?? (isGrouped ? undefined : path()), path };
  const drafts = draftsOfNests(isSpan ? [top] : top.below.map(nestOrLeaf), place, draftOf);
  for (const draft of drafts) for (const field of sharedFields) setField(draft, field, holder);
  if (isSpan) return drafts;
  keepIds(holder, drafts);
  addTrace(holder, drafts);
  return drafts;
}

/** The ids of a trace that none of its spans has taken over. */
function keepIds(trace: SpanDraft, spans: readonly SpanDraft[]): void {
  for (const place of ['traceId', 'spanId', 'parentId'] as const) {
    const id = trace[place];
    const isTaken = spans.some(({ traceId, parentId }) => traceId === id || parentId === id);
    if (!isAbsent(id) && !isTaken) addTo(trace.metadata, trace.sourceNames[place] ?? place, id);
  }
}
