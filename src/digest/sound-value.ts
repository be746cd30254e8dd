import { isContainer } from '../input/nesting.js';

/**
 * Whether a parsed JSON value holds no half of a character and is nested no deeper than so many levels; `[]` is one.
 * A text of one byte a character holds none by its kind, so texts are not read for this.
 */
export function isSound(value: unknown, maxDepth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (!isContainer(value)) return true;
  if (maxDepth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isSound(item, maxDepth - 1)) return false;
    return true;
  }
  for (const key in value) if (!key.isWellFormed() || !isSound(value[key], maxDepth - 1)) return false;
  return true;
}
