import { isObject } from '../../span/text.js';

type Tree = Map<string, unknown>;

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [key = '', ...below] = path;
  if (below.length === 0) {
    const branch = tree.get(key);
    if (branch instanceof Map) branch.set('', value);
    else tree.set(key, value);
    return;
  }
  const branch = tree.get(key) ?? new Map<string, unknown>();
  if (branch instanceof Map) {
    tree.set(key, branch);
    put(branch, below, value);
  } else {
    // A value already stands where the path leads on: the rest of the path becomes one key beside it.
    tree.set(path.join('.'), value);
  }
}

function plain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  const keys = [...value.keys()].map(String);
  const isList = keys.length > 0 && keys.every((key) => /^\d+$/.test(key));
  if (!isList) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return [...value].sort(([left], [right]) => Number(left) - Number(right)).map(([, item]) => plain(item));
}

/**
 * A tree of entries with dotted keys: `0.message.role` becomes `[{message: {role}}]`. Keys that are all numbers make a
 * list in their order, gaps closed. Objects inside, such as `{'message.role': …}` in a list, are spread too.
 */
export function nest(entries: Iterable<readonly [string, unknown]>): unknown {
  const tree: Tree = new Map();
  for (const [key, value] of entries) put(tree, key.split('.'), spread(value));
  return plain(tree);
}

/** Values with dotted keys anywhere inside, as nested objects. */
export function spread(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spread);
  return isObject(value) ? nest(Object.entries(value)) : value;
}
