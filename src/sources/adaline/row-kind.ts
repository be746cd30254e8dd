import { isObject } from '../../span/text.js';

/** A row of `POST /logs/spans`: only spans tell the trace that they are of. */
export function isSpanRow(row: unknown): row is Record<string, unknown> {
  return (
    isObject(row) &&
    'logTraceId' in row &&
    'startedAt' in row &&
    ('content' in row || 'contentType' in row || 'parentReferenceId' in row)
  );
}

/** A row of `GET /logs` or `POST /logs/traces`, which sums up its spans. */
export function isTraceRow(row: unknown): row is Record<string, unknown> {
  return (
    isObject(row) &&
    !('logTraceId' in row) &&
    'startedAt' in row &&
    ('spanIds' in row || 'totalInputTokens' in row || 'totalOutputTokens' in row)
  );
}

/** The lists of a page, under all of the names that the documentation gives them; undefined for every other row. */
export function pageOf(row: unknown): { name: string; list: unknown[] }[] | undefined {
  if (!isObject(row) || 'startedAt' in row) return undefined;
  const lists = ['data', 'traces', 'spans'].flatMap((name) => {
    const list = row[name];
    return Array.isArray(list) ? [{ name, list }] : [];
  });
  return lists.length > 0 ? lists : undefined;
}
