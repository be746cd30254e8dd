import { nameOfLabel } from '../../span/label.js';
import { definedSpans } from '../defined-spans.js';
import { noSpan, type TraceIndex } from '../trace-index.js';
import { candidateAt, candidateLimit, overlapAt, overlapLimit, type Candidates } from './candidates.js';
import { NamePairs, Tally, type ParentTally } from './name-pairs.js';
import type { NestedTrace } from './nested-trace.js';

/** A pair of names that overlaps counts so many times as much as one that nests. */
const overlapWeight = 3;
const plausibleNesting = 0.8;

/** What the traces of an import tell about each other, by the names of spans. */
export class ImportEvidence {
  /** Parents that rows name. */
  readonly stated: ParentTally = { pairs: new Tally(), totals: new Tally() };
  readonly numbers = new NamePairs();
  /** Spans of the first name with at least one of the second name around them. */
  private readonly nested = new Tally();
  /** Spans of the first name that overlap one of the second name, and have none around them. */
  private readonly straddling = new Tally();
  private parentsFirst = 0;
  private parentsLater = 0;

  /** Spans whose names may be learned: to be told of all before anything is added. */
  meet(index: TraceIndex): void {
    for (const span of definedSpans(index)) this.numbers.meet(nameOfLabel(index.labelOf(span)));
  }

  /** The parents that rows name. */
  addStated(index: TraceIndex): void {
    for (const span of definedSpans(index)) {
      const parent = index.parentOf(span);
      if (parent === noSpan || !index.isDefined(parent)) continue;
      const child = this.numbers.nameNumber(nameOfLabel(index.labelOf(span)));
      const above = this.numbers.nameNumber(nameOfLabel(index.labelOf(parent)));
      this.stated.pairs.add(this.numbers.pairNumber(child, above), 1);
      this.stated.totals.add(child, 1);
      this.addRowOrder(parent, span);
    }
  }

  /** How the intervals of a trace lie to each other. */
  addTimes({ view, candidates, names, pairs }: NestedTrace): void {
    for (let position = 0; position < view.size; position++) {
      const first = position * candidateLimit;
      const around = pairs.subarray(first, first + candidates.counts[position]!);
      for (const [rank, pair] of around.entries())
        if (around.indexOf(pair) === rank) this.nested.add(pair, 1);
      this.addOverlaps(candidates, position, names, around);
      const nearest = candidates.equals[position]!;
      if (nearest < around.length && candidates.skewed[position] === 0) {
        const parent = view.spans[candidateAt(candidates, position, nearest)]!;
        this.addRowOrder(parent, view.spans[position]!);
      }
    }
  }

  /** The share of parents whose row comes before their child's, between 0 and 1; a half where nothing is known. */
  get shareOfParentsFirst(): number {
    return (this.parentsFirst + 1) / (this.parentsFirst + this.parentsLater + 2);
  }

  /** Between 0 and 1: less than 1 where spans of the first name overlap spans of the second that are not around them. */
  nestingOf(pair: number): number {
    const nested = this.nested.get(pair) + 1;
    return nested / (nested + overlapWeight * this.straddling.get(pair));
  }

  private addOverlaps(
    candidates: Candidates,
    position: number,
    names: Uint32Array,
    around: Uint32Array,
  ): void {
    const counted: number[] = [];
    for (let slot = 0; slot < overlapLimit; slot++) {
      const other = overlapAt(candidates, position, slot);
      if (other < 0) return;
      if (names[other] === names[position]) continue;
      const pair = this.numbers.pairNumber(names[position]!, names[other]!);
      if (around.includes(pair) || counted.includes(pair)) continue;
      counted.push(pair);
      this.straddling.add(pair, 1);
    }
  }

  private addRowOrder(parent: number, child: number): void {
    if (parent < child) this.parentsFirst += 1;
    else this.parentsLater += 1;
  }
}

/** False where the names overlap often enough to doubt that one lies in the other by more than chance. */
export function isPlausibleNesting(nesting: number): boolean {
  return nesting >= plausibleNesting;
}
