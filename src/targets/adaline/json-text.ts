/** Stands for an input or an output that a span does not have: the API wants both. */
export const nothing = '{}';

const bareJson = /^(?:-?\d[\d.eE+-]*|true|false|null)$/;
const lastOf: ReadonlyMap<string | undefined, string> = new Map([
  ['{', '}'],
  ['[', ']'],
  ['"', '"'],
]);

/** Whether a text begins and ends as JSON does. Most texts do not, and an attempt that fails is dear. */
function mayBeJson(text: string): boolean {
  const bare = text.trim();
  const last = lastOf.get(bare[0]);
  return last === undefined ? bareJson.test(bare) : bare.endsWith(last);
}

/** What a JSON text says; undefined for every other text, which no JSON is. */
export function parseJson(text: string): unknown {
  if (!mayBeJson(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/**
 * A text as the JSON that the API wants: as it is where it is the JSON of anything but a text, else as a JSON string.
 * `textOfJson` undoes it.
 */
export function jsonOfText(text: string | undefined): string {
  if (text === undefined) return nothing;
  const value = parseJson(text);
  const isJson = value !== undefined && typeof value !== 'string' && text !== nothing;
  return isJson ? text : JSON.stringify(text);
}

/** The words of a JSON string, other JSON as its text; undefined where there is nothing. */
export function textOfJson(json: string): string | undefined {
  if (json === nothing) return undefined;
  if (!/^\s*"/.test(json)) return json;
  const value = parseJson(json);
  return typeof value === 'string' ? value : json;
}
