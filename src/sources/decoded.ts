import { parseJsonContainer } from '../span/text.js';

/** The object or list that a value is or that its JSON text encodes; every other value as it is. */
export function decoded(value: unknown): unknown {
  return typeof value === 'string' ? (parseJsonContainer(value) ?? value) : value;
}
