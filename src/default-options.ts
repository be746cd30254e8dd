import path from 'node:path';

import { systemClock } from './clock.js';
import { defaultInputOptions } from './input/input-file.js';
import type { BatchOptions, ReadOptions, UploadOptions } from './options.js';
import { runName } from './run-name.js';
import type { NormaliseOptions } from './span/options.js';
import { respan } from './targets/respan.js';
import type { Target } from './targets/target.js';
import { batchLimits, traceLimits } from './upload/batch-limits.js';
import type { BatchLimits } from './upload/batches.js';

/** As the command line reads files where no flag is said. `stateFolder`: for spans that differ from their rows. */
export function defaultPlanOptions(files: readonly string[], stateFolder: string): ReadOptions {
  return {
    files,
    stdin: () => process.stdin,
    input: defaultInputOptions,
    source: 'auto',
    skip: 0,
    limit: Number.POSITIVE_INFINITY,
    traceBy: undefined,
    inference: { mode: 'auto', minConfidence: 0 },
    traceGap: undefined,
    normalise: defaultNormaliseOptions(Date.now() * 1000),
    privacy: undefined,
    selection: undefined,
    rewrite: undefined,
    orphans: 'keep',
    maxErrors: undefined,
    spoolFolder: path.join(stateFolder, 'spool'),
    interrupt: new AbortController().signal,
  };
}

/** `now`: microseconds since the epoch. */
export function defaultNormaliseOptions(now: number): NormaliseOptions {
  return {
    timezone: 'UTC',
    timezoneGiven: false,
    dateOrder: undefined,
    baseTime: undefined,
    set: [],
    strict: false,
    now,
  };
}

/** As the command line packs spans for a destination where no flag is said. */
export function defaultBatchOptions(target: Target = respan): BatchOptions {
  const { limit, isKept } = target.usualRate;
  return packedFor(target, isKept ? [limit] : []);
}

/** Batches of the size that the destination and the limits on the rate call for, or of the one that is wanted. */
export function packedFor(
  target: Target,
  rateLimits: BatchOptions['rateLimits'],
  wanted: Partial<BatchLimits> = {},
): BatchOptions {
  const limits =
    target.traces === undefined
      ? batchLimits(wanted, rateLimits)
      : traceLimits(wanted, rateLimits, target.traces.mostBytes);
  return { target, limits, rateLimits };
}

/** Where an import goes: an address as `--base-url` takes it, and the key for it. */
export interface Account {
  baseUrl: string;
  key: string;
}

/** As the command line sends where no flag is said. `stateFolder`: for the ledger, in a folder of the destination. */
export function defaultUploadOptions(
  { baseUrl, key }: Account,
  stateFolder: string,
  target: Target = respan,
): UploadOptions {
  return {
    ...defaultBatchOptions(target),
    destination: { endpoint: target.endpoint(baseUrl), key, name: undefined },
    stateFolder,
    resume: true,
    concurrency: 4,
    retryFor: 120_000,
    timeout: 60_000,
    run: runName(new Date()),
    maxErrors: undefined,
    environment: process.env,
    clock: systemClock,
    interrupt: new AbortController().signal,
    abort: new AbortController().signal,
  };
}
