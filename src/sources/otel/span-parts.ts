import { logTypeFromKind } from '../../span/log-type.js';
import type { DurationUnit, SpanDraft } from '../../span/span.js';
import { isAbsent, isEmptyContainer, isObject } from '../../span/text.js';
import { keyValues } from './any-value.js';
import { addResource, addTo, mapAttributes } from './attributes.js';
import { addEvents } from './events.js';
import { addStatusObject } from './status.js';

/** One value of a row and what the row calls it. */
export interface Named {
  name: string;
  value: unknown;
}

/** A span of OpenTelemetry, whichever SDK wrote it. */
export interface SpanParts {
  traceId: Named;
  spanId: Named;
  /** Undefined or zeros for a root. */
  parentId: Named;
  start: Named;
  end: Named;
  latency?: { name: string; value: unknown; unit: DurationUnit } | undefined;
  name: unknown;
  kind?: unknown;
  /** An object, or a list of key-value pairs of OTLP or Go. */
  attributes?: unknown;
  status?: unknown;
  events?: unknown;
  links?: unknown;
  resource?: unknown;
  scope?: unknown;
  /** Everything else, kept under its own names. */
  rest: Iterable<readonly [string, unknown]>;
}

/** Kinds of OpenTelemetry's API: they say on which side of a call the span was, not what it did. */
const sides = /^(?:SpanKind\.|SPAN_KIND_)?(?:UNSPECIFIED|INTERNAL|SERVER|CLIENT|PRODUCER|CONSUMER)$/i;

/** A time of 0 is how protobuf says that there is none. */
function time(value: unknown): unknown {
  return value === 0 || value === '0' ? undefined : value;
}

function addKind(draft: SpanDraft, kind: unknown): void {
  if (isAbsent(kind)) return;
  const type = typeof kind === 'string' && !sides.test(kind) ? logTypeFromKind(kind) : undefined;
  const isFree = !('log_type' in draft.fields);
  if (type !== undefined && isFree) {
    draft.fields['log_type'] = type;
    draft.sourceNames['log_type'] = 'kind';
  }
  if (type !== kind || !isFree) addTo(draft.metadata, 'kind', kind);
}

function addLinks(draft: SpanDraft, links: unknown): void {
  if (isAbsent(links) || isEmptyContainer(links)) return;
  const list: unknown[] = Array.isArray(links) ? links : [links];
  const flat = list.map((link) =>
    isObject(link) && Array.isArray(link['attributes'])
      ? { ...link, attributes: keyValues(link['attributes']) }
      : link,
  );
  addTo(draft.metadata, 'links', flat);
}

function addEntries(draft: SpanDraft, prefix: string, value: unknown): void {
  if (isAbsent(value)) return;
  if (!isObject(value)) return addTo(draft.metadata, prefix, value);
  for (const [name, item] of Object.entries(value)) {
    if (isAbsent(item) || isEmptyContainer(item)) continue;
    if (name !== 'attributes') addTo(draft.metadata, `${prefix}.${name}`, item);
    else
      for (const [key, each] of Object.entries(keyValues(item)))
        addTo(draft.metadata, `${prefix}.${key}`, each);
  }
}

function addSurroundings(draft: SpanDraft, resource: unknown, scope: unknown): void {
  if (Array.isArray(resource)) addResource(draft, keyValues(resource));
  else if (isObject(resource)) {
    const { attributes, _attributes: own, ...rest } = resource;
    addResource(draft, keyValues(attributes ?? own));
    addEntries(draft, 'resource', rest);
  } else addEntries(draft, 'resource', resource);
  addEntries(draft, 'scope', scope);
}

/** A draft of a span of OpenTelemetry. Empty lists and objects of links, events and the like are left out. */
export function draftOf(parts: SpanParts): SpanDraft {
  const { fields, metadata, sourceNames } = mapAttributes(keyValues(parts.attributes));
  const draft: SpanDraft = { fields, metadata, sourceNames };
  for (const key of ['traceId', 'spanId', 'parentId', 'start', 'end'] as const) {
    const { name, value } = parts[key];
    const isTime = key === 'start' || key === 'end';
    draft[key] = isTime ? time(value) : value;
    sourceNames[key] = name;
  }
  if (parts.latency !== undefined && !isAbsent(parts.latency.value)) {
    const { name, value, unit } = parts.latency;
    draft.latency = { value, unit };
    sourceNames['latency'] = name;
  }
  if (!isAbsent(parts.name)) {
    fields['span_name'] = parts.name;
    sourceNames['span_name'] = 'name';
  }
  addKind(draft, parts.kind);
  addStatusObject(draft, parts.status);
  addEvents(draft, parts.events);
  addLinks(draft, parts.links);
  if (!isAbsent(parts.attributes) && !isObject(parts.attributes) && !Array.isArray(parts.attributes)) {
    addTo(metadata, 'attributes', parts.attributes);
  }
  for (const [name, value] of parts.rest) {
    if (!isAbsent(value) && !isEmptyContainer(value)) addTo(metadata, name, value);
  }
  addSurroundings(draft, parts.resource, parts.scope);
  return draft;
}

/** Reads the keys of a row once each: by several spellings, what nobody asks for is the rest. */
export class RowKeys {
  private readonly left: Map<string, unknown>;

  constructor(row: Record<string, unknown>) {
    this.left = new Map(Object.entries(row));
  }

  /** The first of the names that the row has; the first name where it has none. */
  take(...names: readonly [string, ...string[]]): Named {
    const name = names.find((each) => this.left.has(each));
    if (name === undefined) return { name: names[0], value: undefined };
    const value = this.left.get(name);
    this.left.delete(name);
    return { name, value };
  }

  rest(): Map<string, unknown> {
    return this.left;
  }
}
