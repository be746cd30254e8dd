import type { PlanOptions } from '../options.js';
import { makePlan, type Plan } from '../plan/plan.js';
import type { Span } from '../span/span.js';
import {
  logTraceOf,
  type AdalineOptions,
  type LogSpan,
  type LogTrace,
  type LogTraceRequest,
  type TargetFinding,
} from '../targets/adaline/log-trace.js';
import { attributeReason } from '../targets/adaline/attribute-reason.js';
import { fieldOf } from '../targets/adaline/losses.js';
import type { MappedRow } from './explain-row.js';
import { fieldFates, type FateView, type FieldFate } from './field-fates.js';
import { FileLossCounter, type FileLosses } from './file-losses.js';
import { plannedTraces } from './planned-traces.js';

/** What another destination makes of a row, and of the whole file that it is in. */
export interface TargetExplanation {
  name: 'adaline';
  /** Where the values of the row go there. */
  fields: FieldFate[];
  /** The trace that they are of, as it would be sent; the first of several. Null where none of them is. */
  trace: LogTrace | null;
  /** The row's spans, as they would be sent. */
  spans: LogSpan[];
  /** What the rules did to the row's spans, or why they refuse them; `span` counts these spans. */
  findings: TargetFinding[];
  /** Null for standard input, which can be read but once. */
  file: FileLosses | null;
}

const asidePath = 'attributes';

function viewOf(spans: readonly LogSpan[]): FateView {
  const types = new Set(spans.map(({ content }) => content.type));
  const [type] = types.size === 1 ? types : [];
  const why = (path: string): string => attributeReason(fieldOf(path.slice(asidePath.length + 1)), type);
  return {
    aside: { path: asidePath, fate: 'attribute', why },
    step: 1000,
    timesAre: 'the same instant, in milliseconds since the epoch',
  };
}

/** As an import does that says nothing else. */
const defaults: AdalineOptions = {
  onOversize: 'reject',
  runEvaluation: false,
  events: false,
  promptId: undefined,
  deploymentId: undefined,
};

type OfRow = Pick<TargetExplanation, 'trace' | 'spans' | 'findings'>;

/** Takes what belongs to the row out of a request: the spans at some of its positions. */
function addOwn(own: OfRow, request: LogTraceRequest, isOwn: (position: number) => boolean): void {
  const positions = new Map<number, number>();
  const placeOf = (position: number): number => {
    const place = positions.get(position) ?? positions.size;
    positions.set(position, place);
    return place;
  };
  for (const [place, position] of request.positions.entries()) {
    const span = request.spans[place];
    if (span === undefined || !isOwn(position)) continue;
    placeOf(position);
    own.spans.push(span);
    own.trace ??= request.trace ?? null;
  }
  for (const finding of request.findings) {
    if (isOwn(finding.span)) own.findings.push({ ...finding, span: placeOf(finding.span) });
  }
}

function keyOf({ trace_unique_id: trace, span_unique_id: span }: Span): string {
  return JSON.stringify([trace, span]);
}

function readFile(plan: Plan, row: MappedRow, own: OfRow): FileLosses {
  const { index, bodies } = plan;
  const counter = new FileLossCounter();
  // A span of several rows lies where the first of them does; ids that were generated are not known here.
  const keys = new Set(row.spans.map(keyOf));
  for (const { numbers, spans } of plannedTraces(plan)) {
    const request = logTraceOf(spans, defaults);
    counter.add(spans, request);
    addOwn(own, request, (position) => {
      const [number, span] = [numbers[position], spans[position]];
      if (number === undefined || span === undefined) return false;
      const isSameRow =
        index.lineOf(number) === row.line && bodies.placeOf(index, number).offset === row.offset;
      return isSameRow || keys.has(keyOf(span));
    });
  }
  return counter.total();
}

/** Ids that the plan would have generated. */
const generated = '(generated)';

function alone(spans: readonly Span[]): LogTraceRequest {
  const named = spans.map((span, position): Span => ({
    ...span,
    trace_unique_id: span.trace_unique_id ?? generated,
    span_unique_id: span.span_unique_id ?? `${generated} ${position + 1}`,
  }));
  return logTraceOf(named, defaults);
}

/**
 * Maps the traces of the whole file, since what becomes of a span depends on the others of its trace: its parent, the
 * session, the times. Standard input was read already: there the row stands alone.
 */
export async function explainAdaline(row: MappedRow, options: PlanOptions): Promise<TargetExplanation> {
  const own: OfRow = { trace: null, spans: [], findings: [] };
  let file: FileLosses | null = null;
  if (row.file === '-') addOwn(own, alone(row.spans), () => true);
  else {
    const plan = await makePlan({ ...options, dryRun: true }, () => {});
    try {
      file = readFile(plan, row, own);
    } finally {
      plan.close();
    }
  }
  const { trace, spans } = own;
  const placed = spans.map((span) => ({ trace: { referenceId: trace?.referenceId }, ...span }));
  return {
    name: 'adaline',
    fields: fieldFates(row.value, placed, options.normalise, viewOf(spans)),
    ...own,
    file,
  };
}
