import { isDeepStrictEqual } from 'node:util';

import type { Span } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import {
  absentAttribute,
  attributeOfField,
  attributeOfValue,
  fieldPrefix,
  setAttribute,
} from './attributes.js';
import type { Attributes } from './request.js';

/** Fields of a span that never become attributes: ids and times have places of their own, metadata its own names. */
const placed: ReadonlySet<string> = new Set([
  'trace_unique_id',
  'span_unique_id',
  'span_parent_id',
  'start_time',
  'timestamp',
  'metadata',
]);

/** Fields of messages, whose parts are compared one by one. */
const messageFields: ReadonlySet<string> = new Set([
  'prompt_messages',
  'completion_message',
  'completion_messages',
]);

function differ(
  path: string,
  told: unknown,
  read: unknown,
  attributes: Attributes,
  absent: string[],
): boolean {
  if (Array.isArray(told) && Array.isArray(read) && told.length === read.length) {
    return told.every((item, index) => differ(`${path}.${index}`, item, read[index], attributes, absent));
  }
  if (!isObject(told) || !isObject(read)) return false;
  for (const [name, value] of Object.entries(told)) {
    const isSame = isDeepStrictEqual(value, read[name]);
    if (isSame || (value === null && read[name] === undefined)) continue;
    if (value === null) absent.push(`${path}.${name}`);
    else setAttribute(attributes, `${fieldPrefix}${path}.${name}`, attributeOfValue(value));
  }
  for (const name of Object.keys(read)) if (!Object.hasOwn(told, name)) absent.push(`${path}.${name}`);
  return true;
}

/**
 * Adds what the places of Adaline do not say of a span. `read` is what they do say, in fields of Respan: a field of the
 * span that differs becomes an attribute, message by message where it can; fields that the span does not have are listed.
 */
export function addDifferences(
  span: Span,
  read: Readonly<Record<string, unknown>>,
  attributes: Attributes,
): void {
  const absent: string[] = [];
  for (const [field, value] of Object.entries(span)) {
    if (placed.has(field) || value === read[field] || isDeepStrictEqual(value, read[field])) continue;
    if (messageFields.has(field) && differ(field, value, read[field], attributes, absent)) continue;
    setAttribute(attributes, fieldPrefix + field, attributeOfField(field, value));
  }
  for (const field of Object.keys(read)) if (!Object.hasOwn(span, field)) absent.push(field);
  if (absent.length > 0) setAttribute(attributes, absentAttribute, JSON.stringify(absent));
}
