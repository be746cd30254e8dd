import type { BodyStore } from '../bodies/body-store.js';
import type { Problem } from '../input/row.js';
import type { OnEvent } from '../report/events.js';
import { remapIds } from '../span/rewrite.js';
import type { Span } from '../span/span.js';
import { tracePart, wholeTrace, type WholeTrace } from '../targets/trace-part.js';
import type { CheckedSpan, RuleFinding, TraceProtocol } from '../targets/trace-protocol.js';
import { integerColumn } from '../trace/column.js';
import { spansByBytes, spansByTrace } from '../trace/order.js';
import { parentsBeside } from '../trace/parents-beside.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { Rewrite } from './finish-spans.js';
import { pauses } from './interruptible.js';
import { rejectionOf, type LintPolicy } from './lint-policy.js';
import type { Planner } from './planner.js';
import { rejectRows, RejectedSpans } from './rejected-spans.js';
import type { TraceIds } from './trace-ids.js';

/** Bytes of spans that are looked at together, unless a single one is larger. */
const stretchBytes = 16 * 1024 * 1024;
/** Checking as much is a step, after which the loop may give way: 2 MB of spans go by between two looks at Ctrl-C. */
const bytesOfStep = 512;

interface Planned {
  index: TraceIndex;
  bodies: BodyStore;
  planner: Planner;
  traceIds: TraceIds;
  rewrite: Rewrite | undefined;
}

/**
 * Lets the destination's own rules look at every span, the way it will be sent. What they do is told by code and span,
 * and spans that cannot be expressed there are rejected with their rows. Resolves with the size of each span in a
 * request's body.
 */
export async function checkTarget(
  planned: Planned,
  check: TraceProtocol['check'] | undefined,
  policy: LintPolicy,
  interrupt: AbortSignal,
  onEvent: OnEvent,
): Promise<(span: number) => number> {
  const { index, bodies, planner } = planned;
  if (check === undefined) return (span) => index.lengthOf(span);
  const sizes = integerColumn();
  const rejected = new RejectedSpans(index);
  const pause = pauses(interrupt);
  let looked = 0;
  for (const trace of spansByTrace(index)) {
    const stretches = [...spansByBytes(trace, (span) => index.lengthOf(span), stretchBytes)];
    // What is rejected in one stretch of several still counts for the others: they are not all read again.
    const whole = stretches.length > 1 ? wholeTrace(index, trace, spansAsSent(planned, trace)) : undefined;
    for (const stretch of stretches) {
      await pause(bytesOf(stretch, index) / bytesOfStep);
      onEvent({ kind: 'spans-checked', spans: looked, totalSpans: index.defined });
      looked += stretch.length;
      const checked = checkStretch(planned, check, { stretch, whole }, rejected, policy);
      for (const [span, { bytes, findings }] of checked) {
        sizes.set(span, bytes);
        for (const finding of findings) planner[levelOf(finding)](finding, bodies.placeOf(index, span));
      }
    }
  }
  rejected.takeOut();
  await rejectRows(index, bodies, planner, rejected, interrupt);
  return (span) => sizes.get(span);
}

/** Again without those that are rejected, until none is: what becomes of a span depends on its parent being there. */
function checkStretch(
  planned: Planned,
  check: TraceProtocol['check'],
  { stretch, whole }: { stretch: readonly number[]; whole: WholeTrace | undefined },
  rejected: RejectedSpans,
  policy: LintPolicy,
): [span: number, checked: CheckedSpan][] {
  const { index } = planned;
  for (let left = [...stretch]; ;) {
    left = left.filter((span) => {
      const isBelow = policy.orphans === 'reject' && isRejected(index.parentOf(span), rejected);
      if (isBelow) rejected.add(span, rejectionOf({ code: 'orphan_parent', span }, true));
      return !isBelow;
    });
    const spans = allAsSent(planned, left);
    const present = allAsSent(
      planned,
      parentsBeside(index, left, (span) => rejected.has(span)),
    );
    const checked = check(tracePart(whole ?? wholeTrace(index, left, spans), left, spans, present));
    const problems = checked.map(({ findings }) => problemAmong(findings, policy));
    problems.forEach((problem, at) => {
      if (problem !== undefined) rejected.add(left[at]!, problem);
    });
    if (problems.every((problem) => problem === undefined))
      return checked.map((result, at) => [left[at]!, result]);
    left = left.filter((_span, at) => problems[at] === undefined);
  }
}

function problemAmong(findings: readonly RuleFinding[], { strict }: LintPolicy): Problem | undefined {
  const worst = findings.find(({ level }) => level === 'reject');
  return worst ?? (strict ? findings.find(({ level }) => level === 'warn') : undefined);
}

function levelOf({ level }: RuleFinding): 'note' | 'warn' {
  return level === 'note' ? 'note' : 'warn';
}

function isRejected(span: number, rejected: RejectedSpans): boolean {
  return span !== noSpan && rejected.has(span);
}

function* spansAsSent(planned: Planned, spans: readonly number[]): Generator<Span> {
  for (const span of spans) yield* allAsSent(planned, [span]);
}

function allAsSent(planned: Planned, spans: readonly number[]): Span[] {
  const read = planned.planner.placer.allPlanned(spans);
  return planned.bodies.dryRun ? read.map((span, at) => mended(planned, spans[at]!, span)) : read;
}

function bytesOf(spans: readonly number[], index: TraceIndex): number {
  return spans.reduce((sum, span) => sum + index.lengthOf(span), 0);
}

/** A dry run keeps no span that was changed after its row was read: what a rule may look at is changed again. */
function mended({ index, planner, traceIds, rewrite }: Planned, span: number, planned: Span): Span {
  const { span_parent_id: named, ...body } = planned;
  const parent = index.parentOf(span);
  if (index.memberships.isMoved(span)) body.trace_unique_id = traceIds.idOf(index.traceOf(span));
  const isNew = typeof named !== 'string' && parent !== noSpan && index.isDefined(parent);
  const id = isNew ? planner.placer.planned(parent).span_unique_id : named;
  const whole: Span = parent === noSpan || typeof id !== 'string' ? body : { ...body, span_parent_id: id };
  return rewrite?.remapSeed === undefined ? whole : remapIds(whole, rewrite.remapSeed);
}
