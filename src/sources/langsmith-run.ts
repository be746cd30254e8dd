import type { SpanDraft } from '../span/span.js';
import { asText, isAbsent, isObject } from '../span/text.js';
import { addInputs, addOutputs, modelOfOutputs } from './langsmith-bodies.js';
import { takeParameters } from './model-parameters.js';
import { decoded } from './decoded.js';
import { RowFields, without } from './row-fields.js';
import { standAlone } from './trace-by.js';
import { secondsBetween, utcTime } from './utc-time.js';

/** The trace of another run, for those that name none. */
export type TraceOfRun = Pick<SpanDraft, 'traceId' | 'traceOrigin'>;

/** What the first half of a run tells that its second half leaves out. */
export interface StartedRun {
  trace: TraceOfRun;
  namesModel: boolean;
}

/** What is known of a run besides its own fields. */
export interface RunPlace {
  /** Runs whose end has not been seen, by id. */
  started: Map<string, StartedRun>;
  /** The run that this one stands in, where runs are nested. */
  parent?: { trace: TraceOfRun; spanId: unknown };
}

/** One part of a `dotted_order`: `20241204T195929374537Z` and the id of a run, from the root to the run itself. */
const orderPart = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{1,9})Z(.+)$/;

interface OrderPart {
  time: string;
  id: string;
}

function readDottedOrder(value: unknown): OrderPart[] {
  if (typeof value !== 'string') return [];
  const parts = value.split('.').map((part) => orderPart.exec(part));
  return parts.flatMap((match) => {
    if (match === null) return [];
    const [, year, month, day, hour, minute, second, fraction, id = ''] = match;
    return [{ time: `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`, id }];
  });
}

const logTypes: Readonly<Record<string, string>> = {
  tool: 'tool',
  retriever: 'task',
  embedding: 'embedding',
  prompt: 'task',
  parser: 'task',
};

function logTypeOf(runType: unknown, isRoot: boolean, isChat: boolean): string | undefined {
  if (typeof runType !== 'string') return undefined;
  if (runType === 'llm') return isChat ? 'chat' : 'generation';
  if (runType === 'chain') return isRoot ? 'workflow' : 'task';
  return logTypes[runType] ?? 'custom';
}

/** Names under which LangSmith's metadata tells the conversation that a trace belongs to. */
const threadNames = ['session_id', 'thread_id', 'conversation_id'];

const metadataFields: readonly (readonly [string, string])[] = [
  ['ls_provider', 'provider_id'],
  ['ls_temperature', 'temperature'],
  ['ls_max_tokens', 'max_tokens'],
  ['ls_stop', 'stop'],
  ['user_id', 'customer_identifier'],
];

function takeExtra(row: RowFields, extra: Record<string, unknown>): void {
  const given = extra['invocation_params'];
  const metadata = isObject(extra['metadata']) ? extra['metadata'] : {};
  const taken = new Set<string>();
  if (isObject(given)) {
    row.set('model', given['model'] ?? given['model_name'], 'extra.invocation_params.model');
    const { model } = row.draft.fields;
    const copies = ['model', 'model_name'].filter((name) => given[name] === model);
    const rest = takeParameters(row, given, 'extra.invocation_params') ?? {};
    row.keep('extra.invocation_params', without(rest, new Set(copies)));
  }
  row.set('model', metadata['ls_model_name'], 'extra.metadata.ls_model_name');
  for (const [name, field] of metadataFields) {
    if (isAbsent(metadata[name]) || field in row.draft.fields) continue;
    row.set(field, metadata[name], `extra.metadata.${name}`);
    taken.add(name);
  }
  const thread = threadNames.find((name) => !isAbsent(metadata[name]));
  if (thread !== undefined) {
    row.set('thread_identifier', metadata[thread], `extra.metadata.${thread}`);
    row.set('session_identifier', metadata[thread], `extra.metadata.${thread}`);
  }
  for (const [name, value] of Object.entries(without(metadata, taken) ?? {})) {
    row.keep(name, value, `extra.metadata.${name}`);
  }
  const other = without(extra, new Set(['metadata', 'invocation_params']));
  for (const [name, value] of Object.entries(other ?? {})) row.keep(`extra.${name}`, value);
}

/** Events that repeat the start, the end and the words of the answer. */
const repeating = new Set(['start', 'end', 'new_token']);

