import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** Lists of runs: of the REST API, of exporters, and of the batches that the SDKs send. */
const listNames = ['runs', 'traces', 'post', 'patch'];

export function listsOf(row: Record<string, unknown>): string[] {
  const found = listNames.filter((name) => Array.isArray(row[name]));
  return 'run_type' in row || 'dotted_order' in row ? [] : found;
}

const besideRunType = ['trace_id', 'parent_run_id', 'parent_run_ids', 'session_id', 'child_runs', 'inputs'];

function isRun(row: unknown): boolean {
  if (!isObject(row)) return false;
  if (typeof row['dotted_order'] === 'string') return true;
  if ('run_type' in row) {
    return besideRunType.some((name) => name in row);
  }
  return isEndOfRun(row);
}

/** The second half of a run names no type and no trace. */
function isEndOfRun(row: Record<string, unknown>): boolean {
  return ['id', 'end_time', 'outputs', 'error'].every((name) => name in row) && !('type' in row);
}

function isDocument(row: unknown): boolean {
  if (!isObject(row)) return false;
  return listsOf(row).some((name) => {
    const list = row[name];
    return Array.isArray(list) && list.length > 0 && list.every(isRun);
  });
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => isRun(row) || isDocument(row)).length;
  return { agreeing, because: 'dotted_order, or run_type beside a trace or parent, in the rows' };
}

export const recogniser: Recogniser = {
  name: 'langsmith',
  title: 'LangSmith runs',
  checked: 'verified',
  recognisedBy: '`dotted_order`, or `run_type` beside `trace_id`, `parent_run_id` or `session_id`',
  detect,
};
