import { remember } from './remember.js';

/** `JSON.stringify` is quicker for shorter strings. */
const longFrom = 64;
/** Control characters that are seldom in a text, and left to `JSON.stringify`. */
const seldom = /[^\t\n -\uffff]/;

/**
 * `JSON.stringify` of a string, in half of the time where it is long: that takes the characters one by one, though most
 * of them need no escape.
 */
export function stringText(text: string): string {
  if (text.length < longFrom || seldom.test(text) || !text.isWellFormed()) return JSON.stringify(text);
  let escaped = text;
  if (escaped.includes('\\')) escaped = escaped.replaceAll('\\', '\\\\');
  if (escaped.includes('"')) escaped = escaped.replaceAll('"', '\\"');
  if (escaped.includes('\n')) escaped = escaped.replaceAll('\n', '\\n');
  if (escaped.includes('\t')) escaped = escaped.replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** A name and its colon. Names repeat in every row. */
export const nameText = remember((name) => `${JSON.stringify(name)}:`);

/** `JSON.stringify` of a value that came from JSON, or was made of such values. */
export function jsonText(value: unknown): string {
  if (typeof value === 'string') return stringText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? listText(value) : objectText(value);
}

function listText(list: readonly unknown[]): string {
  // Numbers are best written at once: an embedding has thousands.
  if (typeof list[0] === 'number') return JSON.stringify(list);
  let text = '';
  for (const item of list) text += `,${item === undefined ? 'null' : jsonText(item)}`;
  return `[${text.slice(1)}]`;
}

function objectText(object: object): string {
  let text = '';
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined) text += `,${nameText(name)}${jsonText(value)}`;
  }
  return `{${text.slice(1)}}`;
}
