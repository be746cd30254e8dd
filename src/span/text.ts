import { jsonText } from './json-text.js';

/** True for the values and spellings with which systems say "nothing": `null`, `""`, `"None"`, `NaN`, … */
export function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'number') return Number.isNaN(value);
  return typeof value === 'string' && isAbsentText(value);
}

/** First characters of the spellings of "nothing". */
const initials = new Set(['N', 'n', 'u', '<'].map((letter) => letter.charCodeAt(0)));

/** Spellings of "nothing" that are never a value of their own: Python's `None`, JavaScript's `undefined`, pandas' `nan`. */
export function isAbsentText(text: string): boolean {
  const first = text.charCodeAt(0);
  // Most texts begin with a letter that none of them does.
  if (first > 0x20 && first < 0x7f && !initials.has(first)) return false;
  if (text.length > 9) return text.trim() === '';
  switch (text.trim()) {
    case '':
    case 'None':
    case 'null':
    case 'NULL':
    case 'undefined':
    case 'nan':
    case 'NaN':
    case '<NA>':
    case 'NaT':
      return true;
    default:
      return false;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a string: strings as they are, everything else JSON-encoded. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return jsonText(value);
  // JSON has no word for Infinity.
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
}

/** The object or list that a JSON text encodes; undefined for every other text. */
export function parseJsonContainer(text: string): object | undefined {
  if (!mayBeContainer(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a text has the brackets of an object or a list: a failed parse costs more than all other checks of a row. */
function mayBeContainer(text: string): boolean {
  let start = 0;
  while (text.charCodeAt(start) <= 0x20) start += 1;
  const close = text[start] === '{' ? '}' : text[start] === '[' ? ']' : undefined;
  if (close === undefined) return false;
  let end = text.length - 1;
  while (text.charCodeAt(end) <= 0x20) end -= 1;
  return text[end] === close;
}

/**
 * Whether a text may encode an object or a list in which an object has one of these keys; false only where it does not.
 * The names are made of ASCII letters, which a writer may have escaped.
 */
export function mayHoldKey(text: string, ...names: readonly string[]): boolean {
  return mayBeContainer(text) && (names.some((name) => text.includes(`"${name}"`)) || text.includes('\\u00'));
}

const emptyContainer = /^[ \t\r\n]*(?:\{[ \t\r\n]*\}|\[[ \t\r\n]*\])[ \t\r\n]*$/;

/** `{}` and `[]`, also as JSON text. */
export function isEmptyContainer(value: unknown): boolean {
  if (typeof value === 'string') return mayBeContainer(value) && emptyContainer.test(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}

/**
 * Undoes one level of JSON encoding where a text is the JSON string of a JSON document (`"\"{\\\"a\\\":1}\""`).
 * A JSON string of plain words stays: the quotes may be meant.
 */
export function decodeOnce(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"')) return text;
  try {
    const inner: unknown = JSON.parse(text);
    return typeof inner === 'string' && parseJsonContainer(inner) !== undefined ? inner : text;
  } catch {
    return text;
  }
}

/** Whether a JSON text may hold lone surrogates: only an escape can write one. Works on a text and on its bytes. */
export function hasSurrogateEscape(json: string | Buffer): boolean {
  return json.includes('\\u') && (json.includes('\\ud') || json.includes('\\uD'));
}

/** A whole character beyond the sixteenth bit, unless the backslash is itself escaped. */
const surrogatePair = /(?<!\\)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/g;

/** The same, without a false alarm for whole characters such as emoji. Dearer. */
export function hasUnpairedEscape(json: string): boolean {
  return hasSurrogateEscape(json) && hasSurrogateEscape(json.replaceAll(surrogatePair, ''));
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return value.every(isWellFormed);
  if (!isObject(value)) return true;
  for (const key in value) if (!key.isWellFormed() || !isWellFormed(value[key])) return false;
  return true;
}

function repair(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(repair);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), repair(item)]));
}

/** The value with every lone surrogate replaced by U+FFFD, in keys too; the same reference where there is none. */
export function wellFormed(value: unknown): unknown {
  return isWellFormed(value) ? value : repair(value);
}

/** A user's value for a message: one line, no control or formatting characters, cut to `length` characters. */
export function shown(value: unknown, length = 60): string {
  const text = (typeof value === 'string' ? JSON.stringify(value) : asText(value)).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    '?',
  );
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
