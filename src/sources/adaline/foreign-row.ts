import type { SpanDraft } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import { parseJson } from '../../targets/adaline/json-text.js';
import { fieldsOfContent } from '../../targets/adaline/read-content.js';
import { addConversation } from '../conversation.js';
import { decoded } from '../decoded.js';
import { RowFields, without } from '../row-fields.js';
import { epochTime } from './epoch-time.js';
import { metadataNames } from './names.js';

type Fields = Record<string, unknown>;

/** How Adaline's word for an end reads in Respan, which has a code and no word. */
const statusCodes: ReadonlyMap<unknown, number> = new Map([
  ['success', 200],
  ['failure', 500],
]);

function takeStatus(row: RowFields): void {
  const code = statusCodes.get(row.peek('status'));
  if (code === undefined) return;
  row.take('status');
  row.set('status_code', code, 'status');
}

/** Attributes become metadata under their own names; of other shapes the row keeps them. */
function takeAttributes(row: RowFields): void {
  const attributes = row.takeObject('attributes');
  for (const [name, value] of Object.entries(attributes ?? {})) row.keep(name, value, `attributes.${name}`);
}

function takeList(row: RowFields, name: string): void {
  const list = decoded(row.take(name));
  row.keep(name, list);
}

/** What the row says twice: a latency that is the time between start and end, in any unit. */
function dropLatency(row: RowFields, startedAt: unknown, endedAt: unknown): void {
  const milliseconds = Number(endedAt) - Number(startedAt);
  const latency = Number(row.peek('latency'));
  if (latency === milliseconds || latency === milliseconds / 1000) row.take('latency');
}

function takeCommon(row: RowFields): void {
  dropLatency(row, row.peek('startedAt'), row.peek('endedAt'));
  row.moveTo('start', 'startedAt');
  row.moveTo('end', 'endedAt');
  row.draft.start = epochTime(row.draft.start);
  row.draft.end = epochTime(row.draft.end);
  row.move('span_name', 'name');
  row.move('session_identifier', 'sessionId');
  takeStatus(row);
  takeAttributes(row);
  takeList(row, 'tags');
}

/** Log types of Respan by Adaline's types of content; of the others it says too little. */
const logTypes: ReadonlyMap<unknown, string> = new Map([
  ['Model', 'generation'],
  ['ModelStream', 'generation'],
  ['Embeddings', 'embedding'],
  ['Tool', 'tool'],
  ['Guardrail', 'guardrail'],
  ['Retrieval', 'task'],
  ['Function', 'task'],
]);

/** Types that their log type tells, so that nothing is kept beside it. */
const toldTypes: ReadonlySet<unknown> = new Set(['Model', 'Embeddings', 'Tool', 'Guardrail']);

const messageFields = ['prompt_messages', 'completion_message', 'completion_messages'];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/**
 * The messages of a call whose content is the provider's own request and answer: as Adaline parsed them, else as they
 * are read here.
 */
function addMessages(draft: SpanDraft, content: Fields, parsed: unknown): void {
  const { fields } = draft;
  if (messageFields.some((field) => field in fields)) return;
  const read = isObject(parsed) ? fieldsOfContent({ type: 'Model', ...parsed }) : {};
  const found = messageFields.filter((field) => field in read);
  for (const field of found) fields[field] = read[field];
  if (found.length > 0) return;
  addConversation(draft, parseJson(textOf(content['input'])), parseJson(textOf(content['output'])));
}

/** A streamed call keeps its chunks apart from the answer that they add up to. */
function aggregated(content: Fields): Fields {
  const { aggregateOutput: whole } = content;
  return whole === undefined ? content : { ...content, output: whole };
}

const takenOfContent: ReadonlySet<string> = new Set([
  'type',
  'input',
  'output',
  'aggregateOutput',
  'model',
  'provider',
  'cost',
  'variables',
  'expected',
]);

function takeContent(row: RowFields): void {
  const told = row.takeObject('content') ?? {};
  const parsed = decoded(row.take('parsedContent'));
  const type = told['type'] ?? row.peek('contentType');
  row.take('contentType');
  const content = aggregated({ ...told, type });
  for (const [field, value] of Object.entries(fieldsOfContent(content)))
    row.set(field, value, `content.${field}`);
  const isCall = type === 'Model' || type === 'ModelStream';
  if (isCall) addMessages(row.draft, content, parsed);
  if (type === 'ModelStream') row.set('stream', true, 'contentType');
  row.set('ideal_output', told['expected'], 'content.expected');
  row.keep('variables', told['variables'], 'content.variables');
  const logType =
    isCall && messageFields.some((field) => field in row.draft.fields) ? 'chat' : logTypes.get(type);
  row.set('log_type', logType, 'contentType');
  if (!toldTypes.has(type)) row.keep('contentType', type);
  for (const [name, value] of Object.entries(without(told, takenOfContent) ?? {}))
    row.keep(`content.${name}`, value);
  if (content['output'] !== told['output']) row.keep('content.output', told['output']);
}

/** A span that Adaline's own SDKs logged. What names no parent belongs to its trace, should that be in the input too. */
export function draftOfSpan(columns: Fields, text?: () => string): SpanDraft {
  const row = new RowFields(columns, text);
  const { draft } = row;
  const trace = row.peek('logTraceId');
  row.moveTo('traceId', 'logTraceId');
  row.moveTo('spanId', 'referenceId', 'id');
  row.moveTo('parentId', 'parentReferenceId');
  if (draft.parentId === undefined && trace !== undefined) {
    draft.parentId = trace;
    draft.parentByPath = true;
    draft.sourceNames['parentId'] = 'logTraceId';
  }
  takeCommon(row);
  row.move('cost', 'cost');
  row.move('prompt_tokens', 'promptTokens');
  row.move('completion_tokens', 'completionTokens');
  row.move('total_request_tokens', 'totalTokens');
  takeContent(row);
  row.keep(metadataNames.prompt, row.take('promptId'));
  row.keep(metadataNames.deployment, row.take('deploymentId'));
  takeList(row, 'events');
  return row.finish();
}

/** A trace as the root of its spans: Respan has no traces apart from them. */
export function draftOfTrace(columns: Fields, text?: () => string): SpanDraft {
  const row = new RowFields(columns, text);
  const { draft } = row;
  const id = row.peek('id', 'referenceId');
  row.moveTo('traceId', 'id', 'referenceId');
  draft.spanId = id;
  draft.sourceNames['spanId'] = draft.sourceNames['traceId'] ?? 'id';
  row.set('span_workflow_name', row.peek('name'), 'name');
  row.set('log_type', 'workflow', 'log_type');
  takeCommon(row);
  takeList(row, 'spanIds');
  return row.finish();
}
