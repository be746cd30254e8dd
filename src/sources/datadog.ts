import { logTypeFromKind } from '../span/log-type.js';
import { exactValue } from '../span/source-text.js';
import type { SpanDraft } from '../span/span.js';
import { isAbsent, isEmptyContainer, isObject, parseJsonContainer } from '../span/text.js';
import { badField, DraftWriter, notASpan } from './draft-writer.js';
import { unwrap, spansOf, recogniser } from './recognisers/datadog.js';
import type { MapContext, Mapped, Source } from './source.js';

const metricFields = new Map([
  ['input_tokens', 'prompt_tokens'],
  ['output_tokens', 'completion_tokens'],
  ['total_tokens', 'total_request_tokens'],
  ['cache_read_input_tokens', 'prompt_cache_hit_tokens'],
  ['cache_write_input_tokens', 'prompt_cache_creation_tokens'],
  ['reasoning_output_tokens', 'reasoning_tokens'],
  ['time_to_first_token', 'time_to_first_token'],
]);

const parameterFields = new Set([
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'frequency_penalty',
  'presence_penalty',
  'stream',
  'tool_choice',
  'reasoning_effort',
]);

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? (parseJsonContainer(value) ?? value) : value;
}

function flag(failed: boolean): number {
  return failed ? 500 : 200;
}

/** `{messages}`, `{value}`, `{documents}`, or any JSON value in place of the object. */
function addSide(writer: DraftWriter, side: 'input' | 'output', value: unknown): void {
  const field = `meta.${side}`;
  const read = parsed(value);
  if (!isObject(read)) return writer.set(side, value, field);
  const { messages, value: text, documents, ...rest } = read;
  if (!isAbsent(messages) && !isEmptyContainer(messages)) {
    const isOne = side === 'output' && Array.isArray(messages) && messages.length === 1;
    const target =
      side === 'input' ? 'prompt_messages' : isOne ? 'completion_message' : 'completion_messages';
    writer.set(target, isOne ? messages[0] : messages, `${field}.messages`);
    writer.set(side, isAbsent(text) ? messages : text, `${field}.messages`);
  }
  if (!isAbsent(text)) writer.set(side, text, `${field}.value`);
  if (!isAbsent(documents)) writer.set(side, documents, `${field}.documents`);
  for (const [name, item] of Object.entries(rest)) {
    if (name === 'parameters' && isObject(item)) addParameters(writer, item, `${side}.parameters.`);
    else writer.keep(`${side}.${name}`, item);
  }
}

function addParameters(writer: DraftWriter, parameters: Record<string, unknown>, prefix: string): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (parameterFields.has(name)) writer.set(name, value, `${prefix}${name}`);
    else writer.keep(`${prefix}${name}`, value);
  }
}

function addMeta(writer: DraftWriter, meta: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(meta)) {
    if (name === 'input' || name === 'output') addSide(writer, name, value);
    else if (name === 'metadata' && isObject(value)) addParameters(writer, value, '');
    else if ((name === 'error' || name === 'span' || name === 'model') && isObject(value)) {
      for (const [inner, item] of Object.entries(value)) addMetaValue(writer, `${name}.${inner}`, item);
    } else addMetaValue(writer, name, value);
  }
}

function addMetaValue(writer: DraftWriter, name: string, value: unknown): void {
  switch (name) {
    case 'span.kind':
    case 'span_kind':
    case 'kind':
      return addKind(writer, name, value);
    case 'model_name':
      return writer.set('model', value, 'meta.model_name');
    case 'model_provider':
      return writer.set('provider_id', value, 'meta.model_provider');
    case 'error.message':
      return writer.set('error_message', value, 'meta.error.message');
    case 'tool_definitions':
      return writer.keep(name, parsed(value));
    default:
      writer.keep(name, value);
  }
}

function addKind(writer: DraftWriter, name: string, kind: unknown): void {
  const logType = logTypeFromKind(kind);
  if (logType !== kind) writer.keep(name, kind);
  if (logType !== undefined) writer.set('log_type', logType, name);
}

function addStatus(writer: DraftWriter, status: unknown): void {
  if (status === 'ok' || status === 'error') writer.set('status_code', flag(status === 'error'), 'status');
  else writer.keep('status', status);
}

