import type { Warning } from '../input/row.js';
import type { SpanDraft } from '../span/span.js';
import { isObject } from '../span/text.js';
import { isKnownColumn } from './known-column.js';

type Row = Record<string, unknown>;

/** A name that stands in a path of jq as it is. */
const plainKey = /^[A-Za-z_]\w{0,39}$/;

function mayHold(value: unknown): boolean {
  return Array.isArray(value) || isObject(value);
}

/** The names that lead to a list of objects that have known columns, in the row or in an object in it. */
function pathOfList(row: Row, knownColumns: number, levels = 2): string | undefined {
  const names = Object.keys(row).filter((name) => mayHold(row[name]) && plainKey.test(name));
  const isRow = (item: unknown): boolean =>
    isObject(item) && Object.keys(item).filter(isKnownColumn).length >= knownColumns;
  const list = names.find((name) => {
    const value = row[name];
    return Array.isArray(value) && value.length > 0 && value.every(isRow);
  });
  if (list !== undefined || levels === 1) return list;
  for (const name of names) {
    const value = row[name];
    const path = isObject(value) ? pathOfList(value, knownColumns, levels - 1) : undefined;
    if (path !== undefined) return `${name}.${path}`;
  }
  return undefined;
}

function takenOutBy(path: string): string {
  return `jq -c '.${path}[]' FILE | respan-import -`;
}

/** Says of a row of which no column is known where its rows may be. */
export function nothingRecognised(row: Row): Warning {
  const message = 'no column has a known name; everything went to metadata';
  const path = pathOfList(row, 0);
  const where = path === undefined ? '' : `. Its rows may be in ${path}: ${takenOutBy(path)}`;
  return { code: 'nothing_recognised', message: message + where };
}

/** What a span of a call tells, one of these at least. */
const callFields = ['model', 'input', 'output', 'prompt_messages', 'completion_message', 'prompt_tokens'];

/** Says of a row that tells of no call itself that it holds a list of what may be calls. */
export function rowsInside(row: Row, draft: SpanDraft): Warning | undefined {
  if (callFields.some((field) => field in draft.fields)) return undefined;
  const path = pathOfList(row, 3);
  if (path === undefined) return undefined;
  const message = `${path} looks like rows and went to metadata; to import them: ${takenOutBy(path)}`;
  return { code: 'rows_inside', message, field: path };
}
