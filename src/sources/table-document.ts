import { define } from '../span/define.js';
import { isObject } from '../span/text.js';
import { columnLists } from './holder-names.js';

type Row = Record<string, unknown>;

/** Where such documents keep the records. */
const recordLists = ['rows', 'data'];

function namesOf(columns: unknown): string[] | undefined {
  if (!Array.isArray(columns) || columns.length === 0) return undefined;
  const names = columns.map((column: unknown) => (isObject(column) ? column['name'] : column));
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

function listIn(table: Row, names: readonly string[]): unknown {
  return names.map((name) => table[name]).find((value) => Array.isArray(value));
}

function recordsOf(table: unknown): Row[] | undefined {
  if (!isObject(table)) return undefined;
  const names = namesOf(listIn(table, columnLists));
  const records = listIn(table, recordLists);
  if (names === undefined || !Array.isArray(records) || records.length === 0) return undefined;
  const fits = (record: unknown): boolean => Array.isArray(record) && record.length === names.length;
  return records.every(fits) ? records.map((record) => rowOf(names, record)) : undefined;
}

function rowOf(names: readonly string[], record: unknown): Row {
  const row: Row = {};
  const values: unknown[] = Array.isArray(record) ? record : [];
  names.forEach((name, at) => define(row, name, values[at]));
  return row;
}

/**
 * The rows of a document that is a table: `{columns, data}` or `{columns, rows}` with a list for each record, or
 * `{tables: […]}` of such. Undefined for other documents. What stands beside the table (types, indexes, counts) is of the
 * table and not of its rows.
 */
export function rowsOfTable(document: Row): Row[] | undefined {
  const { tables } = document;
  if (!Array.isArray(tables)) return recordsOf(document);
  const rows = tables.map(recordsOf).filter((each) => each !== undefined);
  return rows.length === 0 ? undefined : rows.flat();
}
