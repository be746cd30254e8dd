import type { Span } from '../../span/span.js';
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
export function statusOf(span: Span): Status {
  const { status, status_code: code, error_message: message, error_bit: bit } = span;
  const told = typeof status === 'string' ? words.get(status.trim().toLowerCase()) : undefined;
  if (told === 'aborted' || told === 'cancelled') return told;
  const failed = told === 'failure' || bit === 1 || (typeof code === 'number' && code >= 400);
  if (failed || (typeof message === 'string' && message.trim() !== '')) return 'failure';
  if (told === 'success' || bit === 0 || (typeof code === 'number' && code >= 100)) return 'success';
  return 'unknown';
}

/** How a trace ended: as its roots did, the worst of them first. */
export function statusOfTrace(roots: readonly Status[]): Status {
  const order: readonly Status[] = ['failure', 'aborted', 'cancelled', 'success'];
  return order.find((status) => roots.includes(status)) ?? 'unknown';
}
