import type { Clock } from './clock.js';
import type { DigestingOptions } from './digest/digesting.js';
import type { InputOptions } from './input/input-file.js';
import type { Destination } from './ledger/destination.js';
import type { RunCommand } from './ledger/record.js';
import type { MaxErrors } from './max-errors.js';
import type { Rewrite } from './plan/finish-spans.js';
import type { OrphanPolicy } from './plan/lint-policy.js';
import type { Selection } from './plan/select-traces.js';
import type { NormaliseOptions } from './span/options.js';
import type { PrivacyRules } from './span/privacy.js';
import type { Source } from './sources/source.js';
import type { TraceIndex } from './trace/trace-index.js';
import type { InferenceOptions } from './trace/infer/infer-parents.js';
import type { Target } from './targets/target.js';
import type { TraceProtocol } from './targets/trace-protocol.js';
import type { BatchLimits } from './upload/batches.js';
import type { RateLimit } from './upload/rate-limit.js';

export interface PlanOptions {
  /** Paths, globs, or `-` for standard input. */
  files: readonly string[];
  stdin: () => NodeJS.ReadableStream;
  input: InputOptions;
  /** A source, its name, or `auto`. */
  source: Source | string;
  /** Rows to pass over, and rows to read, counted across all inputs. */
  skip: number;
  limit: number;
  traceBy: string | undefined;
  inference: InferenceOptions;
  /** Microseconds of pause at which grouped conversations are cut into traces. */
  traceGap: number | undefined;
  normalise: NormaliseOptions;
  privacy: PrivacyRules | undefined;
  /** Undefined: all traces. */
  selection: Selection | undefined;
  rewrite: Rewrite | undefined;
  /** Settles what is left to chance and the clock in it, once it is known which spans there are. */
  settleRewrite?: (rewrite: Rewrite, index: TraceIndex) => Rewrite;
  orphans: OrphanPolicy;
  /** The rules of a destination with a shape of its own; see `ReadOptions`. */
  checkTrace?: TraceProtocol['check'] | undefined;
  maxErrors: MaxErrors | undefined;
  /** How files of rows that need no mapping are read; the defaults where left out. */
  digesting?: Partial<DigestingOptions>;
  /** A dry run writes no span to the disk where it can find it again in the input. */
  dryRun: boolean;
  /** Folder for the temporary file of spans that differ from their row. */
  spoolFolder: string;
  /** Ends the run before anything is sent. */
  interrupt: AbortSignal;
}

/** The same without what follows from where the plan goes. */
export type ReadOptions = Omit<PlanOptions, 'checkTrace' | 'dryRun'>;

/** What decides how spans are packed into requests; a dry run needs no more to tell the cost. */
export interface BatchOptions {
  target: Target;
  limits: BatchLimits;
  /** All of them hold; none: as fast as the server answers. */
  rateLimits: readonly RateLimit[];
  /** Bodies go compressed, where the server takes them so. */
  gzip?: boolean;
}

/** What was sent before, as the ledger of a destination remembers it. */
export interface LedgerOptions {
  destination: Destination;
  stateFolder: string;
  /** False: offers spans again that the ledger knows. */
  resume: boolean;
}

export interface UploadOptions extends BatchOptions, LedgerOptions {
  concurrency: number;
  /** Milliseconds. */
  retryFor: number;
  timeout: number;
  /** Names the run in the ledger and the rejects; sorts by time. */
  run: string;
  /** How the run was started, for whoever wants to resume it. Must hold no key. */
  command?: RunCommand;
  maxErrors: MaxErrors | undefined;
  /** Reads back at the end what the destination holds. */
  verify?: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  /** Certificates (PEM) of all authorities that are trusted; left out, those that Node trusts by itself. */
  authorities?: readonly string[] | undefined;
  clock: Clock;
  /** First interrupt: what is in flight may end, nothing new starts. */
  interrupt: AbortSignal;
  /** Second interrupt, or the end of the drain time: requests in flight are cut. */
  abort: AbortSignal;
}
