import { define } from '../span/define.js';
import { readNumber } from '../span/numbers.js';
import type { DurationUnit, SpanDraft } from '../span/span.js';
import { isAbsent, isEmptyContainer, isObject, parseJsonContainer } from '../span/text.js';

/** The object or list that a value is or that its JSON text encodes; every other value as it is. */
export function readJson(value: unknown): unknown {
  return typeof value === 'string' ? (parseJsonContainer(value) ?? value) : value;
}

/** Equal as exports repeat values: texts by their letters, numbers by their value, objects by their JSON. */
export function isCopy(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  const numbers = [readNumber(left), readNumber(right)];
  if (numbers[0] === numbers[1]) return true;
  const [first, second] = [readJson(left), readJson(right)];
  return typeof first === 'object' && JSON.stringify(first) === JSON.stringify(second);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * A row whose fields are taken one by one into a draft. What nobody takes goes to the metadata under its own name,
 * but for empty objects and lists and the spellings of "nothing".
 */
export class FieldTaker {
  readonly draft: SpanDraft = { fields: {}, metadata: {}, sourceNames: {} };
  private readonly untaken: Map<string, unknown>;

  /** `decode` reads a value as the format writes it, e.g. a cell that holds JSON. */
  constructor(row: Record<string, unknown>, decode: (value: unknown) => unknown = (value) => value) {
    this.untaken = new Map(Object.entries(row).map(([name, value]) => [name, decode(value)]));
  }

  has(name: string): boolean {
    return !isAbsent(this.untaken.get(name));
  }

  peek(...names: string[]): unknown {
    const name = names.find((each) => this.has(each));
    return name === undefined ? undefined : this.untaken.get(name);
  }

  drop(...names: string[]): void {
    for (const name of names) this.untaken.delete(name);
  }

  /** The first of the names that holds something, taken off the row. */
  take(...names: string[]): { name: string; value: unknown } | undefined {
    const name = names.find((each) => this.has(each));
    if (name === undefined) return undefined;
    const value = this.untaken.get(name);
    this.untaken.delete(name);
    return { name, value };
  }

  /** Like `take`, for texts of people and models: there "None" is a word. */
  takeText(...names: string[]): { name: string; value: unknown } | undefined {
    const name = names.find((each) => !isNothing(this.untaken.get(each)));
    if (name === undefined) return undefined;
    const value = this.untaken.get(name);
    this.untaken.delete(name);
    return { name, value };
  }

  /** Replaces an object by its entries, named `object.entry`, so that each can be taken. */
  expand(...names: string[]): void {
    for (const name of names) {
      const value = readJson(this.untaken.get(name));
      if (!isObject(value)) continue;
      this.untaken.delete(name);
      for (const [key, item] of Object.entries(value)) this.untaken.set(`${name}.${key}`, item);
    }
  }

  /** Gives a field of the target the first of the names that holds something; equal values of the others go with it. */
  set(field: string, ...names: string[]): unknown {
    const taken = this.take(...names);
    if (taken === undefined) return undefined;
    this.draft.fields[field] = taken.value;
    this.draft.sourceNames[field] = taken.name;
    this.dropCopies(taken.value, ...names);
    return taken.value;
  }

  /** `set` for ids and times, which are no fields. */
  setPlace(place: 'traceId' | 'spanId' | 'parentId' | 'start' | 'end', ...names: string[]): void {
    const taken = this.take(...names);
    if (taken === undefined) return;
    this.draft[place] = taken.value;
    this.draft.sourceNames[place] = taken.name;
  }

  setLatency(unit: DurationUnit, ...names: string[]): void {
    const taken = this.draft.latency === undefined ? this.take(...names) : undefined;
    if (taken === undefined) return;
    this.draft.latency = { value: taken.value, unit };
    this.draft.sourceNames['latency'] = taken.name;
  }

  /** Drops those of the names that say the same as a value. */
  dropCopies(value: unknown, ...names: string[]): void {
    for (const name of names) if (this.has(name) && isCopy(value, this.untaken.get(name))) this.drop(name);
  }

  keep(name: string, value: unknown): void {
    if (isAbsent(value) || isEmptyContainer(value)) return;
    define(this.draft.metadata, name, value);
  }

  /** The draft, with all that was not taken in its metadata. */
  finish(): SpanDraft {
    for (const [name, value] of this.untaken) this.keep(name, value);
    this.untaken.clear();
    return this.draft;
  }
}
