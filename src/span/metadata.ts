import { define } from './define.js';
import { isCredential } from './fields.js';
import { jsonText } from './json-text.js';
import { asText, isAbsent, isObject } from './text.js';

/** JSON without the values of credential keys, at any depth. */
function encodeWithout(value: object): { text: string; dropped: boolean } {
  // A replacer is called for every value, which most objects need not pay for.
  if (!holdsCredential(value)) return { text: jsonText(value), dropped: false };
  const text = JSON.stringify(value, (key, item: unknown) => (isCredential(key) ? undefined : item));
  return { text, dropped: true };
}

function holdsCredential(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsCredential);
  if (!isObject(value)) return false;
  for (const name in value) if (isCredential(name) || holdsCredential(value[name])) return true;
  return false;
}

/**
 * Adds one value under its own name. The destination's metadata is a map of strings: numbers and booleans are
 * written out and objects JSON-encoded, so that CSV and JSONL agree. "Nothing" is left out, and so are credentials:
 * then the return value names them. A name that is taken by another value gets a number: `cost_2`.
 */
export function addMetadata(
  metadata: Record<string, unknown>,
  name: string,
  value: unknown,
): string | undefined {
  if (isAbsent(value)) return undefined;
  if (isCredential(name)) return name;
  if (typeof value !== 'object' || value === null) {
    setFree(metadata, name, asText(value));
    return undefined;
  }
  const { text, dropped } = encodeWithout(value);
  setFree(metadata, name, text);
  return dropped ? name : undefined;
}

function setFree(metadata: Record<string, unknown>, name: string, text: string): void {
  let free = name;
  for (let number = 2; Object.hasOwn(metadata, free) && metadata[free] !== text; number += 1) {
    free = `${name}_${number}`;
  }
  define(metadata, free, text);
}

/** The entries of a metadata field: an object's own; anything else is one entry `metadata`. */
export function metadataEntries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [['metadata', value]];
}
