import type { SpanDraft } from '../span/span.js';
import { logTypeFromKind } from '../span/log-type.js';
import { looksLikeMessages } from '../span/messages.js';
import { isAbsent, isObject } from '../span/text.js';
import { addBodies } from './chat-body.js';
import { DraftWriter } from './draft-writer.js';
import { addEvents } from './otel/events.js';
import { addStatus, addStatusObject } from './otel/status.js';
import { readContainer } from './python-repr.js';

/** MLflow writes the value of each attribute as JSON: `"\"CHAT_MODEL\""`. Texts that are no JSON stay as they are. */
export function decodedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const inner: unknown = JSON.parse(value);
    return Number.isInteger(inner) && !Number.isSafeInteger(inner) ? value : inner;
  } catch {
    return value;
  }
}

/** The attributes of a span with their values decoded; undefined where they are neither an object nor JSON of one. */
export function mlflowAttributes(span: Record<string, unknown>): Record<string, unknown> | undefined {
  const attributes = readContainer(span['attributes']);
  if (isAbsent(attributes)) return {};
  if (!isObject(attributes)) return undefined;
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, decodedJson(value)]));
}

const usageFields = new Map([
  ['input_tokens', 'prompt_tokens'],
  ['output_tokens', 'completion_tokens'],
  ['total_tokens', 'total_request_tokens'],
  ['cache_read_input_tokens', 'prompt_cache_hit_tokens'],
  ['cache_creation_input_tokens', 'prompt_cache_creation_tokens'],
]);

const costFields = new Map([['total_cost', 'cost']]);

const parameterFields = new Map(
  [
    'model',
    'temperature',
    'top_p',
    'max_tokens',
    'max_completion_tokens',
    'frequency_penalty',
    'presence_penalty',
    'stop',
    'stream',
    'n',
    'tools',
    'tool_choice',
    'response_format',
  ].map((name) => [name, name] as const),
);

const callParameters = new Map([...parameterFields, ['model_name', 'model']]);

/** What LangChain says of the model of a run. */
const langChainFields = new Map([
  ['ls_model_name', 'model'],
  ['ls_provider', 'provider_id'],
  ['ls_temperature', 'temperature'],
  ['ls_max_tokens', 'max_tokens'],
]);

const objectFields: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['mlflow.chat.tokenUsage', usageFields],
  ['mlflow.llm.cost', costFields],
  ['invocation_params', callParameters],
  ['metadata', langChainFields],
]);

const scalarFields = new Map([
  ['mlflow.llm.model', 'model'],
  ['mlflow.llm.provider', 'provider_id'],
  ['mlflow.chat.tools', 'tools'],
  ['mlflow.spanInputs', 'input'],
  ['mlflow.spanOutputs', 'output'],
  ...parameterFields,
]);

function addKind(writer: DraftWriter, kind: unknown, name: string): void {
  const logType =
    typeof kind === 'string' && kind.toLowerCase() !== 'unknown' ? logTypeFromKind(kind) : undefined;
  if (logType !== kind) writer.keep(name, kind);
  if (logType !== undefined) writer.set('log_type', logType, name);
}

/** The conversation of a call, answer included, where the bodies do not tell it. */
function addConversation(writer: DraftWriter, messages: unknown): void {
  const { fields } = writer.draft;
  if (!looksLikeMessages(messages) || 'prompt_messages' in fields) {
    return writer.keep('mlflow.chat.messages', messages);
  }
  const last = messages.at(-1);
  const endsWithAnswer = messages.length > 1 && last?.['role'] === 'assistant';
  if (endsWithAnswer && 'completion_message' in fields) writer.keep('mlflow.chat.messages', messages);
  writer.set('prompt_messages', endsWithAnswer ? messages.slice(0, -1) : messages, 'mlflow.chat.messages');
  if (endsWithAnswer && !('completion_message' in fields)) {
    writer.set('completion_message', last, 'mlflow.chat.messages');
  }
}

