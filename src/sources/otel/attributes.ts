import { addBodies } from '../chat-body.js';
import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import { asText, isAbsent, isEmptyContainer, isObject, parseJsonContainer } from '../../span/text.js';
import { attributeFields, inputNames, invocationFields, outputNames } from './attribute-fields.js';
import { AttributeReader } from './attribute-reader.js';
import { dropRepeatedMessages, takeConversation } from './conversation.js';
import { takeKind } from './kind.js';
import { takeTools } from './tools.js';

/** What the attributes of a span tell, in the words of `SpanDraft`. */
export type MappedAttributes = Pick<SpanDraft, 'fields' | 'metadata' | 'sourceNames'>;

/** Attributes whose objects are values and no branches of the attribute's name. */
const opaque = new Set<string>([
  ...inputNames,
  ...outputNames,
  'metadata',
  'llm.invocation_parameters',
  'llm.input_messages',
  'llm.output_messages',
  'respan.metadata',
  'respan.properties',
]);

/** Attributes as dotted names: Phoenix, Python dumps and maps of OTLP nest some of them. Lists stay lists. */
export function flattenAttributes(attributes: Record<string, unknown>): [string, unknown][] {
  const flat: [string, unknown][] = [];
  for (const name in attributes) flatten(name, attributes[name], flat);
  return flat;
}

function flatten(name: string, value: unknown, into: [string, unknown][]): void {
  // `input: {value, mime_type}` is a branch, any other object an input itself.
  if (!isObject(value) || isEmptyContainer(value) || (opaque.has(name) && !('value' in value))) {
    into.push([name, value]);
    return;
  }
  for (const key in value) flatten(`${name}.${key}`, value[key], into);
}

/** "unknown" is what instrumentations write for a model that they could not tell. */
function saysModel(value: unknown): boolean {
  return typeof value === 'string' && value.trim().toLowerCase() !== 'unknown';
}

function takeFields(reader: AttributeReader): void {
  for (const [field, names] of attributeFields) {
    reader.fill(field, names, field === 'model' ? saysModel : undefined);
  }
  const formats = reader.peek('gen_ai.request.encoding_formats');
  if (Array.isArray(formats) && formats.length === 1) {
    reader.set('encoding_format', 'gen_ai.request.encoding_formats', formats[0]);
    reader.remaining.delete('gen_ai.request.encoding_formats');
  }
  const firstChunk = Number(reader.peek('ai.response.msToFirstChunk') ?? NaN);
  if (Number.isFinite(firstChunk) && !reader.has('time_to_first_token')) {
    reader.set('time_to_first_token', 'ai.response.msToFirstChunk', firstChunk / 1000);
    reader.remaining.delete('ai.response.msToFirstChunk');
  }
  reader.fill('embedding', ['ai.embedding']);
  if (!reader.has('model')) takeEntityModel(reader);
}

/** Monocle tells the model as one of several numbered entities: `entity.2.type` = `model.llm.gpt-4o`, `entity.2.name`. */
function takeEntityModel(reader: AttributeReader): void {
  for (const [name, type] of reader.remaining) {
    const entity = /^(entity\.\d+\.)type$/.exec(name)?.[1];
    if (entity === undefined || typeof type !== 'string' || !type.startsWith('model.llm')) continue;
    reader.fill('model', [`${entity}name`], saysModel);
  }
}

/** The parameters of a call as one JSON text; those that are no field stay under its name. */
function takeInvocationParameters(reader: AttributeReader): void {
  const name = 'llm.invocation_parameters';
  const value = reader.peek(name);
  const parameters = typeof value === 'string' ? parseJsonContainer(value) : value;
  if (!isObject(parameters)) return;
  const left: [string, unknown][] = [];
  for (const [key, item] of Object.entries(parameters)) {
    const field = invocationFields.get(key);
    const isFree = field !== undefined && !reader.has(field);
    if (isFree && !isAbsent(item)) reader.set(field, `${name}.${key}`, item);
    else if (field === undefined || reader.fields[field] !== item) left.push([key, item]);
  }
  reader.remaining.delete(name);
  if (left.length > 0) reader.remaining.set(name, Object.fromEntries(left));
}

