import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

type Row = Record<string, unknown>;

function isCall(row: unknown): boolean {
  return isObject(row) && 'op_name' in row && 'started_at' in row;
}

/** Answers of the query endpoint: `{calls: […]}`. */
export function isPage(row: Row): row is { calls: unknown[] } {
  return Array.isArray(row['calls']) && row['calls'].length > 0 && !('op_name' in row);
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(
    (row) => isCall(row) || (isObject(row) && isPage(row) && row['calls'].every(isCall)),
  );
  return { agreeing: agreeing.length, because: 'op_name and started_at in the rows' };
}

export const recogniser: Recogniser = {
  name: 'weave',
  title: 'W&B Weave calls',
  checked: 'schema',
  recognisedBy: '`op_name` and `started_at`',
  detect,
};
