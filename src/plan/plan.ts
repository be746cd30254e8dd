import { BodyStore } from '../bodies/body-store.js';
import { Spool } from '../bodies/spool.js';
import { ExitCode, ImportError } from '../errors.js';
import type { InputFile } from '../input/input-file.js';
import { openInputs } from '../input/open-inputs.js';
import { exceeds, type MaxErrors } from '../max-errors.js';
import type { PlanOptions } from '../options.js';
import type { OnEvent } from '../report/events.js';
import { findSource } from '../sources/registry.js';
import { hasTracesToInfer } from '../trace/infer/traces-to-infer.js';
import { countParents, type ParentCounts } from '../trace/lint.js';
import type { FindingsByTrace } from '../trace/trace-findings.js';
import { TraceIndex } from '../trace/trace-index.js';
import type { Span } from '../span/span.js';
import { checkTarget } from './check-target.js';
import { finishSpans, latestEnd, type Rewrite } from './finish-spans.js';
import { unlessInterrupted } from './interruptible.js';
import { lintSpans } from './lint-spans.js';
import type { PlanCounts } from './plan-counts.js';
import { Planner } from './planner.js';
import { readInputs } from './read-inputs.js';
import { regroupTraces, type Regrouped } from './regroup-traces.js';
import { definedSpans } from '../trace/defined-spans.js';
import { selectTraces, type Selection } from './select-traces.js';
import { TraceIds } from './trace-ids.js';

/** Everything that was read and checked, ready to be sent. */
export interface Plan {
  inputs: readonly InputFile[];
  /** Source of each input, by position. */
  sourceNames: readonly (string | undefined)[];
  index: TraceIndex;
  bodies: BodyStore;
  counts: PlanCounts;
  parents: ParentCounts;
  /** What the lint found. */
  findings: FindingsByTrace;
  /** Warnings that reject nothing are an incomplete import too. */
  strict: boolean;
  regrouped: Regrouped;
  /** What was done to every span after it was planned. */
  rewrite: Rewrite | undefined;
  /** Decompressed bytes read. */
  bytes: number;
  /** Bytes of a span in the body of a request, as the destination takes it. */
  sizeOf: (span: number) => number;
  /** Reads a span back; in a dry run as its rows gave it, before its ids and times were replaced. */
  spanOf(span: number): Span;
  /** The id of the trace that a span is in, as `spanOf` would tell it. */
  traceIdOf(span: number): string;
  /** Set where more rows were rejected than `--max-errors` permits: nothing of the plan may be sent. */
  stopped: ImportError | undefined;
  close(): void;
}

/** Reads the whole input, maps and checks every row, and builds the trees. Sends nothing. */
export async function makePlan(options: PlanOptions, onEvent: OnEvent): Promise<Plan> {
  // Told before anything is opened, whatever the inputs hold.
  if (typeof options.source === 'string' && options.source !== 'auto') findSource(options.source);
  const inputs = await unlessInterrupted(
    openInputs(options.files, options.input, options.stdin),
    options.interrupt,
  );
  onEvent({ kind: 'inputs-opened', inputs: inputs.length });
  const index = new TraceIndex();
  const bodies = new BodyStore(inputs, new Spool(options.spoolFolder), options.dryRun);
  try {
    const planner = new Planner(index, bodies, options, onEvent);
    const bytes = await readInputs(inputs, index, bodies, planner, options, onEvent);
    const traceIds = new TraceIds(index, planner.placer);
    const regrouped = regroupTraces(index, bodies, planner, traceIds, options);
    if (options.selection !== undefined) select(index, bodies, planner, options.selection);
    if (hasTracesToInfer(index, options.inference.mode)) {
      const { inferParents } = await import('../trace/infer/infer-parents.js');
      inferParents(index, options.inference);
    }
    const { orphans, interrupt, normalise } = options;
    const policy = { orphans, strict: normalise.strict };
    const findings = await lintSpans(index, bodies, planner, policy, interrupt);
    const rewrite = settledRewrite(options, index);
    await finishSpans(index, bodies, planner, traceIds, rewrite, interrupt);
    const planned = { index, bodies, planner, traceIds, rewrite };
    const sizeOf = await checkTarget(planned, options.checkTrace, policy, interrupt, onEvent);
    return {
      inputs,
      sourceNames: planner.sourceNames,
      index,
      bodies,
      counts: planner.counts,
      parents: countParents(index),
      findings,
      strict: normalise.strict,
      regrouped,
      rewrite,
      bytes,
      stopped: tooManyRejected(options.maxErrors, planner.counts),
      sizeOf,
      spanOf: (span) => planner.placer.planned(span),
      traceIdOf: (span) =>
        index.memberships.isMoved(span)
          ? traceIds.idOf(index.traceOf(span))
          : planner.placer.planned(span).trace_unique_id,
      close: () => bodies.close(),
    };
  } catch (error) {
    bodies.close();
    throw error;
  }
}

function settledRewrite({ rewrite, settleRewrite }: PlanOptions, index: TraceIndex): Rewrite | undefined {
  if (rewrite === undefined) return undefined;
  const settled = settleRewrite === undefined ? rewrite : settleRewrite(rewrite, index);
  if (settled.shiftTo === undefined) return settled;
  return { ...settled, shiftFrom: settled.shiftFrom ?? latestEnd(index) };
}

/** Leaves out the traces that were not asked for, and books their rows as skipped. */
function select(index: TraceIndex, bodies: BodyStore, planner: Planner, selection: Selection): void {
  const { reasonOf, torn } = selectTraces(index, selection);
  const message =
    'lies outside of --since and --until, other spans of its trace do not; the trace is imported whole';
  for (const span of torn) planner.note({ code: 'trace_kept_whole', message }, bodies.placeOf(index, span));
  for (const span of definedSpans(index)) {
    if (reasonOf(index.traceOf(span)) !== undefined) index.remove(span);
  }
  planner.rowsByTrace?.skip((span) => reasonOf(index.traceOf(span)), planner.counts);
}

function tooManyRejected(maxErrors: MaxErrors | undefined, counts: PlanCounts): ImportError | undefined {
  if (maxErrors === undefined || !exceeds(maxErrors, counts.rejected, counts.read)) return undefined;
  const allowed = maxErrors.kind === 'count' ? String(maxErrors.count) : `${percent(maxErrors.share)} %`;
  return new ImportError(
    `${counts.rejected} of ${counts.read} rows were rejected; --max-errors permits ${allowed}`,
    {
      code: 'too_many_errors',
      exitCode: ExitCode.stopped,
      hint: 'nothing was sent; mend the rows that the rejects name, or raise --max-errors',
    },
  );
}

/** Without the digits that binary fractions add: 0.07 × 100 is 7.000000000000001. */
function percent(share: number): number {
  return Number((share * 100).toPrecision(12));
}
