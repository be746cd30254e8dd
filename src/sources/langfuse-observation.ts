import { asText, isAbsent, isEmptyContainer } from '../span/text.js';
import type { SpanDraft } from '../span/span.js';
import { logTypeFromKind } from '../span/log-type.js';
import { remember } from '../span/remember.js';
import { addConversation, callParameters } from './conversation.js';
import { readJson, FieldTaker } from './field-taker.js';
import { decodeText } from './recognisers/langfuse.js';
import { secondsBetween, utcTime } from './utc-time.js';

export { decodeText };

const spellingsOf = remember((name): readonly string[] => {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake === name ? [name] : [name, snake];
});

/** A camel-case name and its snake-case spelling in blob storage exports. */
export function spellings(...names: string[]): string[] {
  return names.flatMap(spellingsOf);
}

/** What a trace says about each of its observations. */
interface TraceOfObservation {
  id: unknown;
  name: unknown;
  userId: unknown;
  sessionId: unknown;
}

const counts: readonly (readonly [field: string, names: readonly string[]])[] = [
  [
    'prompt_tokens',
    ['usageDetails.input', 'inputUsage', 'usage.input', 'usage.promptTokens', 'promptTokens', 'inputTokens'],
  ],
  [
    'completion_tokens',
    [
      'usageDetails.output',
      'outputUsage',
      'usage.output',
      'usage.completionTokens',
      'completionTokens',
      'outputTokens',
    ],
  ],
  [
    'total_request_tokens',
    ['usageDetails.total', 'totalUsage', 'usage.total', 'usage.totalTokens', 'totalTokens'],
  ],
  ['prompt_cache_hit_tokens', ['usageDetails.input_cache_read', 'usageDetails.prompt_details.cache_read']],
  ['reasoning_tokens', ['usageDetails.output_reasoning', 'usageDetails.completion_details.reasoning']],
];

/** Where the details are empty, Langfuse fills the columns beside them with zeros: nothing was measured. */
function dropUnmeasured(row: FieldTaker, details: unknown, names: readonly string[]): void {
  if (isEmptyContainer(details)) row.dropCopies(0, ...spellings(...names));
}

function takeUsage(row: FieldTaker): void {
  const usage = row.peek(...spellings('usageDetails'));
  const costs = row.peek(...spellings('costDetails'));
  dropUnmeasured(row, usage, ['inputUsage', 'outputUsage', 'totalUsage']);
  dropUnmeasured(row, costs, ['inputCost', 'outputCost', 'totalCost']);
  row.expand(...spellings('usageDetails', 'usage', 'costDetails'));
  for (const [field, names] of counts) row.set(field, ...spellings(...names));
  row.set('cost', ...spellings('totalCost', 'costDetails.total', 'calculatedTotalCost'));
  for (const part of ['input', 'output']) {
    row.dropCopies(row.peek(...spellings(`costDetails.${part}`)), ...spellings(`${part}Cost`));
  }
}

function takeTimes(row: FieldTaker): void {
  row.setPlace('start', ...spellings('startTime'));
  row.setPlace('end', ...spellings('endTime'));
  row.setLatency('ms', ...spellings('latencyMs'));
  const isBlob = row.draft.sourceNames['start'] === 'start_time';
  // In downloads and batch exports `latency` is seconds or, of older versions, milliseconds: it is not read.
  if (isBlob) row.setLatency('s', 'latency');
  const { draft } = row;
  draft.start = utcTime(draft.start);
  draft.end = utcTime(draft.end);
  if (isBlob && row.set('time_to_first_token', 'time_to_first_token') !== undefined) return;
  row.dropCopies(secondsBetween(draft.start, draft.end), 'latency');
  const first = Number(row.peek(...spellings('timeToFirstTokenMs')) ?? NaN) / 1000;
  const waited = secondsBetween(draft.start, utcTime(row.peek(...spellings('completionStartTime'))));
  const seconds = Number.isFinite(first) ? first : waited;
  if (seconds !== undefined && seconds >= 0) draft.fields['time_to_first_token'] = seconds;
  if (Number.isFinite(first) && first >= 0) row.drop(...spellings('timeToFirstTokenMs'));
}

