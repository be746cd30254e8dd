import { asText, isAbsent } from '../../span/text.js';

/** Attributes that are taken one after another; what nobody takes is the metadata. */
export class AttributeReader {
  readonly fields: Record<string, unknown> = {};
  readonly sourceNames: Record<string, string> = {};
  readonly remaining: Map<string, unknown>;

  constructor(attributes: Iterable<readonly [string, unknown]>) {
    this.remaining = new Map(attributes);
  }

  has(field: string): boolean {
    return Object.hasOwn(this.fields, field);
  }

  /** The value of an attribute that says something, left where it is. */
  peek(name: string): unknown {
    const value = this.remaining.get(name);
    return isAbsent(value) ? undefined : value;
  }

  take(name: string): unknown {
    const value = this.peek(name);
    if (value !== undefined) this.remaining.delete(name);
    return value;
  }

  set(field: string, name: string, value: unknown): void {
    this.fields[field] = value;
    this.sourceNames[field] = name;
  }

  /**
   * Sets a field from the first of the attributes that says something; the others stay, unless they repeat it.
   * Returns whether there was one.
   */
  fill(field: string, names: readonly string[], says: (value: unknown) => boolean = () => true): boolean {
    for (const name of names) {
      const value = this.peek(name);
      if (value === undefined || !says(value)) continue;
      if (!this.has(field)) {
        this.set(field, name, value);
        this.remaining.delete(name);
      } else if (isSame(this.fields[field], value)) {
        this.remaining.delete(name);
      }
    }
    return this.has(field);
  }

  /** Takes all attributes below a prefix that ends in a dot, by the rest of their names. */
  takeBelow(prefix: string, rest: RegExp): [string, unknown][] {
    const found: [string, unknown][] = [];
    for (const [name, value] of this.remaining) {
      if (!name.startsWith(prefix)) continue;
      const below = name.slice(prefix.length);
      if (rest.test(below)) found.push([below, value]);
    }
    for (const [below] of found) this.remaining.delete(prefix + below);
    return found;
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return asText(left) === asText(right);
}
