import type { ImportEvent } from './events.js';
import { formatWait } from './figures.js';
import { sanitise } from './terminal.js';

/** `server asks to wait 30 s`, or `waiting 12 s after 503 Service Unavailable, try 3`. */
export function describeWait(
  { milliseconds, reason, asked, attempt }: Extract<ImportEvent, { kind: 'waiting' }>,
  longestReason: number,
): string {
  const time = formatWait(milliseconds / 1000);
  const after = sanitise(reason, longestReason);
  return asked ? `server asks to wait ${time} (${after})` : `waiting ${time} after ${after}, try ${attempt}`;
}
