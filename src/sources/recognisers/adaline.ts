import { isSpanRow, isTraceRow, pageOf } from '../adaline/row-kind.js';
import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** An empty page, as the last one of a list may be: only its cursor tells whose it is. */
function isLastPage(row: unknown): boolean {
  const pagination = isObject(row) ? row['pagination'] : undefined;
  return isObject(pagination) && 'hasMore' in pagination && 'returned' in pagination;
}

function isAdaline(row: unknown): boolean {
  const page = pageOf(row);
  if (page === undefined) return isSpanRow(row) || isTraceRow(row);
  const rows = page.flatMap(({ list }) => list);
  if (rows.length === 0) return isLastPage(row);
  return rows.every((item) => isSpanRow(item) || isTraceRow(item));
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
