import { isObject } from '../../span/text.js';
import { either } from '../google-adk/spelling.js';
import type { Evidence, Recogniser } from '../source.js';

function isEvent(row: unknown): boolean {
  if (!isObject(row) || typeof row['author'] !== 'string') return false;
  return typeof either(row, 'invocation_id') === 'string' && 'timestamp' in row;
}

function isSession(row: unknown): boolean {
  if (!isObject(row) || !Array.isArray(row['events'])) return false;
  if (row['events'].length > 0) return row['events'].every(isEvent);
  return typeof row['id'] === 'string' && either(row, 'last_update_time') !== undefined;
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter((row) => isSession(row) || isEvent(row)).length,
    because: 'events with an author and an invocation_id',
  };
}

export const recogniser: Recogniser = {
  name: 'google-adk',
  title: 'Google ADK sessions',
  checked: 'verified',
  recognisedBy: '`events` with `author` and `invocation_id`',
  detect,
};
