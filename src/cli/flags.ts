import type { OrphanPolicy } from '../plan/lint-policy.js';
import type { InferenceMode } from '../trace/infer/traces-to-infer.js';
import type { TargetName } from './sites.js';
import type { RateLimit } from '../upload/rate-limit.js';

/** What the command line says, before any of it is resolved or checked against the rest. */
export interface ImportFlags {
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
  inferParents: InferenceMode;
  minConfidence: number;
  /** Milliseconds. */
  traceGap?: number;
  since?: string;
  until?: string;
  sample?: string;
  dropField?: string[];
  hashField?: string[];
  redact?: string[];
  /** Empty: a random seed. */
  remapIds?: string;
  shiftTimeTo?: string;
  provenance?: boolean;
  csvDelimiter: string;
  maxRowBytes: number;
  maxDepth: number;
  jobs?: number;
  maxCompressionRatio: number;
  /** Left out by commands that send nothing. */
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
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  draw?: number;
  progress: boolean;
  color?: boolean;
  ascii?: boolean;
}

/** The input flags of an import, and which row. */
export interface ExplainFlags extends ImportFlags {
  row: number;
}

/** The input flags of an import, and what is drawn. */
export interface TreeFlags extends ImportFlags {
  trace?: string;
  limitTraces: number;
  depth?: number;
  all?: boolean;
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
