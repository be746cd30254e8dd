import type { TargetFinding } from './findings.js';

/** What an attribute may hold: the API takes no null, no list and no object. */
export type AttributeValue = string | number | boolean;

export type Attributes = Record<string, AttributeValue>;

export type Status = 'success' | 'failure' | 'aborted' | 'cancelled' | 'unknown';

/** `input` and `output` are JSON texts in every type of content. */
export interface StepContent {
  type: 'Tool' | 'Retrieval' | 'Embeddings' | 'Function' | 'Guardrail' | 'Other';
  input: string;
  output: string;
}

export interface ModelContent {
  type: 'Model';
  /** 1 to 512 characters, as `model`. */
  provider: string;
  model: string;
  input: string;
  output: string;
  /** US dollars, 0 or more; overrides what Adaline computes. */
  cost?: number;
}

export type Content = StepContent | ModelContent;
export type ContentType = Content['type'];

/** A span as `POST /v2/logs/trace` takes it. Times are milliseconds since the epoch, the end after the start. */
export interface LogSpan {
  /** 1 to 128 characters, unique in a request. */
  referenceId: string;
  /** The `referenceId` of another span of the trace. */
  parentReferenceId?: string;
  name: string;
  status: Status;
  startedAt: number;
  endedAt: number;
  content: Content;
  sessionId?: string;
  attributes: Attributes;
  tags?: string[];
  promptId?: string;
  deploymentId?: string;
  runEvaluation?: true;
  events?: unknown[];
}

/** The trace of a request. No span of it begins before it does. */
export interface LogTrace {
  referenceId: string;
  name: string;
  status: Status;
  startedAt: number;
  endedAt: number;
  sessionId?: string;
  attributes: Attributes;
  tags?: string[];
}

/** What the user chose for this destination. */
export interface AdalineOptions {
  /** What becomes of a span that is larger than the destination takes. */
  onOversize: 'reject' | 'truncate';
  /** Ask Adaline to evaluate the calls of models that are imported. */
  runEvaluation: boolean;
  /** Send the events of spans, whose shape Adaline does not document. */
  events: boolean;
  /** For calls of models that name no prompt, or no deployment, of Adaline themselves. */
  promptId: string | undefined;
  deploymentId: string | undefined;
}

/** One trace, ready for `JSON.stringify`. */
export interface LogTraceRequest {
  /** Undefined where no span is left to send. */
  trace: LogTrace | undefined;
  /** Parents first, as the spans that they were made of; without those that were refused. May be empty. */
  spans: LogSpan[];
  /** For each of `spans`: its position among the spans that were given. */
  positions: number[];
  /** What the rules did, and which spans they refuse, in the order of the spans. */
  findings: TargetFinding[];
}
