import os from 'node:os';
import path from 'node:path';

import { systemClock } from '../clock.js';
import { packedFor } from '../default-options.js';
import { parseMaxErrors } from '../max-errors.js';
import type { BatchOptions, LedgerOptions, PlanOptions, UploadOptions } from '../options.js';
import { runName } from '../run-name.js';
import type { PrivacyRules } from '../span/privacy.js';
import { parseSet, type NormaliseOptions } from '../span/options.js';
import { shortestSecret, type Secrets } from '../secrets.js';
import { validateTimezone } from '../span/timezone.js';
import type { Source } from '../sources/source.js';
import { findBaseUrl } from './base-url.js';
import { findCredential, noApiKey } from './credentials.js';
import type { Interrupts } from './interrupts.js';
import type { ImportFlags, PlanFlags } from './flags.js';
import { privacyOf, rewriteOf, selectionOf, timeOption } from './span-options.js';
import { chooseTarget, noProject } from './target-options.js';
import { findStateFolder } from './state-folder.js';
import { readStoredProfile, type StoredProfile } from './stored-profile.js';

/** The part of the process that options are made from. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  stdin: () => NodeJS.ReadableStream;
  interrupts: Interrupts;
  /** The command line, without the program's name. */
  args: readonly string[];
  /** Learns the key, so that it can be struck out of what a bug would show. */
  secrets: Secrets;
}

/** Tells the user something that stops nothing. */
export type Warn = (line: string) => void;

/** `run` names the run, for `--provenance`. */
export async function planOptions(
  files: readonly string[],
  flags: PlanFlags,
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
    digesting: { jobs: flags.jobs },
    source: mapping?.source ?? flags.source,
    skip: flags.skip,
    limit: flags.limit ?? Number.POSITIVE_INFINITY,
    traceBy: flags.traceBy,
    inference: { mode: flags.inferParents ?? 'auto', minConfidence: flags.minConfidence ?? 0 },
    traceGap: flags.traceGap === undefined ? undefined : flags.traceGap * 1000,
    normalise,
    privacy: privacyOf(flags, mapping?.privacy),
    selection: selectionOf(flags),
    rewrite: rewriteOf(flags, run, normalise.now),
    orphans: flags.orphans ?? (normalise.strict ? 'reject' : 'keep'),
    maxErrors: maxErrorsOf(flags),
    dryRun: flags.dryRun === true,
    spoolFolder: spoolFolder(flags, from.env),
    interrupt: from.interrupts.interrupt,
  };
}

export async function batchOptions(flags: ImportFlags, env: Surroundings['env']): Promise<BatchOptions> {
  const { batchSpans, batchBytes, rateLimit = [], gzip = false, sandbox = false } = flags;
  const { target } = await chooseTarget(flags, env);
  const { limit, isKept } = target.usualRate;
  const isLimited = rateLimit.some(({ unit }) => unit === 'requests');
  // The limit spares a server that others use too; a rehearsal has one of its own.
  const rateLimits = isKept && !isLimited && !sandbox ? [...rateLimit, limit] : rateLimit;
  const wanted = {
    ...(batchSpans === undefined ? {} : { spans: batchSpans }),
    ...(batchBytes === undefined ? {} : { bytes: batchBytes }),
  };
  return { ...packedFor(target, rateLimits, wanted), gzip };
}

/** Throws where no key or no project is named: an import cannot start without. */
export async function uploadOptions(
  flags: ImportFlags,
  from: Surroundings,
  run = runName(new Date()),
  warn: Warn = () => {},
): Promise<UploadOptions> {
  const { site, project } = await chooseTarget(flags, from.env);
  if (project === null) throw noProject();
  const ledger = await ledgerOptions(flags, from, warn);
  if (ledger === undefined) throw noApiKey(site);
  return {
    ...(await batchOptions(flags, from.env)),
    ...ledger,
    concurrency: flags.concurrency,
    retryFor: flags.retryFor,
    timeout: flags.timeout,
    run,
    command: { args: argumentsWithoutKey(from.args, ledger.destination.key), folder: process.cwd() },
    maxErrors: maxErrorsOf(flags),
    verify: flags.verify === true,
    environment: from.env,
    authorities: await authoritiesOf(flags, from.env),
    clock: systemClock,
    interrupt: from.interrupts.interrupt,
    abort: from.interrupts.abort,
  };
}

/** Loaded on demand: Node's own TLS takes time to load, and a dry run needs none. */
export async function authoritiesOf(
  { caCert }: Pick<ImportFlags, 'caCert'>,
  env: Surroundings['env'],
): Promise<string[] | undefined> {
  if (caCert === undefined) return undefined;
  const { findAuthorities } = await import('./authorities.js');
  return findAuthorities(caCert, env);
}

/** The key comes from elsewhere when the command is given again. */
export function argumentsWithoutKey(args: readonly string[], key: string): string[] {
  const isSecret = key.length >= shortestSecret;
  return args.filter((argument, position) => {
    const isKey = (isSecret && argument.includes(key)) || args[position - 1] === '--api-key';
    return !isKey && argument !== '--api-key' && !argument.startsWith('--api-key=');
  });
}

/** Undefined without a key or without a project. `warn` is told where the key is not as private as it should be. */
export async function ledgerOptions(
  flags: ImportFlags,
  from: Pick<Surroundings, 'env' | 'secrets'>,
  warn: Warn = () => {},
): Promise<LedgerOptions | undefined> {
  let profile: { stored: StoredProfile | undefined } | undefined;
  const stored = (): StoredProfile | undefined => {
    profile ??= { stored: readStoredProfile(flags.profile, Date.now()) };
    return profile.stored;
  };
  const { target, site, project } = await chooseTarget(flags, from.env);
  const credential = findCredential(flags, from.env, stored, site);
  if (credential === undefined || project === null) return undefined;
  const { key, account, exposedIn } = credential;
  from.secrets.add(key);
  if (exposedIn !== undefined) {
    warn(`other users of this machine can read the key in ${exposedIn}: chmod 600 keeps it private`);
  }
  return {
    destination: {
      endpoint: target.endpoint(findBaseUrl(flags, from.env, stored, site)),
      key,
      account,
      project,
      name: flags.destinationName,
    },
    stateFolder: findStateFolder(flags, from.env),
    resume: flags.resume,
  };
}

function normaliseOptions(flags: PlanFlags): NormaliseOptions {
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

/** A dry run leaves the usual state alone: what it must spool goes where temporary files go, or where it is told. */
function spoolFolder(flags: PlanFlags, env: Surroundings['env']): string {
  const isElsewhere = flags.dryRun === true && flags.stateDir === undefined;
  return isElsewhere ? os.tmpdir() : path.join(findStateFolder(flags, env), 'spool');
}

function maxErrorsOf(flags: Pick<ImportFlags, 'maxErrors'>): PlanOptions['maxErrors'] {
  return flags.maxErrors === undefined ? undefined : parseMaxErrors(flags.maxErrors);
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
