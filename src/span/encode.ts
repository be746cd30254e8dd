import type { Problem } from '../input/row.js';
import { define } from './define.js';
import { fieldOrder } from './fields.js';
import { firstName, nextName, writeJson, type JsonSink } from './json-text.js';
import { SpanBytes } from './span-bytes.js';
import type { Span } from './span.js';
import { isObject } from './text.js';
import type { WrittenStrings } from './written-strings.js';

/** The ids of a span, as far as they are known. */
export interface SpanIds {
  traceId: string | undefined;
  spanId: string | undefined;
  parentId: string | undefined;
}

/** The server refuses larger spans. Encoded bytes. */
export const maxSpanBytes = 20 * 1024 * 1024;

/** The problem of a span whose encoding has this many bytes. */
export function checkSpanSize(bytes: number): Problem | undefined {
  if (bytes <= maxSpanBytes) return undefined;
  return {
    code: 'span_too_large',
    message: `the span is ${(bytes / 1024 / 1024).toFixed(1)} MiB; the destination takes 20 MiB`,
    hint: 'leave out or shorten its largest field, often the input, the output or full_response',
  };
}

/** The names of the fields in the order of the contract. */
function inOrder(fields: Record<string, unknown>): string[] {
  const names = Object.keys(fields);
  const places = names.map((name) => fieldOrder.get(name) ?? Infinity);
  for (let next = 1; next < names.length; next++) {
    const [name, place] = [names[next]!, places[next]!];
    let at = next;
    for (; at > 0 && places[at - 1]! > place; at--) {
      names[at] = names[at - 1]!;
      places[at] = places[at - 1]!;
    }
    names[at] = name;
    places[at] = place;
  }
  return names;
}

/** Metadata sorted by name; names that are integers come first, by their value, as in every object of JavaScript. */
function sortedByName(metadata: Record<string, unknown>): Record<string, unknown> {
  const sorted: Record<string, unknown> = {};
  for (const name of Object.keys(metadata).sort()) define(sorted, name, metadata[name]);
  return sorted;
}

function writeSpan(fields: Record<string, unknown>, ids: SpanIds, sink: JsonSink): void {
  let isFirst = true;
  const writeMember = (name: string, value: unknown): void => {
    if (value === undefined) return;
    sink.text += isFirst ? firstName(name) : nextName(name);
    writeJson(value, sink);
    isFirst = false;
  };
  writeMember('trace_unique_id', ids.traceId);
  writeMember('span_unique_id', ids.spanId);
  writeMember('span_parent_id', ids.parentId);
  for (const field of inOrder(fields)) {
    const value = fields[field];
    if (isWritten(field, ids)) continue;
    writeMember(field, field === 'metadata' && isObject(value) ? sortedByName(value) : value);
  }
  sink.text += isFirst ? '{}' : '}';
}

/**
 * A span as JSON, in one form only: ids first, fields in the order of the contract, metadata sorted by name. So rows
 * that say the same in CSV and in JSONL give the same text, and generated ids hash it.
 */
export function spanText(fields: Record<string, unknown>, ids: SpanIds): string {
  const sink: JsonSink = { text: '' };
  writeSpan(fields, ids, sink);
  return sink.text;
}

function isWritten(field: string, { traceId, spanId, parentId }: SpanIds): boolean {
  switch (field) {
    case 'trace_unique_id':
      return traceId !== undefined;
    case 'span_unique_id':
      return spanId !== undefined;
    case 'span_parent_id':
      return parentId !== undefined;
    default:
      return false;
  }
}

/** `spanText` as UTF-8. Long strings that the row has written in the same way are copied from it. */
export function encodeSpan(fields: Record<string, unknown>, ids: SpanIds, written?: WrittenStrings): Buffer {
  const bytes = new SpanBytes(written);
  writeSpan(fields, ids, bytes);
  return bytes.finish();
}

/** A span that names its ids itself. */
export function encodeWhole(span: Span): Buffer {
  return encodeSpan(span, { traceId: undefined, spanId: undefined, parentId: undefined });
}