function takeInputAndOutput(reader: AttributeReader): void {
  reader.fill('input', inputNames);
  reader.fill('output', outputNames);
  dropRepeatedMessages(reader);
  const { prompt_messages: prompt, completion_message: answer } = reader.fields;
  if (!reader.has('input') && prompt !== undefined) reader.fields['input'] = prompt;
  if (reader.has('output') || !isObject(answer)) return;
  reader.fields['output'] = typeof answer['content'] === 'string' ? answer['content'] : answer;
}

/** Request and response bodies of a chat API in `input.value` and `output.value` of a model's span. */
function readBodies(reader: AttributeReader): void {
  const { fields, sourceNames } = reader;
  const type = fields['log_type'];
  const isModel = fields['model'] !== undefined || type === 'chat' || type === 'generation';
  if (!isModel || (fields['prompt_messages'] !== undefined && fields['completion_message'] !== undefined))
    return;
  const [input, output] = [fields['input'], fields['output']].map((value) =>
    typeof value === 'string' ? parseJsonContainer(value) : value,
  );
  addBodies({ fields, metadata: {}, sourceNames }, input, output);
}

/** `respan.metadata` holds metadata as JSON, `respan.metadata.<key>` one value of it. */
function metadataOf(reader: AttributeReader): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  const own = reader.take('respan.metadata');
  const parsed = typeof own === 'string' ? parseJsonContainer(own) : own;
  if (isObject(parsed)) for (const [key, item] of Object.entries(parsed)) entries.set(key, item);
  else if (own !== undefined) entries.set('respan.metadata', own);
  const metadata = Object.fromEntries(entries);
  for (const [name, value] of reader.remaining) {
    addTo(
      metadata,
      name.startsWith('respan.metadata.') ? name.slice('respan.metadata.'.length) : name,
      value,
    );
  }
  return metadata;
}

/**
 * Maps the attributes of a span to target fields: those of OpenTelemetry's GenAI conventions, OpenLLMetry,
 * OpenInference (indexed keys, nested lists and nested objects), Vercel's AI SDK and Respan's own. Every attribute
 * that is no field is metadata under its own dotted name; attributes that repeat a field's value word for word are
 * dropped. Prefixes such as Phoenix's `attributes.` are the caller's to strip.
 */
export function mapAttributes(attributes: Record<string, unknown>): MappedAttributes {
  const reader = new AttributeReader(flattenAttributes(attributes));
  takeKind(reader);
  takeFields(reader);
  takeInvocationParameters(reader);
  takeTools(reader);
  takeConversation(reader);
  takeInputAndOutput(reader);
  readBodies(reader);
  return { fields: reader.fields, metadata: metadataOf(reader), sourceNames: reader.sourceNames };
}

/** Adds what attributes of the span's surroundings (resource) tell, where the span itself says nothing. */
export function addResource(draft: SpanDraft, attributes: Record<string, unknown>): void {
  const reader = new AttributeReader(flattenAttributes(attributes));
  const fields = ['environment', 'session_identifier', 'customer_identifier', 'thread_identifier'];
  for (const [field, names] of attributeFields) {
    if (!fields.includes(field) || field in draft.fields) continue;
    reader.fill(field, names);
  }
  if (!('span_workflow_name' in draft.fields)) reader.fill('span_workflow_name', ['service.name']);
  for (const [field, value] of Object.entries(reader.fields)) {
    draft.fields[field] = value;
    draft.sourceNames[field] = `resource.${reader.sourceNames[field] ?? field}`;
  }
  for (const [name, value] of reader.remaining) addTo(draft.metadata, `resource.${name}`, value);
}

/** Adds one value to the metadata of a draft; a name that is taken by another value gets a number. */
export function addTo(metadata: Record<string, unknown>, name: string, value: unknown): void {
  let free = name;
  for (let number = 2; Object.hasOwn(metadata, free); number += 1) {
    if (asText(metadata[free]) === asText(value)) return;
    free = `${name}_${number}`;
  }
  define(metadata, free, value);
}
