import { isObject } from './text.js';

/** End of the JSON string that begins at `at`: the index after its closing quote. */
function skipString(json: string, at: number): number {
  let index = at + 1;
  while (index < json.length && json[index] !== '"') index += json[index] === '\\' ? 2 : 1;
  return index + 1;
}

function skipSpace(json: string, at: number): number {
  let index = at;
  while (index < json.length && json.charCodeAt(index) <= 32) index += 1;
  return index;
}

/** End of the JSON value that begins at `at`. */
function skipValue(json: string, at: number): number {
  let depth = 0;
  let index = at;
  do {
    const character = json[index];
    if (character === '"') index = skipString(json, index);
    else if (character === '{' || character === '[') {
      depth += 1;
      index += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      index += 1;
    } else if (depth > 0) index += 1;
    else while (index < json.length && !/[,}\]\s]/.test(json[index] ?? '')) index += 1;
  } while (depth > 0 && index < json.length);
  return index;
}

/**
 * The text of the value at a path of keys, as it is written in a JSON object: `JSON.parse` rounds integers beyond
 * 2^53, and a rounded id is another id. Undefined where the path leads nowhere. Repeated keys: the last one, as parsed.
 */
export function sourceText(json: string, path: readonly string[]): string | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return json.slice(skipSpace(json, 0), skipValue(json, skipSpace(json, 0)));
  let index = skipSpace(json, 0);
  if (json[index] !== '{') return undefined;
  let found: string | undefined;
  index = skipSpace(json, index + 1);
  while (json[index] === '"') {
    const keyEnd = skipString(json, index);
    const key: unknown = JSON.parse(json.slice(index, keyEnd));
    const valueStart = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const valueEnd = skipValue(json, valueStart);
    if (key === name) found = json.slice(valueStart, valueEnd);
    index = skipSpace(json, valueEnd);
    if (json[index] === ',') index = skipSpace(json, index + 1);
  }
  return found === undefined ? undefined : sourceText(found, rest);
}

/** Whether `JSON.parse` may have rounded this number. */
export function isRounded(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** The value, or the source text of an integer that `JSON.parse` may have rounded. `text` is asked for only then. */
export function exactValue(value: unknown, path: readonly string[], text: () => string): unknown {
  return isRounded(value) ? (sourceText(text(), path) ?? value) : value;
}

/** `exactValue` of each value of the object at a path; other values as they are. */
export function exactEntries(value: unknown, path: readonly string[], text: () => string): unknown {
  if (!isObject(value) || !Object.values(value).some(isRounded)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, exactValue(item, [...path, name], text)]),
  );
}
