import { BodyColumns, type BodyLocation, type ContentKey } from './body-columns.js';
import { byteColumn, integerColumn, numberColumn } from './column.js';
import { EdgeColumn, type Edge } from './edge.js';
import { EndColumn } from './end-column.js';
import { SpanNumbers } from './span-numbers.js';

/** Stands for "no span", as the parent of a root. */
export const noSpan = 0xffffffff;

const Flag = {
  defined: 1,
  parentIsTraceId: 2,
  imported: 4,
  changed: 8,
  patched: 16,
} as const;

export interface SpanEntry {
  parent: number;
  /** True where the row names the trace's own id as the parent. */
  parentIsTraceId: boolean;
  start: number;
  end: number;
  /** 1-based line of the row that the span began in. */
  line: number;
  /** See `labelOf` in `span/label.ts`. */
  label: number;
  /** The parent follows from a path that the row names. */
  parentByPath: boolean;
}

/**
 * What the plan knows of every span: ids, parent, times, and where the bytes are, but never the bytes. About 64 bytes
 * a span, in columns. A number that was only ever mentioned as a parent is not `defined`.
 */
export class TraceIndex extends SpanNumbers {
  private readonly parents = integerColumn();
  private readonly starts = numberColumn();
  private readonly ends = new EndColumn();
  private readonly bodies = new BodyColumns();
  private readonly lines = integerColumn();
  private readonly flags = byteColumn();
  private readonly labels = integerColumn();
  private readonly edges = new EdgeColumn();
  private definedCount = 0;
  private anyKnown = false;
  private anyPatch = false;

  /** Spans that a row defined; numbers run to `mentioned`. */
  get defined(): number {
    return this.definedCount;
  }

  /** True where a row has defined the span. */
  hasSpan(traceId: string, spanId: string): boolean {
    const trace = this.findTrace(traceId);
    return trace >= 0 && this.findSpan(trace, spanId) >= 0;
  }

  /** The number of the defined span with this id in the trace, or -1. */
  findSpan(trace: number, spanId: string): number {
    const span = this.mentionedSpan(trace, spanId);
    return span >= 0 && this.isDefined(span) ? span : -1;
  }

  /** The number of the defined span with this key (see `keyLow`), or -1. */
  findKey(low: number, high: number): number {
    const span = this.mentionedKey(low, high);
    return span >= 0 && this.isDefined(span) ? span : -1;
  }

  define(span: number, entry: SpanEntry, body: BodyLocation): void {
    if (!this.isDefined(span)) {
      this.definedCount += 1;
      this.lines.set(span, entry.line);
    }
    this.parents.set(span, entry.parent);
    this.starts.set(span, entry.start);
    this.ends.set(span, entry.start, entry.end);
    this.flags.set(span, Flag.defined | (entry.parentIsTraceId ? Flag.parentIsTraceId : 0));
    this.labels.set(span, entry.label);
    const origin = entry.parentByPath ? 'path' : 'explicit';
    if (this.edges.get(span).origin !== origin)
      this.edges.set(span, { origin, candidates: 1, confidence: 1 });
    this.locate(span, body);
  }

  /** Leaves a span out of the plan. Its number stays taken. */
  remove(span: number): void {
    if (this.isDefined(span)) this.definedCount -= 1;
    this.flags.set(span, 0);
  }

  locate(span: number, body: BodyLocation): void {
    this.bodies.set(span, body);
  }

  location(span: number): BodyLocation {
    return this.bodies.get(span);
  }

  isDefined(span: number): boolean {
    return (this.flags.get(span) & Flag.defined) !== 0;
  }

  traceOf(span: number): number {
    return this.memberships.traceOf(span);
  }

  /** The parent's number, defined or not; `noSpan` for a root. */
  parentOf(span: number): number {
    return this.parents.get(span);
  }

  /** Changes the parent to none. The span's bytes still name the old one until they are patched. */
  makeRoot(span: number): void {
    this.parents.set(span, noSpan);
    this.wantPatch(span);
  }

