import type { SpanDraft } from '../../span/span.js';
import { asText, isAbsent, isObject } from '../../span/text.js';
import { addTo, mapAttributes } from './attributes.js';
import { keyValues } from './any-value.js';
import { addEventMessages } from './event-messages.js';

/** An event of a span in the shape of any SDK, with flat attributes. Other keys keep their names. */
export type SpanEvent = Record<string, unknown> & { attributes: Record<string, unknown> };

/** Reads one event: `{name, timeUnixNano, attributes}`, `{name, timestamp, attributes}`, `{Name, Attributes, Time}`. */
function readEvent(value: unknown): SpanEvent | undefined {
  if (!isObject(value)) return undefined;
  const { attributes, Attributes: goAttributes, ...rest } = value;
  return { ...rest, attributes: keyValues(attributes ?? goAttributes) };
}

function nameOf(event: SpanEvent): string {
  return asText(event['name'] ?? event['Name'] ?? '');
}

function isException(event: SpanEvent): boolean {
  return nameOf(event) === 'exception' || 'exception.message' in event.attributes;
}

/** Attributes of events that are the span's input and output or tell of its call. */
const promotions: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['data.input', new Map([['input', 'input']])],
  [
    'data.output',
    new Map([
      ['response', 'output'],
      ['output', 'output'],
    ]),
  ],
  [
    'metadata',
    new Map([
      ['prompt_tokens', 'prompt_tokens'],
      ['completion_tokens', 'completion_tokens'],
      ['total_tokens', 'total_request_tokens'],
      ['temperature', 'temperature'],
    ]),
  ],
  ['promptflow.function.inputs', new Map([['payload', 'input']])],
  ['promptflow.function.output', new Map([['payload', 'output']])],
]);

function promote(draft: SpanDraft, event: SpanEvent): SpanEvent {
  const name = nameOf(event);
  const fields = promotions.get(name);
  const isGenAi = name.startsWith('gen_ai.');
  if (fields === undefined && !isGenAi) return event;
  const left = new Map(Object.entries(event.attributes));
  const offered = isGenAi ? mapAttributes(event.attributes) : undefined;
  if (offered !== undefined) {
    for (const [field, value] of Object.entries(offered.fields)) {
      if (!(field in draft.fields)) draft.fields[field] = value;
    }
    return event;
  }
  for (const [attribute, field] of fields ?? []) {
    const value = left.get(attribute);
    if (isAbsent(value)) continue;
    if (field in draft.fields) {
      if (asText(draft.fields[field]) === asText(value)) left.delete(attribute);
      continue;
    }
    draft.fields[field] = value;
    draft.sourceNames[field] = `events.${name}.${attribute}`;
    left.delete(attribute);
  }
  return { ...event, attributes: Object.fromEntries(left) };
}

/**
 * Adds a span's events: an exception gives `error_message` and `status_code` 500 where nothing else does, the events
 * in which some instrumentations put prompt and answer give those. All events stay in the metadata as one list
 * `events`, without the attributes that became fields.
 */
export function addEvents(draft: SpanDraft, events: unknown): void {
  if (!Array.isArray(events) || events.length === 0) {
    if (!Array.isArray(events) && !isAbsent(events)) addTo(draft.metadata, 'events', events);
    return;
  }
  const kept: unknown[] = [];
  const read: SpanEvent[] = events.map(readEvent).filter((event) => event !== undefined);
  addEventMessages(
    draft,
    read.map((event) => ({ name: nameOf(event), attributes: event.attributes })),
  );
  for (const item of events) {
    const event = readEvent(item);
    if (event === undefined) {
      kept.push(item);
      continue;
    }
    if (isException(event)) addException(draft, event.attributes);
    kept.push(promote(draft, event));
  }
  addTo(draft.metadata, 'events', kept);
}

function addException(draft: SpanDraft, attributes: Record<string, unknown>): void {
  const message = attributes['exception.message'] ?? attributes['exception.type'];
  if (!isAbsent(message) && !('error_message' in draft.fields)) {
    draft.fields['error_message'] = message;
    draft.sourceNames['error_message'] = 'events.exception.message';
  }
  if (!('status_code' in draft.fields)) draft.fields['status_code'] = 500;
}
