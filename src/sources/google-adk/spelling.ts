import type { JsonObject } from '../transcript/values.js';

/** Both spellings are in use: Python's `invocation_id`, and `invocationId` of the web API and of Java. */
export function either(record: JsonObject, name: string): unknown {
  return record[name] ?? record[camelCase(name)];
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function bothSpellings(...names: string[]): ReadonlySet<string> {
  return new Set([...names, ...names.map(camelCase)]);
}
