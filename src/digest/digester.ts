import type { LineRange } from '../input/line-range.js';
import { digestRange, type DigestOptions, type RangeDigest } from './digest-range.js';

/** Digests ranges of files, one after another or several at once. */
export interface Digester {
  /** Ranges that should be under way before the first of them is waited for. */
  readonly ahead: number;
  digest(range: LineRange): Promise<RangeDigest>;
  close(): Promise<void>;
}

/** In the thread that asks. */
export function inlineDigester(options: DigestOptions): Digester {
  return {
    ahead: 0,
    digest: (range) => digestRange(range, options),
    close: () => Promise.resolve(),
  };
}