const taken = new Set([
  'span_id',
  'trace_id',
  'parent_id',
  'name',
  'start_ns',
  'start_ms',
  'duration',
  'status',
  'meta',
  'metrics',
  'session_id',
  'input',
  'output',
  'metadata',
  'span_kind',
  'model_name',
  'model_provider',
  'error',
]);

function mapSpan(row: Record<string, unknown>, exact: (name: string) => unknown): SpanDraft | string {
  const span = unwrap(row);
  const writer = new DraftWriter();
  const { draft } = writer;
  for (const name of ['meta', 'metrics']) {
    if (!isAbsent(span[name]) && !isObject(parsed(span[name]))) return name;
  }
  writer.place('traceId', exact('trace_id'), 'trace_id');
  writer.place('spanId', exact('span_id'), 'span_id');
  writer.place('parentId', exact('parent_id'), 'parent_id');
  const startName = 'start_ns' in span ? 'start_ns' : 'start_ms';
  writer.place('start', exact(startName), startName);
  if (startName === 'start_ns') writer.keep('start_ms', span['start_ms']);
  draft.latency = { value: span['duration'], unit: 'ns' };
  draft.sourceNames['latency'] = 'duration';
  writer.set('span_name', span['name'], 'name');
  writer.set('session_identifier', span['session_id'], 'session_id');
  addStatus(writer, span['status']);
  const meta = parsed(span['meta']);
  const own = ['metadata', 'span_kind', 'model_name', 'model_provider', 'error', 'input', 'output'].filter(
    (name) => !isAbsent(span[name]),
  );
  // The export API writes beside the ids what the tracers write below `meta`.
  addMeta(writer, Object.fromEntries(own.map((name) => [name, span[name]])));
  if (isObject(meta)) addMeta(writer, meta);
  const metrics = parsed(span['metrics']);
  for (const [name, value] of Object.entries(isObject(metrics) ? metrics : {})) {
    const field = metricFields.get(name);
    if (field === undefined) writer.keep(`metrics.${name}`, value);
    else writer.set(field, value, `metrics.${name}`);
  }
  writer.keepRest(span, taken);
  if (span !== row) {
    writer.keepRest(row, new Set(['attributes', 'type', 'id']));
    if (row['id'] !== span['span_id']) writer.keep('id', row['id']);
    if (row['type'] !== 'span') writer.keep('type', row['type']);
  }
  return draft;
}

function map(row: unknown, context: MapContext): Mapped {
  if (isObject(row) && Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const drafts: SpanDraft[] = [];
  for (const item of spansOf(row)) {
    if (!isObject(item) || !('span_id' in unwrap(item) || 'trace_id' in unwrap(item))) {
      return { kind: 'reject', problem: notASpan(item, 'a span of Datadog') };
    }
    const span = unwrap(item);
    // Inside a list the source text has no path; the numbers then are as exact as JSON.parse reads them.
    const path = item !== row ? undefined : span === item ? [] : ['attributes'];
    const draft = mapSpan(item, (name) =>
      path === undefined ? span[name] : exactValue(span[name], [...path, name], context.text),
    );
    if (typeof draft === 'string') {
      return { kind: 'reject', problem: badField(draft, span[draft], 'an object') };
    }
    drafts.push(draft);
  }
  return drafts.length === 0 ? { kind: 'skip', reason: 'empty_request' } : { kind: 'drafts', drafts };
}

/**
 * Spans of Datadog LLM Observability: as the tracers send them (`start_ns`, `meta`, `metrics`; dd-trace-py, commit
 * 3bb9ecda, `_writer.py`), alone or in a request's `spans`; as the HTTP API takes them (`data.attributes.spans`, with
 * `ml_app`, `session_id` and `tags` for all of them); and as the export API returns them (`start_ms`, the same
 * facts flat below `attributes`), alone or in a page's `data`. `start_ns` and `duration` are nanoseconds; a parent
 * `undefined` is none. The export API's shape is not verified.
 *
 * Dropped: what a request or page says beside its spans (tracer version, cursor); a resource's `type: "span"` and an
 * `id` that repeats `span_id`; the word of a status that the status code tells.
 */
export const datadog: Source = {
  ...recogniser,
  map,
};