  /** Changes the parent to a span of another trace that bears the id which the row names. */
  findParent(span: number, parent: number): void {
    this.parents.set(span, parent);
  }

  /** Changes the parent to what bears its id in the span's own trace, defined or not. */
  loseParent(span: number): void {
    this.parents.set(span, this.internSameId(this.parentOf(span), this.traceOf(span)));
  }

  /** Changes the parent to one that no row names. The span's bytes name it once they are patched. */
  inferParent(span: number, parent: number, edge: Edge): void {
    this.parents.set(span, parent);
    this.edges.set(span, edge);
    this.wantPatch(span);
  }

  /** Another row names the parent that followed from a path so far. */
  nameParent(span: number): void {
    this.edges.set(span, { origin: 'explicit', candidates: 1, confidence: 1 });
  }

  /** True where every edge is one that a row names. */
  get hasExplicitEdgesOnly(): boolean {
    return this.edges.areExplicit;
  }

  /** How the span came to its parent. */
  edgeOf(span: number): Edge {
    return this.edges.get(span);
  }

  /** See `span/label.ts`. */
  labelOf(span: number): number {
    return this.labels.get(span);
  }

  namesTraceAsParent(span: number): boolean {
    return (this.flags.get(span) & Flag.parentIsTraceId) !== 0;
  }

  /** False where the bytes of all spans are what the index knows of them, in the traces that they began in. */
  get hasPatches(): boolean {
    return this.anyPatch || this.memberships.hasMoves;
  }

  /** True where the bytes of the span name another parent than the index does. */
  needsPatch(span: number): boolean {
    return (this.flags.get(span) & Flag.patched) !== 0;
  }

  /** The span's bytes were written anew, with the parent that the index has. What the row said stays its content key. */
  patched(span: number, body: BodyLocation): void {
    this.bodies.rewrite(span, body);
    this.setFlag(span, Flag.patched, false);
  }

  /** Tells the content of a span from another one of the same ids: CRC-32 and length of the span before any patch. */
  contentKey(span: number): ContentKey {
    return this.bodies.contentKey(span);
  }

  /** Moves the span in time by so many microseconds. */
  shift(span: number, micros: number): void {
    const start = this.startOf(span) + micros;
    const end = this.endOf(span) + micros;
    this.starts.set(span, start);
    this.ends.set(span, start, end);
  }

  /** Microseconds since the epoch, or NaN. */
  startOf(span: number): number {
    return this.starts.get(span);
  }

  /** Where a span lies in time: its start, or its end if it tells no start; NaN if neither. */
  timeOf(span: number): number {
    const start = this.startOf(span);
    return Number.isNaN(start) ? this.endOf(span) : start;
  }

  /** What spans are sorted by: the start; spans without one come last. */
  startOrder(span: number): number {
    const start = this.starts.get(span);
    return Number.isNaN(start) ? Number.MAX_SAFE_INTEGER : start;
  }

  endOf(span: number): number {
    return this.ends.get(span, this.starts.get(span));
  }

  lengthOf(span: number): number {
    return this.bodies.lengthOf(span);
  }

  lineOf(span: number): number {
    return this.lines.get(span);
  }

  /** False where the ledger knows none of the spans. */
  get hasKnown(): boolean {
    return this.anyKnown;
  }

  isImported(span: number): boolean {
    return (this.flags.get(span) & Flag.imported) !== 0;
  }

  isChanged(span: number): boolean {
    return (this.flags.get(span) & Flag.changed) !== 0;
  }

  /** What the ledger knows of the span: the destination holds it as it is, or with other content. */
  setImported(span: number, state: 'same' | 'changed'): void {
    this.anyKnown = true;
    this.setFlag(span, Flag.imported, state === 'same');
    this.setFlag(span, Flag.changed, state === 'changed');
  }

  private wantPatch(span: number): void {
    this.anyPatch = true;
    this.setFlag(span, Flag.patched, true);
  }

  private setFlag(span: number, flag: number, on: boolean): void {
    const flags = this.flags.get(span);
    this.flags.set(span, on ? flags | flag : flags & ~flag);
  }
}
