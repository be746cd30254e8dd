import type { OrphanPolicy } from '../plan/lint-policy.js';
import type { InferenceMode } from '../trace/infer/traces-to-infer.js';
import type { TargetName } from './sites.js';
import type { RateLimit } from '../upload/rate-limit.js';

/*
 * What the command line says, before any of it is resolved or checked against the rest: an interface a group of flags,
 * then the commands.
 */

/** Of every command that reads files. */
export interface InputFlags {
  source: string;
  map?: string;
  format: 'auto' | 'jsonl' | 'json' | 'csv' | 'tsv';
  set?: string[];
  timezone: string;
  /** The zone is not the default. */
  timezoneGiven?: boolean;
  dateOrder?: 'dmy' | 'mdy';
  baseTime?: string;
  skip: number;
  limit?: number;
  traceBy?: string;
  csvDelimiter: string;
  maxRowBytes: number;
  maxDepth: number;
  jobs?: number;
  maxCompressionRatio: number;
}

/** Of the commands that make trees of the rows. */
interface TraceFlags {
  inferParents: InferenceMode;
  minConfidence: number;
  /** Milliseconds. */
  traceGap?: number;
  since?: string;
  until?: string;
  sample?: string;
}

interface ShownFlags {
  json?: boolean;
  color?: boolean;
  ascii?: boolean;
}

export interface ImportFlags extends InputFlags, TraceFlags, ShownFlags {
  dropField?: string[];
  hashField?: string[];
  redact?: string[];
  /** Empty: a random seed. */
  remapIds?: string;
  shiftTimeTo?: string;
  provenance?: boolean;
  target?: TargetName;
  projectId?: string;
  promptId?: string;
  deploymentId?: string;
  runEvaluation?: boolean;
  adalineEvents?: boolean;
  onOversize?: 'reject' | 'truncate';
  verify?: boolean;
  baseUrl?: string;
  apiKeyFile?: string;
  apiKey?: string;
  profile?: string;
  allowHttp?: boolean;
  caCert?: string;
  destinationName?: string;
  sandbox?: boolean;
  batchSpans?: number;
  batchBytes?: number;
  concurrency: number;
  rateLimit?: RateLimit[];
  gzip?: boolean;
  retryFor: number;
  timeout: number;
  dryRun?: boolean;
  orphans?: OrphanPolicy;
  strict?: boolean;
  maxErrors?: string;
  rejects?: string;
  stateDir?: string;
  resume: boolean;
  quiet?: boolean;
  verbose?: boolean;
  draw?: number;
  progress: boolean;
}

/** What decides how files are read and planned; commands have more or fewer of the flags. */
export type PlanFlags = InputFlags & Partial<ImportFlags>;

export interface ExplainFlags extends InputFlags, ShownFlags {
  row: number;
  target?: TargetName;
}

export interface TreeFlags extends InputFlags, TraceFlags, ShownFlags {
  trace?: string;
  limitTraces: number;
  depth?: number;
  all?: boolean;
  progress: boolean;
}

export interface StatusFlags {
  /** Name of a run, or how it begins or ends. */
  run?: string;
  traces?: boolean;
  stateDir?: string;
  json?: boolean;
}

export interface ForgetFlags {
  run?: string;
  /** Id or name of a destination. */
  destination?: string;
  all?: boolean;
  stateDir?: string;
  json?: boolean;
}

export interface SandboxFlags {
  port: number;
  host: string;
  key?: string;
  maxBodyBytes: number;
  adalineErrors?: 'text' | 'object';
}
