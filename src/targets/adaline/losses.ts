import { readRfc3339 } from '../../span/calendar.js';
import type { Span } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import { absentAttribute, fieldPrefix, metadataNameOf } from './attributes.js';
import { attributeReason } from './attribute-reason.js';
import { unloggedFields } from './disabled-log.js';
import type { ContentType, LogSpan } from './request.js';

/** A field that has no place of its own in Adaline. */
export interface Loss {
  /** Numbers of list items are left out: `prompt_messages[].name`. */
  field: string;
  /** `attribute`: kept as one. `approximated`: told in another way. `dropped`: not sent. */
  fate: 'attribute' | 'approximated' | 'dropped';
  why: string;
}

/** Attributes that stand for places or for this importer, and not for a field that has none. */
const unspoken: ReadonlySet<string> = new Set([
  `${fieldPrefix}trace_unique_id`,
  `${fieldPrefix}truncated`,
  absentAttribute,
]);

/** The field that an attribute keeps, numbers of list items left out. */
export function fieldOf(attribute: string): string {
  const name = metadataNameOf(attribute);
  return name === undefined
    ? attribute.slice(fieldPrefix.length).replace(/\.\d+(?=\.)/g, '[]')
    : `metadata.${name}`;
}

function attributeLoss(attribute: string, type: ContentType): Loss[] {
  if (unspoken.has(attribute)) return [];
  const field = fieldOf(attribute);
  return [{ field, fate: 'attribute', why: attributeReason(field, type) }];
}

function timeLosses(span: Span): Loss[] {
  return ['start_time', 'timestamp'].flatMap((field): Loss[] => {
    const time = span[field];
    const isRounded = typeof time === 'string' && readRfc3339(time) % 1000 !== 0;
    return isRounded ? [{ field, fate: 'approximated', why: 'Adaline tells times to the millisecond' }] : [];
  });
}

function dropped(span: Span): Loss[] {
  const { metadata } = span;
  const nulls = Object.entries(isObject(metadata) ? metadata : {}).filter(([, value]) => value === null);
  return [
    ...nulls.map(([name]): Loss => ({
      field: `metadata.${name}`,
      fate: 'dropped',
      why: 'null says nothing',
    })),
    ...unloggedFields(span).map((field): Loss => ({ field, fate: 'dropped', why: 'disable_log is set' })),
  ];
}

/** What of a span is not in a place of its own in Adaline, each field once. */
export function lossesOf(span: Span, sent: LogSpan): Loss[] {
  const attributes = Object.keys(sent.attributes).flatMap((attribute) =>
    attributeLoss(attribute, sent.content.type),
  );
  const all = [...timeLosses(span), ...attributes, ...dropped(span)];
  return [...new Map(all.map((loss) => [`${loss.fate} ${loss.field}`, loss])).values()];
}
