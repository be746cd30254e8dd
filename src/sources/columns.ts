import { exactValue, isRounded } from '../span/source-text.js';
import { isAbsent, isObject, parseJsonContainer } from '../span/text.js';
import { columnPlan, type ColumnPlan } from './column-plan.js';
import { isContainer } from './synonyms.js';

/** One column of a row, and what it is called there. */
export interface Column {
  name: string;
  value: unknown;
}

/** The columns of a row that hold something, and what becomes of them. */
export interface Columns {
  names: readonly string[];
  /** By the position of their names. */
  values: readonly unknown[];
  plan: ColumnPlan;
}

/** The entries of `usage: {…}` as columns `usage.prompt_tokens`, one level further for `usage.…_details.…`. */
function open(name: string, value: unknown, levels: number): Column[] {
  if (!isObject(value) || levels === 0) return [{ name, value }];
  return Object.entries(value).flatMap(([key, item]) => open(`${name}.${key}`, item, levels - 1));
}

/** Sorts the columns of a row. `text` gives the row's JSON, for integers that `JSON.parse` may have rounded. */
export function sortColumns(row: Record<string, unknown>, text: () => string): Columns {
  const names: string[] = [];
  const values: unknown[] = [];
  const add = (name: string, value: unknown): void => {
    if (isAbsent(value)) return;
    names.push(name);
    values.push(value);
  };
  for (const name in row) {
    const raw = row[name];
    const value = isRounded(raw) ? exactValue(raw, [name], text) : raw;
    if (!isContainer(name)) {
      add(name, value);
      continue;
    }
    const object = typeof value === 'string' ? parseJsonContainer(value) : value;
    if (!isObject(object)) add(name, value);
    else for (const column of open(name, object, 2)) add(column.name, column.value);
  }
  return { names, values, plan: columnPlan(names) };
}
