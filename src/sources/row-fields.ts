import { define } from '../span/define.js';
import { exactEntries, exactValue } from '../span/source-text.js';
import type { SpanDraft } from '../span/span.js';
import { isAbsent, isEmptyContainer, isObject } from '../span/text.js';
import { decoded } from './decoded.js';

/** True for what says nothing, whatever the field: a spelling of nothing, `{}` and `[]`. */
export function isNothing(value: unknown): boolean {
  return isAbsent(value) || isEmptyContainer(value);
}

/** An object without some of its entries; undefined where nothing is left. */
export function without(
  object: Record<string, unknown>,
  names: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  const rest = Object.entries(object).filter(([name]) => !names.has(name));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/** The fields of one row, taken one by one into a draft; what is not taken ends up in the metadata. */
export class RowFields {
  readonly draft: SpanDraft = { fields: {}, metadata: {}, sourceNames: {} };
  private readonly rest: Map<string, unknown>;

  /** `text` gives the row's JSON, from which integers beyond 2^53 are read as they were written. */
  constructor(
    row: Record<string, unknown>,
    private readonly text: () => string = () => '',
  ) {
    this.rest = new Map(Object.entries(row));
  }

  /** The value of the first name that says something; it stays in the row. */
  peek(...names: string[]): unknown {
    const name = this.nameOf(names);
    return name === undefined ? undefined : this.valueOf(name);
  }

  /** The value of the first name that says something, taken off the row. */
  take(...names: string[]): unknown {
    const name = this.nameOf(names);
    if (name === undefined) return undefined;
    const value = this.valueOf(name);
    this.rest.delete(name);
    return value;
  }

  /** Takes an object or its JSON text; anything else stays in the row. */
  takeObject(name: string): Record<string, unknown> | undefined {
    const value = decoded(this.rest.get(name));
    if (!isObject(value)) return undefined;
    this.rest.delete(name);
    const exact = exactEntries(value, [name], this.text);
    return isObject(exact) ? exact : value;
  }

  /** Sets a field of the target that is not set yet. `name` is where the row says it. */
  set(field: string, value: unknown, name: string): void {
    const { fields, sourceNames } = this.draft;
    if (value === undefined || value === null || value === '' || field in fields) return;
    fields[field] = value;
    sourceNames[field] = name;
  }

  /** Moves the first name that says something to a field of the target, where that is not set yet. */
  move(field: string, ...names: string[]): void {
    const name = this.nameOf(names);
    if (name === undefined || field in this.draft.fields) return;
    this.set(field, this.take(name), name);
  }

  /** `move` for ids and times. */
  moveTo(place: 'traceId' | 'spanId' | 'parentId' | 'start' | 'end', ...names: string[]): void {
    const name = this.nameOf(names);
    if (name === undefined) return;
    this.draft[place] = this.take(name);
    this.draft.sourceNames[place] = name;
  }

  /** Keeps a value in the metadata; under `longName` where the name is taken by another value. */
  keep(name: string, value: unknown, longName = name): void {
    if (isNothing(value)) return;
    const { metadata } = this.draft;
    const isTaken = Object.hasOwn(metadata, name) || this.rest.has(name);
    define(metadata, isTaken ? longName : name, value);
  }

  /** The draft, with all that was not taken in its metadata. */
  finish(): SpanDraft {
    const { metadata } = this.draft;
    for (const name of this.rest.keys()) {
      const value = this.valueOf(name);
      if (!isNothing(value)) define(metadata, Object.hasOwn(metadata, name) ? `row.${name}` : name, value);
    }
    this.rest.clear();
    return this.draft;
  }

  private nameOf(names: readonly string[]): string | undefined {
    return names.find((name) => !isNothing(this.rest.get(name)));
  }

  private valueOf(name: string): unknown {
    return exactValue(this.rest.get(name), [name], this.text);
  }
}
