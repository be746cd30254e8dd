import { durationOf } from './durations.js';
import { isOpaque, meaningOf } from './synonyms.js';

/** Whether the name of a column means something in a log of calls. */
export function isKnownColumn(name: string): boolean {
  return durationOf(name) !== undefined || !isOpaque(meaningOf(name)?.meaning ?? 'metadata');
}