function takeKind(row: FieldTaker): string {
  const type = asText(row.peek('type') ?? '').toUpperCase();
  // A SPAN may be anything; where it stands in the trace says more.
  const logType = type === 'SPAN' || type === 'EVENT' ? undefined : logTypeFromKind(type);
  if (logType !== undefined) row.draft.fields['log_type'] = logType;
  return type;
}

function takeStatus(row: FieldTaker): void {
  const level = asText(row.peek('level') ?? '').toUpperCase();
  if (level === 'ERROR') {
    row.draft.fields['status_code'] = 500;
    row.set('error_message', ...spellings('statusMessage'));
  } else if (level === 'WARNING') {
    row.set('warnings', ...spellings('statusMessage'));
  }
}

function takeParameters(row: FieldTaker): void {
  row.expand(...spellings('modelParameters'));
  for (const prefix of spellings('modelParameters')) {
    const names = ['temperature', 'top_p', 'max_tokens', 'max_completion_tokens'];
    names.push('frequency_penalty', 'presence_penalty');
    const given = Object.fromEntries(names.map((name) => [name, row.peek(`${prefix}.${name}`)]));
    for (const name of Object.keys(callParameters(given))) row.set(name, `${prefix}.${name}`);
  }
}

/** The text of an input or an output, and the JSON that it holds. */
export function takeBody(row: FieldTaker, field: 'input' | 'output'): unknown {
  const taken = row.takeText(field);
  if (taken === undefined) return undefined;
  const value = decodeText(taken.value);
  row.draft.fields[field] = value;
  return readJson(value);
}

/** Metadata is an object, its JSON, or the JSON of its JSON; its keys become keys of the span's metadata. */
export function takeMetadata(row: FieldTaker): void {
  const taken = row.take('metadata');
  if (taken === undefined) return;
  const value = readJson(decodeText(taken.value));
  if (!isEmptyContainer(value)) row.draft.metadata['metadata'] = value;
}

/** `JSON.stringify` of a date or a text is what batch exports put into a cell. */
export function takerOf(row: Record<string, unknown>, isRecord: boolean): FieldTaker {
  return new FieldTaker(row, isRecord ? decodeText : undefined);
}

/** One observation, of any form of export, as a span. */
export function mapObservation(
  observation: Record<string, unknown>,
  isRecord: boolean,
  trace?: TraceOfObservation,
): SpanDraft {
  const row = takerOf(observation, isRecord);
  const { draft } = row;
  row.setPlace('traceId', ...spellings('traceId'));
  draft.traceId ??= trace?.id;
  row.setPlace('spanId', 'id');
  row.setPlace('parentId', ...spellings('parentObservationId'));
  row.set('span_name', 'name');
  row.set('span_workflow_name', ...spellings('traceName'));
  row.set('customer_identifier', ...spellings('userId'));
  row.set('session_identifier', ...spellings('sessionId'));
  row.set('environment', 'environment');
  row.set('model', ...spellings('model', 'providedModelName'));
  takeTimes(row);
  const type = takeKind(row);
  takeStatus(row);
  takeUsage(row);
  takeParameters(row);
  takeMetadata(row);
  const [input, output] = [takeBody(row, 'input'), takeBody(row, 'output')];
  const isCall = type === 'GENERATION' || draft.fields['model'] !== undefined;
  if (isCall) addConversation(draft, input, output);
  inherit(draft, trace);
  return row.finish();
}

function inherit({ fields, sourceNames }: SpanDraft, trace: TraceOfObservation | undefined): void {
  const told = [
    ['span_workflow_name', 'trace.name', trace?.name],
    ['customer_identifier', 'trace.userId', trace?.userId],
    ['session_identifier', 'trace.sessionId', trace?.sessionId],
  ] as const;
  for (const [field, name, value] of told) {
    if (isAbsent(value) || fields[field] !== undefined) continue;
    fields[field] = value;
    sourceNames[field] = name;
  }
}
