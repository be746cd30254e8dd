import { parentPort, workerData } from 'node:worker_threads';
import type { LineRange } from '../input/line-range.js';
import { RangeDigester, type DigestOptions, type RangeDigest } from './range-digester.js';

/** What a thread of `ThreadedDigester` runs: takes a range, answers with its digest, or with nothing where it failed. */
const options: DigestOptions = workerData;
const digester = new RangeDigester(options);

parentPort?.on('message', (range: LineRange) => void answer(range));

async function answer(range: LineRange): Promise<void> {
  let digest: RangeDigest | undefined;
  try {
    digest = await digester.digest(range);
  } catch {
    // Whoever asked meets the same error, and can tell it with its cause.
  }
  const rows = digest?.digested?.rows;
  parentPort?.postMessage(digest, rows === undefined ? [] : [rows.times.buffer, rows.integers.buffer]);
}
