import { isObject, parseJsonContainer } from './text.js';

const redacted = '[redacted]';

/** Keys of a message that the destination reads; what people said is elsewhere. */
const messageStructure = new Set(['role', 'type']);

export interface RedactOptions {
  patterns: readonly RegExp[];
  /** Numbers are searched as they are written, and become text where they match. */
  numbers: boolean;
  /** The roles and types of messages stay. */
  messages: boolean;
}

/**
 * Replaces what the patterns match by `[redacted]`, in strings at any depth; keys stay. JSON text is searched twice:
 * in its strings as they read, without escapes, and as the text that it is; where its strings match it is written anew, and
 * integers beyond 2^53 in it are rounded. The same reference where nothing matches.
 */
export function redact(value: unknown, options: RedactOptions): unknown {
  if (typeof value === 'string') return redactText(value, options);
  if (typeof value === 'number' && options.numbers) {
    const text = String(value);
    const changed = replaceAll(text, options.patterns);
    return changed === text ? value : changed;
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => redact(item, options));
    return items.every((item, position) => item === value[position]) ? value : items;
  }
  return isObject(value) ? redactEntries(value, options) : value;
}

function redactEntries(object: Record<string, unknown>, options: RedactOptions): Record<string, unknown> {
  let changed = false;
  const entries = Object.entries(object).map(([name, item]) => {
    const after = options.messages && messageStructure.has(name) ? item : redact(item, options);
    changed ||= after !== item;
    return [name, after] as const;
  });
  return changed ? Object.fromEntries(entries) : object;
}

function redactText(text: string, options: RedactOptions): string {
  return replaceAll(redactJson(text, options), options.patterns);
}

function redactJson(text: string, options: RedactOptions): string {
  const inner = parseJsonContainer(text);
  if (inner === undefined) return text;
  try {
    const after = redact(inner, { ...options, numbers: false });
    return after === inner ? text : JSON.stringify(after);
  } catch (error) {
    // Nested deeper than the stack: `--max-depth` does not look into texts. It is still searched as text.
    if (error instanceof RangeError) return text;
    throw error;
  }
}

function replaceAll(text: string, patterns: readonly RegExp[]): string {
  return patterns.reduce((before, pattern) => before.replace(pattern, () => redacted), text);
}
