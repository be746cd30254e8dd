import type { Clock } from '../clock.js';
import type { OnEvent, Place } from '../report/events.js';
import type { Counts } from '../report/summary.js';
import type { Ledger } from '../ledger/ledger.js';
import type { MaxErrors } from '../max-errors.js';
import type { Target } from '../targets/target.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { BatchBodyBuilder } from './batch-body.js';
import type { BatchLimits, FrameBytes } from './batches.js';
import type { ContentCoding } from './content-coding.js';
import type { DeliveryCounts } from './delivery-counts.js';
import type { Transport } from './http.js';
import type { Pace } from './pace.js';
import type { Requests } from './requests.js';
import type { RunStop } from './run-stop.js';
import type { ServerWords } from './server-words.js';
import type { TraceStates } from './trace-states.js';

/** What the parts of one upload share. */
export interface UploadRun {
  index: TraceIndex;
  bodies: BatchBodyBuilder;
  frame: FrameBytes;
  requests: Requests;
  /** Of a span in a request's body. */
  sizeOf: (span: number) => number;
  /** Kept for destinations that take traces one by one. */
  traces: TraceStates | undefined;
  /** The address that the run is told by. */
  endpoint: string;
  target: Target;
  transport: Transport;
  ledger: Ledger;
  clock: Clock;
  pace: Pace;
  stop: RunStop;
  /** Aborts requests in flight: when the drain time is over, or at the second interrupt. */
  abort: AbortSignal;
  counts: DeliveryCounts;
  warnings: Counts;
  notes: Counts;
  coding: ContentCoding;
  maxErrors: MaxErrors | undefined;
  words: ServerWords;
  /** Lowered when the server finds a batch too large. */
  limits: BatchLimits;
  /** Milliseconds without a success after which a batch is given up. */
  retryFor: number;
  /** `bytes` are of the bodies, `wireBytes` of the same as they were sent. */
  traffic: { requests: number; bytes: number; wireBytes: number; retries: number; inFlight: number };
  progress: { settledSpans: number; totalSpans: number };
  placeOf(span: number): Place;
  onEvent: OnEvent;
}
