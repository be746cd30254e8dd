import { isContainer } from '../input/nesting.js';
import { remember } from './remember.js';

/** Shorter strings are written in less time than it takes to find them. */
export const longFrom = 100;
/** What `JSON.stringify` escapes, and every half of a character, since some are lone. */
const mayNeedEscape = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;
/** Control characters that are seldom in a text, and left to `JSON.stringify`. */
const seldom = /[^\t\n -\uffff]/;

/**
 * `JSON.stringify` of a string. That takes the characters one by one, though most of them need no escape: it is left
 * what is short and needs one, and what looks like JSON, which is full of quotes.
 */
export function stringText(text: string): string {
  if (text.length < longFrom) return mayNeedEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
  const first = text.charCodeAt(0);
  if (first === openBrace || first === openBracket || seldom.test(text) || !text.isWellFormed()) {
    return JSON.stringify(text);
  }
  let escaped = text;
  if (escaped.includes('\\')) escaped = escaped.replaceAll('\\', '\\\\');
  if (escaped.includes('"')) escaped = escaped.replaceAll('"', '\\"');
  if (escaped.includes('\n')) escaped = escaped.replaceAll('\n', '\\n');
  if (escaped.includes('\t')) escaped = escaped.replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

const [openBrace, openBracket] = [0x7b, 0x5b] as const;

/** A comma, a name and its colon. Names repeat in every row. */
export const nextName = remember((name) => `,${JSON.stringify(name)}:`);
/** The same of the first name in an object, behind the brace. */
export const firstName = remember((name) => `{${JSON.stringify(name)}:`);

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
  } else if (typeof value === 'number' && Number.isFinite(value)) sink.text += String(value);
  else if (Array.isArray(value)) writeList(value, sink);
  else if (isContainer(value)) writeObject(value, sink);
  else sink.text += JSON.stringify(value);
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

function writeObject(object: Readonly<Record<string, unknown>>, sink: JsonSink): void {
  let isFirst = true;
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    sink.text += isFirst ? firstName(name) : nextName(name);
    writeJson(value, sink);
    isFirst = false;
  }
  sink.text += isFirst ? '{}' : '}';
}
