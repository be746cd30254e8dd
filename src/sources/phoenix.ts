import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { badField, DraftWriter, notASpan } from './draft-writer.js';
import { flattenAttributes } from './otel/attributes.js';
import { addEvents } from './otel/events.js';
import { addStatus } from './otel/status.js';
import { readContainer } from './python-repr.js';
import { attributePrefix, hasContext, isAttribute, rowsOf, recogniser } from './recognisers/phoenix.js';
import type { MapContext, Mapped, Source } from './source.js';

/** A JSON or Python literal in a cell as what it writes. Values of messages stay texts: what looks like JSON was said. */
function cellValue(name: string, value: unknown): unknown {
  if (typeof value !== 'string' || isText(name)) return value;
  return readContainer(value);
}

function isText(name: string): boolean {
  return /(?:^|\.)(?:value|content|text|arguments|json_schema|invocation_parameters|template|status_message|name)$/.test(
    name,
  );
}

/** The attributes of a row: those in columns `attributes.…` and those of one nested `attributes`. */
function attributesOf(row: Record<string, unknown>, isRecord: boolean): Record<string, unknown> {
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (!isAttribute(name)) continue;
    const own = name.slice(attributePrefix.length);
    if (!isAbsent(value)) columns[own] = isRecord ? cellValue(own, value) : value;
  }
  const nested = isRecord ? cellValue('attributes', row['attributes']) : row['attributes'];
  return isObject(nested) ? { ...Object.fromEntries(flattenAttributes(nested)), ...columns } : columns;
}

const taken = new Set([
  'name',
  'span_kind',
  'parent_id',
  'start_time',
  'end_time',
  'status_code',
  'status_message',
  'events',
  'attributes',
  'context',
  'context.trace_id',
  'context.span_id',
]);

function mapSpan(row: Record<string, unknown>, isRecord: boolean): SpanDraft {
  const writer = new DraftWriter();
  const context = isRecord ? cellValue('context', row['context']) : row['context'];
  const ids = isObject(context) ? context : {};
  writer.place('traceId', row['context.trace_id'] ?? ids['trace_id'], 'context.trace_id');
  writer.place('spanId', row['context.span_id'] ?? ids['span_id'], 'context.span_id');
  writer.place('parentId', row['parent_id'], 'parent_id');
  writer.place('start', row['start_time'], 'start_time');
  writer.place('end', row['end_time'], 'end_time');
  writer.set('span_name', row['name'], 'name');
  const events = isRecord ? cellValue('events', row['events']) : row['events'];
  addStatus(writer.draft, row['status_code'], row['status_message']);
  const attributes = attributesOf(row, isRecord);
  const { span_kind: kind } = row;
  const kindName = 'openinference.span.kind';
  if (isAbsent(attributes[kindName])) attributes[kindName] = kind;
  else if (attributes[kindName] !== kind) writer.keep('span_kind', kind);
  writer.addAttributes(attributes);
  addEvents(writer.draft, events);
  writer.keepRest(ids, new Set(['trace_id', 'span_id']), 'context.');
  const others = Object.entries(row).filter(([name]) => !isAttribute(name));
  writer.keepRest(Object.fromEntries(others), taken);
  return writer.draft;
}

function map(row: unknown, context: MapContext): Mapped {
  const { isRecord } = context;
  const drafts: SpanDraft[] = [];
  for (const span of rowsOf(row)) {
    if (isObject(span) && Object.keys(span).length === 0) continue;
    if (!isObject(span) || !(hasContext(span) || 'context.trace_id' in span || 'span_kind' in span)) {
      return { kind: 'reject', problem: notASpan(span, 'a span of Phoenix') };
    }
    const { attributes } = span;
    if (!isRecord && !isAbsent(attributes) && !isObject(attributes)) {
      return { kind: 'reject', problem: badField('attributes', attributes, 'an object') };
    }
    drafts.push(mapSpan(span, isRecord));
  }
  return drafts.length === 0 ? { kind: 'skip', reason: 'empty_object' } : { kind: 'drafts', drafts };
}

/**
 * Spans of Arize Phoenix with OpenInference attributes: data frames as JSONL or CSV (columns `context.span_id`,
 * `attributes.llm.model_name`, …; lists are JSON or Python literals in a CSV) and the REST client's spans (nested
 * `context` and `attributes`). Names from `openinference` 1fe497f1, `spec/semantic_conventions.md`. Times are ISO 8601
 * or the epoch milliseconds of pandas. Run on real data frames as JSONL; the CSV and the nested shape are built from
 * the documentation.
 *
 * Slices by kind of one trace join by their ids; ancestors that were not exported leave orphans. A dataset export has
 * no ids and no times and is not of this format. Dropped: `span_kind` where the attribute repeats it, the status words
 * that the status code tells, empty lists and dictionaries.
 */
export const phoenix: Source = {
  ...recogniser,
  map,
};