function addAttributes(writer: DraftWriter, attributes: Record<string, unknown>): void {
  const others: Record<string, unknown> = {};
  addKind(writer, attributes['mlflow.spanType'], 'mlflow.spanType');
  for (const [name, value] of Object.entries(attributes)) {
    const field = scalarFields.get(name);
    const inner = objectFields.get(name);
    if (name === 'mlflow.spanType' || name === 'mlflow.chat.messages') continue;
    if (name === 'mlflow.traceRequestId') continue;
    if (field !== undefined) writer.set(field, value, name);
    else if (inner !== undefined && isObject(value)) addInner(writer, value, inner, name);
    else others[name] = value;
  }
  addBodies(writer.draft, attributes['mlflow.spanInputs'], attributes['mlflow.spanOutputs']);
  addConversation(writer, attributes['mlflow.chat.messages']);
  writer.addAttributes(others);
}

function addInner(
  writer: DraftWriter,
  value: Record<string, unknown>,
  fields: ReadonlyMap<string, string>,
  name: string,
): void {
  for (const [key, item] of Object.entries(value)) {
    const field = fields.get(key);
    if (field === undefined) writer.keep(`${name}.${key}`, item);
    else writer.set(field, item, `${name}.${key}`);
  }
}

const taken = new Set([
  'trace_id',
  'request_id',
  'span_id',
  'parent_id',
  'parent_span_id',
  'context',
  'name',
  'start_time_unix_nano',
  'end_time_unix_nano',
  'start_time',
  'end_time',
  'start_time_ns',
  'end_time_ns',
  'status',
  'status_code',
  'status_message',
  'attributes',
  'events',
  'span_type',
  'inputs',
  'outputs',
]);

function addTime(writer: DraftWriter, end: 'start' | 'end', span: Record<string, unknown>): void {
  const names = [`${end}_time_unix_nano`, `${end}_time_ns`, `${end}_time`].filter(
    (name) => !isAbsent(span[name]),
  );
  const [first, ...others] = names;
  if (first !== undefined) writer.place(end, span[first], first);
  for (const name of others) writer.keep(name, span[name]);
}

/** Maps one span. `traceId` is what the trace around it says, for spans that do not name MLflow's own trace id. */
export function mapMlflowSpan(
  span: Record<string, unknown>,
  attributes: Record<string, unknown>,
  traceId: unknown,
): SpanDraft {
  const writer = new DraftWriter();
  const { draft } = writer;
  const context = isObject(span['context']) ? span['context'] : {};
  const otelTraceId = span['trace_id'] ?? context['trace_id'];
  const named = attributes['mlflow.traceRequestId'] ?? span['request_id'];
  const [nameOfTrace, trace] = !isAbsent(named)
    ? ['mlflow.traceRequestId', named]
    : !isAbsent(traceId)
      ? ['trace_id', traceId]
      : ['trace_id', otelTraceId];
  writer.place('traceId', trace, nameOfTrace);
  if (otelTraceId !== trace) writer.keep('trace_id', otelTraceId);
  writer.place('spanId', span['span_id'] ?? context['span_id'], 'span_id');
  writer.place('parentId', span['parent_id'] ?? span['parent_span_id'], 'parent_id');
  addTime(writer, 'start', span);
  addTime(writer, 'end', span);
  writer.set('span_name', span['name'], 'name');
  if ('status' in span) addStatusObject(draft, span['status']);
  if ('status_code' in span) addStatus(draft, span['status_code'], span['status_message']);
  else writer.keep('status_message', span['status_message']);
  addAttributes(writer, attributes);
  addKind(writer, span['span_type'], 'span_type');
  writer.set('input', span['inputs'], 'inputs');
  writer.set('output', span['outputs'], 'outputs');
  addEvents(draft, span['events']);
  writer.keepRest(span, taken);
  return draft;
}
