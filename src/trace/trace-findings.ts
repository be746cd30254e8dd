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
  /** The first spans to blame: by the order of `findingCodes`, then of their rows. */
  spans: readonly Finding[];
}

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

  /** What was found wrong with a span. */
  codesOf(span: number): FindingCode[] {
    const bits = this.codes.get(span);
    return bits === 0 ? [] : findingCodes.filter((code) => (bits & bitOf(code)) !== 0);
  }

  /** The worst traces of a plan, worst first: by warnings, then by notes. Rejected spans are not among their spans. */
  worst(): FindingsOfTrace[] {
    const worst = new Map(
      this.worstTraces().map((trace) => [
        trace,
        {
          trace,
          warnings: this.warnings.get(trace),
          notes: this.notes.get(trace),
          codes: new Map<FindingCode, number[]>(),
        },
      ]),
    );
    for (let span = 0; worst.size > 0 && span < this.index.mentioned; span++) {
      const codes = this.codesOf(span);
      const found = codes.length === 0 ? undefined : worst.get(this.index.traceOf(span));
      if (found === undefined) continue;
      for (const code of codes) {
        const spans = found.codes.get(code);
        if (spans === undefined) found.codes.set(code, [span]);
        else spans.push(span);
      }
    }
    return Array.from(worst.values(), ({ codes, ...found }) => ({
      ...found,
      codes: Object.fromEntries(Array.from(codes, ([code, spans]) => [code, spans.length])),
      spans: findingCodes
        .flatMap((code) => (codes.get(code) ?? []).slice(0, mostSpans).map((span) => ({ code, span })))
        .slice(0, mostSpans),
    }));
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
