import { byteColumn } from './column.js';

/**
 * How a span came to its parent. `explicit`: the row names it. `path`: it follows from another field of the source, such
 * as LangSmith's `dotted_order`. `time`: inferred, and no other span is a likely parent. `ambiguous`: inferred, one of
 * several candidates.
 */
export type EdgeOrigin = 'explicit' | 'path' | 'time' | 'ambiguous';

export interface Edge {
  origin: EdgeOrigin;
  /** Spans that could be the parent, the chosen one among them; 1 unless `ambiguous`. At most 255 are told. */
  candidates: number;
  /** Between 0 and 1, in steps of a hundredth; 1 where the input says so. */
  confidence: number;
}

const origins: readonly EdgeOrigin[] = ['explicit', 'path', 'time', 'ambiguous'];
const explicit: Edge = { origin: 'explicit', candidates: 1, confidence: 1 };

/** Origins of the edges of spans. Takes memory only once one differs from `explicit`. */
export class EdgeColumn {
  private readonly origins = byteColumn();
  private readonly candidates = byteColumn();
  private readonly percents = byteColumn();
  private anyOther = false;

  /** True where no edge was ever anything else. */
  get areExplicit(): boolean {
    return !this.anyOther;
  }

  get(span: number): Edge {
    const origin = this.origins.get(span);
    if (origin === 0) return explicit;
    return {
      origin: origins[origin]!,
      candidates: this.candidates.get(span),
      confidence: this.percents.get(span) / 100,
    };
  }

  set(span: number, { origin, candidates, confidence }: Edge): void {
    this.anyOther = true;
    this.origins.set(span, origins.indexOf(origin));
    this.candidates.set(span, Math.min(candidates, 255));
    // Never rounded up: what is not certain must not read as certain.
    this.percents.set(span, Math.floor(confidence * 100));
  }
}
