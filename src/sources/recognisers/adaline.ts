import { isSpanRow, isTraceRow, pageOf } from '../adaline/row-kind.js';
import type { Evidence, Recogniser } from '../source.js';

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
