import { randomBytes } from 'node:crypto';

/** Sorts by time; two runs of the same moment do not share a name. */
export function runName(now: Date): string {
  return `${now.toISOString().slice(0, 23).replaceAll(/[:.]/g, '-')}-${randomBytes(4).toString('hex')}`;
}
