import { sanitise } from '../report/terminal.js';
import type { Secrets } from '../secrets.js';

/** User name and password in an address, as variables such as HTTPS_PROXY hold them. */
const userInfo = /\/\/[^\s/@]+@/g;

/** What is shown of a bug: its stack, fit for a terminal and for a public report, without keys and passwords. */
export function crashText(error: unknown, secrets: Secrets): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = secrets.strike(stack).replaceAll(userInfo, '//[user]@').split('\n');
  return [
    'This is a bug in respan-import; please report it with these lines.',
    ...lines.map((line) => sanitise(line)),
    '',
  ].join('\n');
}
