import { isObject, parseJsonContainer } from '../span/text.js';

/** A scalar and where it stands: `messages[0].content`. */
export interface Leaf {
  path: string;
  value: string | number | boolean | null;
  /** True where it was found inside of a text that is JSON. */
  encoded: boolean;
}

/** All scalars of a value, also those inside of texts that are JSON documents. Walks without recursion. */
export function leavesOf(value: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const waiting: { path: string; value: unknown; encoded: boolean }[] = [{ path: '', value, encoded: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, encoded } = next;
    const container = typeof next.value === 'string' ? parseJsonContainer(next.value) : next.value;
    const within = encoded || (typeof next.value === 'string' && container !== undefined);
    if (Array.isArray(container)) {
      container.forEach((entry: unknown, position) =>
        waiting.push({ path: `${path}[${position}]`, value: entry, encoded: within }),
      );
    } else if (isObject(container)) {
      for (const [name, entry] of Object.entries(container)) {
        waiting.push({ path: path === '' ? name : `${path}.${name}`, value: entry, encoded: within });
      }
    } else if (isScalar(next.value)) {
      leaves.push({ path, value: next.value, encoded });
    }
  }
  return leaves.toReversed();
}

function isScalar(value: unknown): value is Leaf['value'] {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  );
}
