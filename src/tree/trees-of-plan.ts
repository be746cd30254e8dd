import type { Plan } from '../plan/plan.js';
import { membersByTrace } from '../trace/members-by-trace.js';
import type { FindingsOfTrace } from '../trace/trace-findings.js';
import { drawTrace, type DrawnFrom, type DrawnTrace } from './drawn-trace.js';
import { excerpt } from './excerpt.js';
import { findTrace } from './find-trace.js';
import { withAncestors, treeRows } from './tree-rows.js';
import { traceTree } from './trace-tree.js';

export interface TreeOptions {
  /** Of this id, or of the only one that begins so; undefined: the first ones. */
  trace: string | undefined;
  traces: number;
  /** Levels that are drawn; at least 1. */
  depth: number;
  /** Draws every span for itself. */
  all: boolean;
}

/** Draws traces in the order of their first appearance. Each is read from the plan as its rows are asked for. */
export function* treesOfPlan(plan: Plan, options: TreeOptions): Generator<DrawnTrace> {
  const { index, findings } = plan;
  const from = drawnFrom(plan);
  const unfolded = withAncestors(index, findings.worst().flatMap(blamedOf));
  const traces = options.trace === undefined ? membersByTrace(index) : [findTrace(plan, options.trace)];
  let drawn = 0;
  for (const members of traces) {
    if (drawn === options.traces) return;
    drawn += 1;
    const tree = traceTree(index, members);
    yield drawTrace(from, tree, treeRows(index, tree, { ...options, unfolded }));
  }
}

/** Spans of a trace; to lay out a larger one would take more memory than all of its plan. */
const largestExcerpt = 1_000_000;

/** The telling part of so many traces: of the worst, where something was found in the plan, then of the first. */
export function excerptsOfPlan(plan: Plan, traces: number): DrawnTrace[] {
  if (traces === 0) return [];
  const from = drawnFrom(plan);
  const worst = new Map(
    plan.findings
      .worst()
      .slice(0, traces)
      .map((found) => [found.trace, found]),
  );
  const drawings = new Map<number, DrawnTrace>();
  let others = traces - worst.size;
  for (const members of membersByTrace(plan.index)) {
    const trace = plan.index.traceOf(members[0]!);
    const found = worst.get(trace);
    if (members.length > largestExcerpt || (found === undefined && others <= 0)) continue;
    if (found === undefined) others -= 1;
    drawings.set(trace, excerptOf(from, members, found));
    if (drawings.size === traces) break;
  }
  return [...new Set([...worst.keys(), ...drawings.keys()])].flatMap((trace) => drawings.get(trace) ?? []);
}

/** Rows of one trace in an excerpt. */
const excerptRows = 20;

function excerptOf(from: DrawnFrom, members: Uint32Array, found: FindingsOfTrace | undefined): DrawnTrace {
  const tree = traceTree(from.index, members);
  const rows = excerpt(from.index, tree, found === undefined ? [] : blamedOf(found), excerptRows);
  const drawn = drawTrace(from, tree, rows, found?.codes);
  // The plan may be closed before the rows are looked at.
  return { ...drawn, rows: [...drawn.rows] };
}

function blamedOf({ spans }: FindingsOfTrace): number[] {
  return [...new Set(spans.map(({ span }) => span))];
}

function drawnFrom(plan: Plan): DrawnFrom {
  const { index, findings } = plan;
  return {
    index,
    spanOf: (span) => plan.spanOf(span),
    traceIdOf: (span) => plan.traceIdOf(span),
    originOf(span) {
      const { input, line } = plan.bodies.placeOf(index, span);
      return { source: plan.sourceNames[input.index], input: input.name, line };
    },
    findingsOf: (span) => findings.codesOf(span),
  };
}
