import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** Where an exporter wraps what it wrote: the keys of the lists of traces and spans, traces first. */
export function listsOf(row: Record<string, unknown>): string[] {
  if ('object' in row && row['object'] !== 'list') return [];
  return ['traces', 'data', 'spans'].filter((name) => Array.isArray(row[name]));
}

function isTraceOrSpan(row: unknown): boolean {
  return isObject(row) && (row['object'] === 'trace' || row['object'] === 'trace.span');
}

function isDocument(row: unknown): boolean {
  if (!isObject(row)) return false;
  const items: unknown[] = listsOf(row).flatMap((name) => row[name]);
  return items.length > 0 && items.every(isTraceOrSpan);
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => isTraceOrSpan(row) || isDocument(row)).length;
  return { agreeing, because: 'object is "trace" or "trace.span" in the rows' };
}

export const recogniser: Recogniser = {
  name: 'openai-agents',
  title: 'OpenAI Agents SDK traces',
  checked: 'verified',
  recognisedBy: '`object` is `trace` or `trace.span`',
  detect,
};
