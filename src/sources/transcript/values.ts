import { define } from '../../span/define.js';
import { asText, isAbsent, isObject, shown } from '../../span/text.js';
import type { Mapped } from '../source.js';

export type JsonObject = Record<string, unknown>;

/** A text that says something; undefined for everything else. */
export function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of a record that have no place of their own, under their dotted names. */
export function leftovers(record: JsonObject, placed: ReadonlySet<string>, prefix = ''): JsonObject {
  const rest: JsonObject = {};
  for (const [name, value] of Object.entries(record)) {
    if (!placed.has(name) && !isAbsent(value)) define(rest, prefix + name, value);
  }
  return rest;
}

/** The words of content that is a text or a list of text parts; undefined where it holds more, or nothing. */
export function plainText(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const texts = content.map((part: unknown) => (isObject(part) ? part['text'] : part));
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : undefined;
}

/** Content as one text: its words where it is nothing but words, otherwise JSON. */
export function contentText(content: unknown): string | undefined {
  if (content === undefined || content === null) return undefined;
  return plainText(content) ?? asText(content);
}

export function badField(field: string, value: unknown, expected: string): Mapped {
  const message = `${shown(field)} is ${shown(value)}, not ${expected}`;
  const hint = `mend ${shown(field)} in this row, or remove the row`;
  return { kind: 'reject', problem: { code: 'bad_field', message, hint, field } };
}

export function notAnObject(value: unknown): Mapped {
  const hint = 'each row of a transcript is a JSON object';
  return {
    kind: 'reject',
    problem: { code: 'not_an_object', message: `${shown(value)} is not an object`, hint },
  };
}

/** The later of two times as transcripts write them: RFC 3339 in UTC, or seconds; both order as they are. */
export function later(one: unknown, other: unknown): unknown {
  if (typeof one === 'string' && typeof other === 'string') return other > one ? other : one;
  if (typeof one === 'number' && typeof other === 'number') return Math.max(one, other);
  return other ?? one;
}
