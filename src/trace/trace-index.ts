import { BodyColumns, type BodyLocation, type ContentKey } from './body-columns.js';
import { byteColumn, integerColumn, numberColumn } from './column.js';
import { EdgeColumn, type Edge } from './edge.js';
import { EndColumn } from './end-column.js';
import { hashOfSpanId, hashOfTraceId, mixTrace, type IdHash } from './hash.js';
import { IdTable } from './id-table.js';
import { Memberships } from './memberships.js';

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
 * a span, in columns. Spans are numbered in the order in which they are first mentioned, as a span or as a parent; a
 * number that was only ever mentioned as a parent is not `defined`.
 */
export class TraceIndex {
  private readonly traces = new IdTable();
  private readonly spans = new IdTable();
  /** Which trace each span is in; it may move to another one than that of its key. */
  readonly memberships = new Memberships();
  private readonly parents = integerColumn();
  private readonly starts = numberColumn();
  private readonly ends = new EndColumn();
  private readonly bodies = new BodyColumns();
  private readonly lines = integerColumn();
  private readonly flags = byteColumn();
  private readonly labels = integerColumn();
  private readonly edges = new EdgeColumn();
  private readonly hash: IdHash = { low: 0, high: 0 };
  private definedCount = 0;
  private anyKnown = false;
  private anyPatch = false;

  /** Spans that a row defined; numbers run to `mentioned`. */
  get defined(): number {
    return this.definedCount;
  }

  get mentioned(): number {
    return this.spans.size;
  }

  get traceCount(): number {
    return this.traces.size;
  }

  internTrace(traceId: string): number {
    hashOfTraceId(this.hash, traceId);
    return this.traces.intern(this.hash);
  }

  /** The same, where the id was hashed elsewhere. */
  internTraceHash(traceId: Readonly<IdHash>): number {
    return this.traces.intern(traceId);
  }

  /** The number of the span, defined or not: a span's key is its own id within its trace. */
  internSpan(trace: number, spanId: string): number {
    hashOfSpanId(this.hash, spanId);
    return this.internMixed(trace);
  }

  /** The same, where the id was hashed elsewhere. */
  internSpanHash(trace: number, spanId: Readonly<IdHash>): number {
    this.hash.low = spanId.low;
    this.hash.high = spanId.high;
    return this.internMixed(trace);
  }

  /** Makes room for about so many spans. */
  reserve(spans: number): void {
    this.spans.reserve(spans);
  }

  /** Once no id has to be looked up any more. */
  seal(): void {
    this.traces.seal();
    this.spans.seal();
  }

  hasTrace(traceId: string): boolean {
    return this.findTrace(traceId) >= 0;
  }

  /** The number of the trace, or -1. */
  findTrace(traceId: string): number {
    hashOfTraceId(this.hash, traceId);
    return this.traces.find(this.hash);
  }

  /** True where a row has defined the span. */
  hasSpan(traceId: string, spanId: string): boolean {
    const trace = this.findTrace(traceId);
    return trace >= 0 && this.findSpan(trace, spanId) >= 0;
  }

  /** The number of the defined span with this id in the trace, or -1. */
  findSpan(trace: number, spanId: string): number {
    this.hashSpan(trace, spanId);
    const span = this.spans.find(this.hash);
    return span >= 0 && this.isDefined(span) ? span : -1;
  }

  /** Writes the key that a span of these ids has into `target`. Works on a sealed index too. */
  keyOfIds(traceId: string, spanId: string, target: IdHash): void {
    hashOfTraceId(target, traceId);
    const { low, high } = target;
    hashOfSpanId(target, spanId);
    mixTrace(target, low, high);
  }

  /** Whether the plan knows the trace by this id. Works on a sealed index too. */
  isTrace(trace: number, traceId: string): boolean {
    hashOfTraceId(this.hash, traceId);
    return this.hash.low === this.traces.low(trace) && this.hash.high === this.traces.high(trace);
  }

  /** Whether the plan knows the span by these ids. Works on a sealed index too. */
  hasIds(span: number, traceId: string, spanId: string): boolean {
    this.keyOfIds(traceId, spanId, this.hash);
    return this.hash.low === this.spans.low(span) && this.hash.high === this.spans.high(span);
  }

  /** The number of the defined span with this key (see `keyLow`), or -1. */
  findKey(low: number, high: number): number {
    this.hash.low = low;
    this.hash.high = high;
    const span = this.spans.find(this.hash);
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
    this.hashInTrace(this.parentOf(span), this.traceOf(span), this.hash);
    const missing = this.spans.intern(this.hash);
    this.memberships.begin(missing, this.traceOf(span));
    this.parents.set(span, missing);
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

  /** From 0 up to 1, by the trace's id alone: the same in every run, and evenly spread. */
  positionOfTrace(trace: number): number {
    const { traces } = this;
    return (traces.high(trace) * 2 ** 21 + (traces.low(trace) >>> 11)) / 2 ** 53;
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

  /** The two halves of the span's key: a hash of its trace id and its span id. */
  keyLow(span: number): number {
    return this.spans.low(span);
  }

  keyHigh(span: number): number {
    return this.spans.high(span);
  }

  /** Writes the hash of the span's own id, without its trace, into `target`. */
  hashOfId(span: number, target: IdHash): void {
    target.low = this.spans.low(span);
    target.high = this.spans.high(span);
    this.mixTrace(target, this.memberships.keyTraceOf(span));
  }

  /** Writes the key that the span would have in another trace into `target`. */
  hashInTrace(span: number, trace: number, target: IdHash): void {
    this.hashOfId(span, target);
    this.mixTrace(target, trace);
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

  private hashSpan(trace: number, spanId: string): void {
    hashOfSpanId(this.hash, spanId);
    this.mixTrace(this.hash, trace);
  }

  /** From the hash of a span's own id. */
  private internMixed(trace: number): number {
    this.mixTrace(this.hash, trace);
    const span = this.spans.intern(this.hash);
    this.memberships.begin(span, trace);
    return span;
  }

  /** The same span id in two traces is two spans. */
  private mixTrace(hash: IdHash, trace: number): void {
    mixTrace(hash, this.traces.low(trace), this.traces.high(trace));
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
