import { readNumber } from '../../span/numbers.js';
import type { Status } from './request.js';

const words: ReadonlyMap<string, Status> = new Map([
  ['success', 'success'],
  ['succeeded', 'success'],
  ['ok', 'success'],
  ['completed', 'success'],
  ['failure', 'failure'],
  ['failed', 'failure'],
  ['error', 'failure'],
  ['aborted', 'aborted'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
]);

/**
 * How a span ended, by what it says itself. An error outweighs a code that tells of success; warnings are no failure.
 * A span that says nothing is `unknown`.
 */
export function statusOf(span: Readonly<Record<string, unknown>>): Status {
  const { status, error_message: message } = span;
  const code = readNumber(span['status_code']);
  const bit = readNumber(span['error_bit']);
  const told = typeof status === 'string' ? words.get(status.trim().toLowerCase()) : undefined;
  if (told === 'aborted' || told === 'cancelled') return told;
  const failed = told === 'failure' || bit === 1 || code >= 400;
  if (failed || (typeof message === 'string' && message.trim() !== '')) return 'failure';
  if (told === 'success' || bit === 0 || code >= 100) return 'success';
  return 'unknown';
}

/** How a trace ended: as its roots did, the worst of them first. */
export function statusOfTrace(roots: readonly Status[]): Status {
  const order: readonly Status[] = ['failure', 'aborted', 'cancelled', 'success'];
  return order.find((status) => roots.includes(status)) ?? 'unknown';
}
