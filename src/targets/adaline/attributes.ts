import { define } from '../../span/define.js';
import { fieldKinds } from '../../span/fields.js';
import type { Span } from '../../span/span.js';
import { asText, isObject } from '../../span/text.js';
import type { AttributeValue, Attributes } from './request.js';

/** Attributes under this prefix are fields of Respan, all others are the span's metadata. */
export const fieldPrefix = 'respan.';
const metadataPrefix = `${fieldPrefix}metadata.`;

/** Fields that were made up for Adaline, or follow from other fields in Adaline alone: a list of names. */
export const absentAttribute = `${fieldPrefix}absent`;

/** Kinds of fields that hold a text or something else, so that a text that is JSON must be told from JSON. */
const ambiguousKinds: ReadonlySet<unknown> = new Set(['text_or_object', 'text_or_list', undefined]);

function parsed(text: string): unknown {
  if (!/^\s*["[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** A value of any kind as an attribute; undefined for null, which says nothing. */
function encode(value: unknown, isAmbiguous: boolean): AttributeValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string')
    return isAmbiguous && parsed(value) !== value ? JSON.stringify(value) : value;
  return JSON.stringify(value);
}

/** A value within a message as an attribute. */
export function attributeOfValue(value: unknown): AttributeValue | undefined {
  return encode(value, true);
}

/** The value of which `attributeOfValue` made this attribute. */
export function valueOfAttribute(attribute: unknown): unknown {
  return typeof attribute === 'string' ? parsed(attribute) : attribute;
}

/** A field of a span as an attribute: texts and numbers as they are, everything else as JSON. */
export function attributeOfField(field: string, value: unknown): AttributeValue | undefined {
  return encode(value, ambiguousKinds.has(fieldKinds.get(field)));
}

const textKinds: ReadonlySet<unknown> = new Set([
  'identifier',
  'time',
  'text',
  'string',
  'name',
  'label',
  'log_type',
]);

/** The field's value of which `attributeOfField` made this attribute. */
export function fieldOfAttribute(field: string, value: unknown): unknown {
  return typeof value === 'string' && !textKinds.has(fieldKinds.get(field)) ? parsed(value) : value;
}

/** Adds an attribute, if there is a value to it. */
export function setAttribute(attributes: Attributes, name: string, value: AttributeValue | undefined): void {
  if (value !== undefined) define(attributes, name, value);
}

/** The attribute of an entry of the metadata. Names that are empty or look like fields get a prefix. */
function metadataAttributeOf(name: string): string {
  return name !== '' && !name.startsWith(fieldPrefix) ? name : metadataPrefix + name;
}

/**
 * Adds the metadata under its own names, lists and objects as JSON: to Respan too they are texts. `longest`: entries
 * of more characters are left out.
 */
export function addMetadataAttributes(
  span: Span,
  attributes: Attributes,
  longest = Number.POSITIVE_INFINITY,
): void {
  const { metadata } = span;
  if (!isObject(metadata)) return;
  for (const [name, value] of Object.entries(metadata)) {
    const attribute = encode(value, false);
    if (typeof attribute === 'string' && attribute.length > longest) continue;
    setAttribute(attributes, metadataAttributeOf(name), attribute);
  }
}

/** The entry of the metadata that an attribute is; undefined for a field. */
export function metadataNameOf(attribute: string): string | undefined {
  if (attribute.startsWith(metadataPrefix)) return attribute.slice(metadataPrefix.length);
  return attribute.startsWith(fieldPrefix) ? undefined : attribute;
}

/** A list in the metadata, be it one or its JSON; empty where it is none. */
export function listOf(value: unknown): unknown[] {
  const list = typeof value === 'string' ? parsed(value) : value;
  return Array.isArray(list) ? list.filter((item) => item !== null) : [];
}

/** The texts of such a list. */
export function textsOf(value: unknown): string[] {
  return listOf(value).map(asText);
}
