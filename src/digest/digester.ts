import { setImmediate } from 'node:timers/promises';

import type { LineRange } from '../input/line-range.js';
import { RangeDigester, type DigestOptions, type RangeDigest } from './range-digester.js';

/** A range whose digest will be asked for. */
export interface PendingDigest {
  /** To be called once. */
  get(): Promise<RangeDigest>;
}

/** Digests ranges of files, one after another or several at once. */
export interface Digester {
  /** Ranges that should be begun before the first of them is asked for. */
  readonly ahead: number;
  begin(range: LineRange): PendingDigest;
  close(): Promise<void>;
}

/** In the thread that asks. */
export function inlineDigester(options: DigestOptions): Digester {
  const digester = new RangeDigester(options);
  return {
    ahead: 0,
    begin: (range) => ({ get: () => digestHere(digester, range) }),
    close: () => Promise.resolve(),
  };
}

/** Digesting waits for nothing: signals, timers and other threads have their turn after each range. */
export async function digestHere(digester: RangeDigester, range: LineRange): Promise<RangeDigest> {
  const digest = await digester.digest(range);
  await setImmediate();
  return digest;
}
