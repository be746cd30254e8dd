import { isObject, parseJsonContainer } from './text.js';

/** What a change gives in place of a value that is to go. */
export const gone = Symbol('gone');

/**
 * Changes the values that a dotted path names, in a copy: `metadata.user.email` is the key `user.email` of the metadata
 * and the key `email` of its `user`, also where `user` is a list of objects or JSON text (which is written anew then, and
 * integers beyond 2^53 in it are rounded). The same reference where the path leads nowhere.
 */
export function changeAt(
  object: Record<string, unknown>,
  path: string,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  let changed = object;
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const name = path.slice(0, end);
    if (!Object.hasOwn(changed, name)) continue;
    const before = changed[name];
    const after = end === path.length ? change(before) : changeWithin(before, path.slice(end + 1), change);
    if (after !== before) changed = withEntry(changed, name, after);
  }
  return changed;
}

function changeWithin(value: unknown, path: string, change: (value: unknown) => unknown): unknown {
  if (typeof value === 'string') {
    const inner = parseJsonContainer(value);
    if (inner === undefined) return value;
    const changed = changeWithin(inner, path, change);
    return changed === inner ? value : JSON.stringify(changed);
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => (isObject(item) ? changeWithin(item, path, change) : item));
    return items.every((item, position) => item === value[position]) ? value : items;
  }
  return isObject(value) ? changeAt(value, path, change) : value;
}

function withEntry(object: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const entries = Object.entries(object).map(([key, item]) => [key, key === name ? value : item] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== gone));
}
