import { isObject } from '../../span/text.js';
import { isKnownColumn } from '../known-column.js';
import type { Evidence, Recogniser } from '../source.js';

function hasKnownName(row: unknown): boolean {
  if (!isObject(row)) return false;
  return Object.keys(row).some(isKnownColumn);
}

function detect(sample: readonly unknown[]): Evidence {
  const known = sample.filter(hasKnownName).length;
  if (known * 5 >= sample.length * 4)
    return { agreeing: known, because: 'column names of LLM logs in the rows' };
  return {
    agreeing: sample.filter(isObject).length,
    because: 'the rows are objects; few column names are known',
  };
}

export const recogniser: Recogniser = {
  name: 'generic',
  title: 'Generic LLM logs',
  checked: 'schema',
  recognisedBy:
    'column names of LLM logs, such as `prompt`, `response`, `model`, `latency_ms`; else any object',
  detect,
};
