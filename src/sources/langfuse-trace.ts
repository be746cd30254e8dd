import { define } from '../span/define.js';
import type { SpanDraft } from '../span/span.js';
import { isAbsent, isEmptyContainer, isObject } from '../span/text.js';
import {
  decodeText,
  mapObservation,
  takerOf,
  spellings,
  takeBody,
  takeMetadata,
} from './langfuse-observation.js';
import { isCopy, readJson } from './field-taker.js';
import { utcTime } from './utc-time.js';

/** A trace without observations: its own span, the root, of which no end is known. */
export function mapTraceAlone(trace: Record<string, unknown>, isRecord: boolean): SpanDraft {
  const row = takerOf(trace, isRecord);
  const { draft } = row;
  row.setPlace('traceId', 'id');
  draft.spanId = draft.traceId;
  draft.sourceNames['spanId'] = 'id';
  row.setPlace('start', 'timestamp');
  draft.start = utcTime(draft.start);
  const name = row.set('span_name', 'name');
  if (name !== undefined) draft.fields['span_workflow_name'] = name;
  row.set('customer_identifier', ...spellings('userId'));
  row.set('session_identifier', ...spellings('sessionId'));
  row.set('environment', 'environment');
  row.set('cost', ...spellings('totalCost'));
  draft.fields['log_type'] = 'workflow';
  takeMetadata(row);
  takeBody(row, 'input');
  takeBody(row, 'output');
  return row.finish();
}

/** "None" may be what a model answered. */
function isGap(value: unknown): boolean {
  return value === undefined || value === null || value === '' || isEmptyContainer(value);
}

/** Observations of a trace; the copies in the trace object fill what the observations leave out. */
function allObservations(
  trace: Record<string, unknown>,
  observations: readonly Record<string, unknown>[],
): Record<string, unknown>[] {
  const own: unknown[] = Array.isArray(trace['observations']) ? trace['observations'] : [];
  const all = new Map(observations.map((each) => [each['id'], each]));
  for (const copy of own.filter(isObject)) {
    const known = all.get(copy['id']);
    const gaps = Object.entries(copy).filter(([name]) => isGap(known?.[name]));
    all.set(copy['id'], { ...known, ...Object.fromEntries(gaps) });
  }
  return [...all.values()];
}

/** The span that carries what a trace says of itself: its first root, else the earliest span. */
function holderOf(drafts: readonly SpanDraft[]): SpanDraft | undefined {
  const root = drafts.find(({ parentId }) => isAbsent(parentId));
  return root ?? [...drafts].sort((one, other) => (String(one.start) < String(other.start) ? -1 : 1))[0];
}

function isAmong(ids: unknown, drafts: readonly SpanDraft[]): boolean {
  if (!Array.isArray(ids)) return false;
  return ids.every((each) => drafts.some(({ spanId }) => spanId === (isObject(each) ? each['id'] : each)));
}

function keep(holder: SpanDraft, name: string, value: unknown): void {
  if (!isAbsent(value) && !isEmptyContainer(value)) define(holder.metadata, name, value);
}

function keepMetadata(holder: SpanDraft, value: unknown): void {
  const metadata = readJson(decodeText(value));
  const own = holder.metadata['metadata'];
  if (!isObject(metadata)) return keep(holder, 'trace.metadata', metadata);
  for (const [name, item] of Object.entries(metadata)) {
    if (!isObject(own) || !isCopy(own[name], item)) keep(holder, `trace.metadata.${name}`, item);
  }
}

function keepBody(holder: SpanDraft, field: 'input' | 'output', value: unknown): void {
  const text = decodeText(value);
  const own = holder.fields[field];
  if (own !== undefined) {
    if (!isCopy(own, text)) keep(holder, `trace.${field}`, text);
  } else if (text !== undefined && text !== null && text !== '') {
    holder.fields[field] = text;
    holder.sourceNames[field] = `trace.${field}`;
  }
}

const inherited = new Map([
  ['name', 'span_workflow_name'],
  ['userId', 'customer_identifier'],
  ['sessionId', 'session_identifier'],
  ['environment', 'environment'],
]);

/** Adds a trace's own fields to the span that carries them; what that span says too is not repeated. */
function addTrace(trace: Record<string, unknown>, holder: SpanDraft, drafts: readonly SpanDraft[]): void {
  for (const [name, value] of Object.entries(trace)) {
    const field = inherited.get(name);
    if (field !== undefined) holder.fields[field] ??= isAbsent(value) ? undefined : value;
    if (field !== undefined && isCopy(holder.fields[field], value)) continue;
    if (name === 'id' && value === holder.traceId) continue;
    if (name === 'observations' && isAmong(value, drafts)) continue;
    if (name === 'metadata') keepMetadata(holder, value);
    else if (name === 'input' || name === 'output') keepBody(holder, name, value);
    else keep(holder, `trace.${name}`, value);
  }
}

/** A trace with its observations: a span for each of them, and none for the trace itself. */
export function mapTrace(
  trace: Record<string, unknown>,
  observations: readonly Record<string, unknown>[],
): SpanDraft[] {
  const { id, name, userId, sessionId } = trace;
  const drafts = allObservations(trace, observations).map((observation) =>
    mapObservation(observation, false, { id, name, userId, sessionId }),
  );
  const holder = holderOf(drafts);
  if (holder === undefined) return [mapTraceAlone(trace, false)];
  addTrace(trace, holder, drafts);
  return drafts;
}
