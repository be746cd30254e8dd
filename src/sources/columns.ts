import { exactValue, isRounded } from '../span/source-text.js';
import type { DurationUnit } from '../span/span.js';
import { isAbsent, isObject, parseJsonContainer } from '../span/text.js';
import { durationOf, isContainer, meaningOf, type Meaning } from './synonyms.js';

/** One column of a row, and what it is called there. */
export interface Column {
  name: string;
  value: unknown;
}

/** A row sorted by meaning. */
export interface Columns {
  byMeaning: Map<Meaning, Column & { rank: number }>;
  durations: (Column & { unit: DurationUnit; firstToken: boolean })[];
  /** Columns without a meaning, and those whose meaning a better one took. */
  rest: Column[];
}

function sort(column: Column, into: Columns): boolean {
  if (isAbsent(column.value)) return true;
  const took = durationOf(column.name);
  if (took !== undefined) {
    const { name, value } = column;
    into.durations.push({ name, value, unit: took.unit, firstToken: took.firstToken });
    return true;
  }
  const found = meaningOf(column.name);
  if (found === undefined) return false;
  const before = into.byMeaning.get(found.meaning);
  if (before !== undefined) into.rest.push(before.rank <= found.rank ? column : before);
  if (before === undefined || found.rank < before.rank) {
    into.byMeaning.set(found.meaning, { name: column.name, value: column.value, rank: found.rank });
  }
  return true;
}

/** The entries of `usage: {…}` as columns `usage.prompt_tokens`, one level further for `usage.…_details.…`. */
function open(name: string, value: unknown, levels: number): Column[] {
  if (!isObject(value) || levels === 0) return [{ name, value }];
  return Object.entries(value).flatMap(([key, item]) => open(`${name}.${key}`, item, levels - 1));
}

function add(column: Column, columns: Columns): void {
  if (!sort(column, columns)) columns.rest.push(column);
}

/** Sorts the columns of a row. `text` gives the row's JSON, for integers that `JSON.parse` may have rounded. */
export function sortColumns(row: Record<string, unknown>, text: () => string): Columns {
  const columns: Columns = { byMeaning: new Map(), durations: [], rest: [] };
  for (const name in row) {
    const raw = row[name];
    const value = isRounded(raw) ? exactValue(raw, [name], text) : raw;
    const object = isContainer(name) && typeof value === 'string' ? parseJsonContainer(value) : value;
    if (!isContainer(name) || !isObject(object)) add({ name, value }, columns);
    else for (const column of open(name, object, 2)) add(column, columns);
  }
  return columns;
}
