/** The engine as a library: it emits events and returns a summary; it never prints and never exits. */
export { systemClock, type Clock } from './clock.js';
export {
  defaultBatchOptions,
  defaultPlanOptions,
  defaultUploadOptions,
  type Account,
} from './default-options.js';
export { ExitCode, ImportError } from './errors.js';
export { dryRun, importFiles } from './import.js';
export { defaultInputOptions, type InputFile, type InputOptions } from './input/input-file.js';
export type { Problem, Row, RowBatch, Warning } from './input/row.js';
export type { MaxErrors } from './max-errors.js';
export type { BatchOptions, LedgerOptions, PlanOptions, ReadOptions, UploadOptions } from './options.js';
export type { Rewrite } from './plan/finish-spans.js';
export type { OrphanPolicy } from './plan/lint-policy.js';
export type { Sample, Selection } from './plan/select-traces.js';
export type { ImportEvent, OnEvent, Place } from './report/events.js';
export type { Counts, InputSummary, Summary } from './report/summary.js';
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox/server.js';
export type { Source } from './sources/source.js';
export type { NormaliseOptions } from './span/options.js';
export type { PrivacyRules } from './span/privacy.js';
export type { Span, SpanDraft } from './span/span.js';
export { adaline } from './targets/adaline.js';
export type { AdalineOptions } from './targets/adaline/request.js';
export { respan } from './targets/respan.js';
export type { DrawnRow, DrawnTrace } from './tree/drawn-trace.js';
export type { Answer, Target, Verdict } from './targets/target.js';
export type {
  Inquiry,
  RuleFinding,
  TargetRequest,
  TracePart,
  TraceProtocol,
} from './targets/trace-protocol.js';
