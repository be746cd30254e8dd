import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** A row of `POST /logs/spans`: only spans tell the trace that they are of. */
function isSpanRow(row: unknown): row is Record<string, unknown> {
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

/** The rows of a page, under any of the names that the documentation gives them; undefined for every other row. */
export function pageOf(row: unknown): { name: string; list: unknown[] } | undefined {
  if (!isObject(row) || 'startedAt' in row) return undefined;
  for (const name of ['data', 'traces', 'spans']) {
    const list = row[name];
    if (Array.isArray(list)) return { name, list };
  }
  return undefined;
}

function isAdaline(row: unknown): boolean {
  const page = pageOf(row);
  if (page === undefined) return isSpanRow(row) || isTraceRow(row);
  return page.list.length > 0 && page.list.every((item) => isSpanRow(item) || isTraceRow(item));
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isAdaline).length;
  return { agreeing, because: 'startedAt beside logTraceId or spanIds in the rows' };
}

export const recogniser: Recogniser = {
  name: 'adaline',
  title: 'Adaline traces and spans',
  checked: 'schema',
  recognisedBy: '`startedAt` beside `logTraceId` or `spanIds`',
  detect,
};
