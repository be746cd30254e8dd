import type { InputFile } from '../input/input-file.js';
import type { DigestOptions } from './range-digester.js';
import { inlineDigester, type Digester } from './digester.js';
import { isDigestible, jobsFor, type DigestingOptions } from './digesting.js';
import { NoScannerError } from './row-scanner.js';
import { ThreadedDigester } from './threaded-digester.js';

/** What digests the inputs that can be digested; undefined where there are none, or where no scanner runs. */
export function startDigester(
  inputs: readonly InputFile[],
  digesting: DigestingOptions,
  options: DigestOptions,
): Digester | undefined {
  const digestible = inputs.filter((input) => isDigestible(input, digesting));
  if (digestible.length === 0) return undefined;
  const jobs = jobsFor(digestible, digesting);
  try {
    return jobs === 1 ? inlineDigester(options) : new ThreadedDigester(jobs, options);
  } catch (error) {
    if (error instanceof NoScannerError) return undefined;
    throw error;
  }
}
