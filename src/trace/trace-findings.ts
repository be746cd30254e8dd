import { byteColumn, integerColumn } from './column.js';
import { findingCodes, type Finding, type FindingCode } from './finding.js';
import type { TraceIndex } from './trace-index.js';

/** A trace in which the lint found something. */
export interface FindingsOfTrace {
  trace: number;
  warnings: number;
  notes: number;
  /** How often each code was found. */
  codes: Readonly<Record<string, number>>;
  /** The first spans to blame, in the order of their rows. */
  spans: readonly Finding[];
}

/** The worst traces of a plan, worst first: by warnings, then by notes. Spans that were rejected are not among them. */
export type TraceFindings = readonly FindingsOfTrace[];

const mostTraces = 10;
const mostSpans = 20;

/** Takes any number of findings, in a byte a span and eight a trace. */
export class FindingsByTrace {
  /** A bit for each code. */
  private readonly codes = byteColumn();
  private readonly warnings = integerColumn();
  private readonly notes = integerColumn();

  constructor(private readonly index: TraceIndex) {}

  add({ code, span }: Finding, level: 'warn' | 'note'): void {
    this.codes.set(span, this.codes.get(span) | bitOf(code));
    const counts = level === 'warn' ? this.warnings : this.notes;
    const trace = this.index.traceOf(span);
    counts.set(trace, counts.get(trace) + 1);
  }

  worst(): TraceFindings {
    const worst = new Map(
      this.worstTraces().map((trace) => [
        trace,
        {
          trace,
          warnings: this.warnings.get(trace),
          notes: this.notes.get(trace),
          codes: new Map<FindingCode, number>(),
          spans: new Array<Finding>(),
        },
      ]),
    );
    for (let span = 0; worst.size > 0 && span < this.index.mentioned; span++) {
      const bits = this.codes.get(span);
      const found = bits === 0 ? undefined : worst.get(this.index.traceOf(span));
      if (found === undefined) continue;
      for (const code of findingCodes) {
        if ((bits & bitOf(code)) === 0) continue;
        found.codes.set(code, (found.codes.get(code) ?? 0) + 1);
        if (found.spans.length < mostSpans) found.spans.push({ code, span });
      }
    }
    return Array.from(worst.values(), (found) => ({ ...found, codes: Object.fromEntries(found.codes) }));
  }

  private worstTraces(): number[] {
    const worst: number[] = [];
    for (let trace = 0; trace < this.index.traceCount; trace++) {
      if (this.warnings.get(trace) + this.notes.get(trace) === 0) continue;
      let place = worst.length;
      while (place > 0 && this.isWorse(trace, worst[place - 1]!)) place -= 1;
      if (place >= mostTraces) continue;
      worst.splice(place, 0, trace);
      worst.length = Math.min(worst.length, mostTraces);
    }
    return worst;
  }

  private isWorse(trace: number, other: number): boolean {
    const warnings = this.warnings.get(trace) - this.warnings.get(other);
    return warnings > 0 || (warnings === 0 && this.notes.get(trace) > this.notes.get(other));
  }
}

function bitOf(code: FindingCode): number {
  return 1 << findingCodes.indexOf(code);
}
