import type { Span } from '../span/span.js';
import type { LogTraceRequest, TargetFinding } from '../targets/adaline/log-trace.js';
import { lossesOf, type Loss } from '../targets/adaline/losses.js';

/** A field without a place in the destination, and how many spans have it. */
export type FileLoss = Loss & { spans: number };

/** A rule of the destination that acted, and on how many spans. */
export type FileFinding = Pick<TargetFinding, 'code' | 'refused' | 'message' | 'hint'> & { spans: number };

/** What all spans of a file lose on their way to the destination. */
export interface FileLosses {
  traces: number;
  spans: number;
  /** The most frequent first, as `fields`. */
  findings: FileFinding[];
  fields: FileLoss[];
}

/** Fields whose names are data would fill the memory; those beyond are counted as one. */
const mostFields = 1000;
const otherFields = 'metadata.*';
const otherReason = 'further fields';

function byFrequency(left: { spans: number }, right: { spans: number }): number {
  return right.spans - left.spans;
}

/** A field may have a place on spans of one type and none on others: each reason is counted apart. */
function keyOf({ fate, field, why }: Loss): string {
  return `${fate} ${field} ${why}`;
}

/** Adds up what the spans of a file lose, trace by trace. */
export class FileLossCounter {
  private traces = 0;
  private spans = 0;
  private readonly findings = new Map<string, FileFinding>();
  private readonly fields = new Map<string, FileLoss>();

  add(told: readonly Span[], { spans, positions, findings }: LogTraceRequest): void {
    this.traces += 1;
    this.spans += told.length;
    for (const { code, refused, message, hint } of findings) {
      const known = this.findings.get(code);
      if (known === undefined) this.findings.set(code, { code, refused, message, hint, spans: 1 });
      else known.spans += 1;
    }
    spans.forEach((sent, place) => {
      const span = told[positions[place] ?? 0];
      if (span !== undefined) for (const loss of lossesOf(span, sent)) this.addLoss(loss);
    });
  }

  total(): FileLosses {
    return {
      traces: this.traces,
      spans: this.spans,
      findings: [...this.findings.values()].sort(byFrequency),
      fields: [...this.fields.values()].sort(byFrequency),
    };
  }

  private addLoss(loss: Loss): void {
    const key = keyOf(loss);
    const isOther = this.fields.size >= mostFields && !this.fields.has(key);
    const counted = isOther ? { ...loss, field: otherFields, why: otherReason } : loss;
    const known = this.fields.get(keyOf(counted));
    if (known === undefined) this.fields.set(keyOf(counted), { ...counted, spans: 1 });
    else known.spans += 1;
  }
}
