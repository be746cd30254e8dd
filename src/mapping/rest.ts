import type { Path } from './mapping.js';

/** The row without what the paths took; objects that become empty go too. The row itself is not touched. */
export function withoutPaths(row: Record<string, unknown>, paths: readonly Path[]): Record<string, unknown> {
  const whole = new Set(paths.flatMap(({ text, keys }) => (keys.length === 1 ? [text, keys[0]!] : [text])));
  const nested = paths.filter(({ text, keys }) => keys.length > 1 && !Object.hasOwn(row, text));
  const entries = Object.entries(row)
    .filter(([name]) => !whole.has(name))
    .map(([name, value]): [string, unknown] => {
      const inside = nested.filter(({ keys }) => keys[0] === name).map(({ keys }) => keys.slice(1));
      return [name, inside.length === 0 ? value : cut(value, inside)];
    });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function cut(value: unknown, paths: readonly (readonly string[])[]): unknown {
  // A list, or a JSON text, of which a part was taken is kept whole: without that part it would say something else.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const inside = paths.filter((keys) => keys[0] === name).map((keys) => keys.slice(1));
    if (inside.some((keys) => keys.length === 0)) return [];
    const rest: unknown = inside.length === 0 ? inner : cut(inner, inside);
    return rest === undefined ? [] : [[name, rest]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
