import { asText, isObject, parseJsonContainer } from '../../src/span/text.js';

/** All scalars below a value, JSON inside texts decoded; texts that are JSON count as what they encode. */
export function scalarsOf(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    const inner = parseJsonContainer(value);
    if (inner === undefined) addText(value, into);
    else scalarsOf(inner, into);
  } else if (Array.isArray(value)) {
    for (const item of value) scalarsOf(item, into);
  } else if (isObject(value)) {
    for (const item of Object.values(value)) scalarsOf(item, into);
  } else if (value !== null && value !== undefined) {
    into.add(asText(value));
  }
  return into;
}

function addText(text: string, into: Set<string>): void {
  const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  if (isQuoted) {
    try {
      scalarsOf(JSON.parse(text), into);
      return;
    } catch {
      // Words in quotation marks.
    }
  }
  if (text.trim() !== '') into.add(text.trim());
}
