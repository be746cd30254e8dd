import { byteColumn } from '../trace/column.js';
import { definedSpans } from '../trace/defined-spans.js';
import type { TraceIndex } from '../trace/trace-index.js';

/**
 * What is known of a trace at a destination that takes traces one by one. `absent`: not created yet, as far as is known.
 * `created`: by this run, so it holds what this run has sent. `found`: by whoever, so it may hold further spans.
 * `lost`: not there, and its spans must not create it without the ones before them.
 */
const states = ['absent', 'created', 'found', 'lost'] as const;

export type TraceState = (typeof states)[number];

/** A byte a trace, and one a span. At first, traces of which the ledger knows a span are found. */
export class TraceStates {
  private readonly column = byteColumn();
  /** By span. */
  private readonly expected = byteColumn();
  private readonly refusedSpans = new Set<number>();

  constructor(private readonly index: TraceIndex) {
    for (const span of definedSpans(index)) {
      if (index.isImported(span) || index.isChanged(span)) this.set(span, 'found');
      if (index.isImported(span)) this.expect(span);
    }
  }

  /** The destination should hold the span from now on. */
  expect(span: number): void {
    this.expected.set(span, 1);
  }

  isExpected(span: number): boolean {
    return this.expected.get(span) === 1;
  }

  /** Of the trace that the span is in. */
  get(span: number): TraceState {
    return states[this.column.get(this.index.traceOf(span))] ?? 'absent';
  }

  set(span: number, state: TraceState): void {
    this.column.set(this.index.traceOf(span), states.indexOf(state));
  }

  /** What became of the request that would create the trace; later ones change nothing. */
  keep(span: number, state: TraceState): void {
    if (this.get(span) === 'absent') this.set(span, state);
  }

  /** The destination will never hold this span: none below it can name it as its parent. */
  refuse(span: number): void {
    this.refusedSpans.add(span);
  }

  /** The destination keeps the span as it has it: it refuses the row, and others may still name the span. */
  keepsOther(span: number): void {
    this.refusedSpans.delete(span);
    this.expect(span);
  }

  isRefused(span: number): boolean {
    return this.refusedSpans.has(span);
  }
}
