import { availableParallelism } from 'node:os';
import type { InputFile } from '../input/input-file.js';

export interface DigestingOptions {
  /** Threads that digest rows, the calling one among them. Left out: 1 for small inputs, else one less than the cores. */
  jobs: number | undefined;
  /** A file of fewer bytes is read row by row, and so is the beginning of other inputs, up to as many unpacked bytes. */
  smallestFile: number;
  /** Bytes of a file that are digested at a time. */
  rangeBytes: number;
}

export const defaultDigesting: DigestingOptions = {
  jobs: undefined,
  smallestFile: 1024 * 1024,
  rangeBytes: 4 * 1024 * 1024,
};

/** Below it, starting threads costs more time than they save. Bytes. */
const worthThreads = 64 * 1024 * 1024;

/** Whether the rows of a file can be read from any line on, and again by their offsets. */
export function isDigestible(
  { format, path, rereadable, bytes }: InputFile,
  { smallestFile }: DigestingOptions,
): boolean {
  return (
    format === 'jsonl' && path !== undefined && rereadable && bytes !== undefined && bytes >= smallestFile
  );
}

/** Threads for the inputs that could be digested. */
export function jobsFor(inputs: readonly InputFile[], { jobs }: DigestingOptions): number {
  if (jobs !== undefined) return jobs;
  const bytes = inputs.reduce((sum, input) => sum + (input.bytes ?? 0), 0);
  return bytes < worthThreads ? 1 : Math.max(1, availableParallelism() - 1);
}
