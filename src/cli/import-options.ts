import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

import { systemClock } from '../clock.js';
import { parseMaxErrors } from '../max-errors.js';
import type { BatchOptions, LedgerOptions, PlanOptions, UploadOptions } from '../options.js';
import type { PrivacyRules } from '../span/privacy.js';
import { parseSet, type NormaliseOptions } from '../span/options.js';
import type { Secrets } from '../secrets.js';
import { validateTimezone } from '../span/timezone.js';
import type { Source } from '../sources/source.js';
import { respan } from '../targets/respan.js';
import { findAuthorities } from './authorities.js';
import { findBaseUrl } from './base-url.js';
import { findApiKey, noApiKey } from './credentials.js';
import type { Interrupts } from './interrupts.js';
import type { ImportFlags } from './flags.js';
import { privacyOf, rewriteOf, selectionOf, timeOption } from './span-options.js';
import { findStateFolder } from './state-folder.js';

/** The part of the process that options are made from. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  stdin: () => NodeJS.ReadableStream;
  interrupts: Interrupts;
  /** Learns the key, so that it can be struck out of what a bug would show. */
  secrets: Secrets;
}

/** `run` names the run, for `--provenance`. */
export async function planOptions(
  files: readonly string[],
  flags: ImportFlags,
  from: Omit<Surroundings, 'secrets'>,
  run = runName(new Date()),
): Promise<PlanOptions> {
  const normalise = normaliseOptions(flags);
  const mapping = flags.map === undefined ? undefined : await mappingOf(flags.map);
  return {
    files,
    stdin: from.stdin,
    input: {
      format: flags.format,
      csvDelimiter: flags.csvDelimiter,
      maxRowBytes: flags.maxRowBytes,
      maxDepth: flags.maxDepth,
      maxCompressionRatio: flags.maxCompressionRatio,
    },
    source: mapping?.source ?? flags.source,
    skip: flags.skip,
    limit: flags.limit ?? Number.POSITIVE_INFINITY,
    traceBy: flags.traceBy,
    inference: { mode: flags.inferParents, minConfidence: flags.minConfidence },
    traceGap: flags.traceGap === undefined ? undefined : flags.traceGap * 1000,
    normalise,
    privacy: privacyOf(flags, mapping?.privacy),
    selection: selectionOf(flags),
    rewrite: rewriteOf(flags, run, normalise.now),
    orphans: flags.orphans ?? (normalise.strict ? 'reject' : 'keep'),
    maxErrors: maxErrorsOf(flags),
    dryRun: flags.dryRun === true,
    // A dry run leaves the state alone; what it must spool goes where temporary files go.
    spoolFolder: flags.dryRun === true ? os.tmpdir() : path.join(findStateFolder(flags, from.env), 'spool'),
    interrupt: from.interrupts.interrupt,
  };
}

export function batchOptions(flags: ImportFlags): BatchOptions {
  return {
    target: respan,
    limits: { spans: flags.batchSpans, bytes: flags.batchBytes },
    rateLimit: flags.rateLimit,
  };
}

/** Throws where no key is found: an import cannot start without one. */
export function uploadOptions(
  flags: ImportFlags,
  from: Surroundings,
  run = runName(new Date()),
): UploadOptions {
  const ledger = ledgerOptions(flags, from);
  if (ledger === undefined) throw noApiKey();
  return {
    ...batchOptions(flags),
    ...ledger,
    concurrency: flags.concurrency,
    retryFor: flags.retryFor,
    timeout: flags.timeout,
    run,
    maxErrors: maxErrorsOf(flags),
    environment: from.env,
    authorities: findAuthorities(flags.caCert, from.env),
    clock: systemClock,
    interrupt: from.interrupts.interrupt,
    abort: from.interrupts.abort,
  };
}

/** Undefined without a key: a dry run works all the same. */
export function ledgerOptions(
  flags: ImportFlags,
  from: Pick<Surroundings, 'env' | 'secrets'>,
): LedgerOptions | undefined {
  const key = findApiKey(flags, from.env);
  if (key === undefined) return undefined;
  from.secrets.add(key);
  return {
    destination: {
      endpoint: respan.endpoint(findBaseUrl(flags, from.env)),
      key,
      name: flags.destinationName,
    },
    stateFolder: findStateFolder(flags, from.env),
    resume: flags.resume,
  };
}

function normaliseOptions(flags: ImportFlags): NormaliseOptions {
  validateTimezone(flags.timezone);
  return {
    timezone: flags.timezone,
    timezoneGiven: flags.timezoneGiven === true,
    dateOrder: flags.dateOrder,
    baseTime: flags.baseTime === undefined ? undefined : timeOption('--base-time', flags.baseTime, flags),
    set: (flags.set ?? []).map(parseSet),
    strict: flags.strict === true,
    now: Date.now() * 1000,
  };
}

function maxErrorsOf(flags: ImportFlags): PlanOptions['maxErrors'] {
  return flags.maxErrors === undefined ? undefined : parseMaxErrors(flags.maxErrors);
}

/** Sorts by time; two runs of the same second do not share a name. */
export function runName(now: Date): string {
  return `${now.toISOString().slice(0, 23).replaceAll(/[:.]/g, '-')}-${randomBytes(4).toString('hex')}`;
}

interface MappingFile {
  source: Source;
  privacy: PrivacyRules;
}

/** Loaded on demand: a YAML reader is of no use to most runs. */
async function mappingOf(file: string): Promise<MappingFile> {
  const [{ readMapping }, { mappedSource }] = await Promise.all([
    import('../mapping/read-mapping.js'),
    import('../mapping/mapped-source.js'),
  ]);
  const mapping = readMapping(file);
  return { source: mappedSource(mapping), privacy: mapping.privacy };
}
