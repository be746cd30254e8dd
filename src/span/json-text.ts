import { remember } from './remember.js';

/** `JSON.stringify` is quicker for shorter strings, and so it is than to find them. */
export const longFrom = 100;
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

/** What JSON is written to. */
export interface JsonSink {
  text: string;
  /** Writes a long string by other means, behind the text so far; false where it has none. */
  copy?(long: string): boolean;
}

/** `JSON.stringify` of a value that came from JSON, or was made of such values. */
export function jsonText(value: unknown): string {
  const sink: JsonSink = { text: '' };
  writeJson(value, sink);
  return sink.text;
}

export function writeJson(value: unknown, sink: JsonSink): void {
  if (typeof value === 'string') {
    if (value.length < longFrom || sink.copy?.(value) !== true) sink.text += stringText(value);
  } else if (typeof value !== 'object' || value === null) sink.text += JSON.stringify(value);
  else if (Array.isArray(value)) writeList(value, sink);
  else writeObject(value, sink);
}

function writeList(list: readonly unknown[], sink: JsonSink): void {
  // Numbers are best written at once: an embedding has thousands.
  if (typeof list[0] === 'number') {
    sink.text += JSON.stringify(list);
    return;
  }
  let before = '[';
  for (const item of list) {
    sink.text += before;
    writeJson(item === undefined ? null : item, sink);
    before = ',';
  }
  sink.text += before === '[' ? '[]' : ']';
}

function writeObject(object: object, sink: JsonSink): void {
  let before = '{';
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    sink.text += before + nameText(name);
    writeJson(value, sink);
    before = ',';
  }
  sink.text += before === '{' ? '{}' : '}';
}