function takeEvents(row: RowFields, start: unknown): void {
  const events = decoded(row.peek('events'));
  if (!Array.isArray(events)) return;
  row.take('events');
  const other = events.filter((event) => !isObject(event) || !repeating.has(String(event['name'])));
  row.keep('events', other);
  const token: unknown = events.find((event) => isObject(event) && event['name'] === 'new_token');
  if (!isObject(token)) return;
  row.set('time_to_first_token', secondsBetween(start, utcTime(token['time'])), 'events');
}

/** The last of the ancestors that `parent_run_ids` lists from the root on. */
function lastOf(value: unknown): unknown {
  const list = decoded(value);
  return Array.isArray(list) ? list.at(-1) : undefined;
}

function placeInTrace(row: RowFields, order: readonly OrderPart[], place: RunPlace): void {
  const { draft } = row;
  row.moveTo('spanId', 'id', 'run_id');
  row.moveTo('parentId', 'parent_run_id');
  row.moveTo('traceId', 'trace_id');
  const started = place.started.get(asText(draft.spanId));
  const above = lastOf(row.peek('parent_run_ids')) ?? order.at(-2)?.id ?? place.parent?.spanId;
  if (isAbsent(draft.parentId)) Object.assign(draft, { parentId: above, parentByPath: true });
  draft.traceId ??= order[0]?.id;
  if (draft.traceId === undefined) Object.assign(draft, place.parent?.trace ?? started?.trace);
  standAlone(draft);
}

/** One run, or one half of it, as a draft. Nested runs are left to the caller. */
export function draftOfRun(run: Record<string, unknown>, place: RunPlace, text?: () => string): SpanDraft {
  const row = new RowFields(run, text);
  const { draft } = row;
  if (Array.isArray(decoded(row.peek('child_runs')))) row.take('child_runs');
  const order = readDottedOrder(row.peek('dotted_order'));
  placeInTrace(row, order, place);
  const started = place.started.get(asText(draft.spanId));
  for (const which of ['start', 'end'] as const) {
    row.moveTo(which, `${which}_time`);
    draft[which] = utcTime(draft[which]);
  }
  // The second half of a run must not tell another start than the first, which is more exact.
  if (isAbsent(draft.start) && started === undefined) draft.start = order.at(-1)?.time;
  draft.partial = isAbsent(draft.start) || isAbsent(draft.end) || row.peek('run_type') === undefined;

  row.move('span_name', 'name');
  const extra = row.takeObject('extra');
  if (extra !== undefined) takeExtra(row, extra);
  const [inputs, outputs] = [decoded(row.take('inputs')), decoded(row.take('outputs'))];
  addInputs(row, inputs);
  takeFirstToken(row);
  takeEvents(row, draft.start);
  takeCounts(row);
  addOutputs(row, outputs);
  if (started?.namesModel !== true) row.set('model', modelOfOutputs(outputs), 'outputs.model');
  takeStatus(row);
  const isChat = 'prompt_messages' in draft.fields || 'completion_message' in draft.fields;
  row.set('log_type', logTypeOf(row.peek('run_type'), isAbsent(draft.parentId), isChat), 'run_type');
  remember(draft, place);
  return row.finish();
}

function takeFirstToken(row: RowFields): void {
  const seconds = secondsBetween(row.draft.start, utcTime(row.peek('first_token_time')));
  if (seconds === undefined) return;
  row.take('first_token_time');
  row.set('time_to_first_token', seconds, 'first_token_time');
}

function takeCounts(row: RowFields): void {
  row.move('prompt_tokens', 'prompt_tokens');
  row.move('completion_tokens', 'completion_tokens');
  row.move('total_request_tokens', 'total_tokens');
  row.move('cost', 'total_cost');
}

function takeStatus(row: RowFields): void {
  row.move('error_message', 'error');
  const status = row.peek('status');
  if (status === 'success' || status === 'error') row.take('status');
  const failed = status === 'error' || 'error_message' in row.draft.fields;
  if (failed) row.set('status_code', 500, 'status');
  else if (status === 'success') row.set('status_code', 200, 'status');
}

function remember(draft: SpanDraft, place: RunPlace): void {
  if (isAbsent(draft.end) && !isAbsent(draft.spanId) && !isAbsent(draft.start)) {
    const started = { trace: traceOf(draft), namesModel: 'model' in draft.fields };
    place.started.set(asText(draft.spanId), started);
  }
}

export function traceOf({ traceId, traceOrigin }: SpanDraft): TraceOfRun {
  return traceOrigin === undefined ? { traceId } : { traceId, traceOrigin };
}
