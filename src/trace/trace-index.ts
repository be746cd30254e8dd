import { byteColumn, integerColumn, numberColumn } from './column.js';
import { EndColumn } from './end-column.js';
import { hashInto, type IdHash } from './hash.js';
import { IdTable } from './id-table.js';

/** Stands for "no span", as the parent of a root. */
export const noSpan = 0xffffffff;

const Flag = {
  defined: 1,
  spooled: 2,
  derived: 4,
  parentIsTraceId: 8,
  imported: 16,
  changed: 32,
  patched: 64,
  rewritten: 128,
} as const;

/** Where the bytes of a span are. */
export interface BodyLocation {
  /**
   * `input`: the row itself is the span. `spool`: in the spool file. `derived`: nowhere, a dry run maps the row again
   * where it needs them; then `offset` and `rowLength` are the row's.
   */
  kind: 'input' | 'spool' | 'derived';
  /** In bytes; for `input` and `derived` counted over all inputs one after another. */
  offset: number;
  /** Bytes of the span as it will be sent. */
  length: number;
  /** CRC-32 of these bytes. */
  checksum: number;
  /** Bytes of the source row, for `derived`. */
  rowLength: number;
}

export interface ContentKey {
  checksum: number;
  length: number;
}

export interface SpanEntry {
  parent: number;
  /** True where the row names the trace's own id as the parent. */
  parentIsTraceId: boolean;
  start: number;
  end: number;
  /** 1-based line of the row that the span began in. */
  line: number;
}

/**
 * What the plan knows of every span: ids, parent, times, and where the bytes are, but never the bytes. About 60 bytes
 * a span, in columns. Spans are numbered in the order in which they are first mentioned, as a span or as a parent; a
 * number that was only ever mentioned as a parent is not `defined`.
 */
export class TraceIndex {
  private readonly traces = new IdTable();
  private readonly spans = new IdTable();
  private readonly traceOfSpan = integerColumn();
  private readonly parents = integerColumn();
  private readonly starts = numberColumn();
  private readonly ends = new EndColumn();
  private readonly offsets = numberColumn();
  private readonly lengths = integerColumn();
  private readonly checksums = integerColumn();
  private readonly lines = integerColumn();
  private readonly rowLengths = integerColumn();
  private readonly flags = byteColumn();
  /** Content keys of rewritten spans; for the others, checksum and length are the key. */
  private readonly contentChecksums = integerColumn();
  private readonly contentLengths = integerColumn();
  private readonly hash: IdHash = { low: 0, high: 0 };
  private definedCount = 0;

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
    hashInto(this.hash, traceId, 0);
    return this.traces.intern(this.hash);
  }

  /** The number of the span, defined or not: a span's key is its own id within its trace. */
  internSpan(trace: number, spanId: string): number {
    this.hashSpan(trace, spanId);
    const span = this.spans.intern(this.hash);
    this.traceOfSpan.set(span, trace);
    return span;
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
    hashInto(this.hash, traceId, 0);
    return this.traces.find(this.hash) >= 0;
  }

  /** True where a row has defined the span. */
  hasSpan(traceId: string, spanId: string): boolean {
    hashInto(this.hash, traceId, 0);
    const trace = this.traces.find(this.hash);
    if (trace < 0) return false;
    this.hashSpan(trace, spanId);
    const span = this.spans.find(this.hash);
    return span >= 0 && this.isDefined(span);
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
    this.locate(span, body);
  }

  /** Leaves a span out of the plan. Its number stays taken. */
  remove(span: number): void {
    if (this.isDefined(span)) this.definedCount -= 1;
    this.flags.set(span, 0);
  }

  locate(span: number, body: BodyLocation): void {
    this.offsets.set(span, body.offset);
    this.lengths.set(span, body.length);
    this.checksums.set(span, body.checksum);
    if (body.kind === 'derived') this.rowLengths.set(span, body.rowLength);
    this.setFlag(span, Flag.spooled, body.kind === 'spool');
    this.setFlag(span, Flag.derived, body.kind === 'derived');
  }

  location(span: number): BodyLocation {
    const flags = this.flags.get(span);
    return {
      kind: flags & Flag.spooled ? 'spool' : flags & Flag.derived ? 'derived' : 'input',
      offset: this.offsets.get(span),
      length: this.lengths.get(span),
      checksum: this.checksums.get(span),
      rowLength: flags & Flag.derived ? this.rowLengths.get(span) : 0,
    };
  }

  isDefined(span: number): boolean {
    return (this.flags.get(span) & Flag.defined) !== 0;
  }

  traceOf(span: number): number {
    return this.traceOfSpan.get(span);
  }

  /** The parent's number, defined or not; `noSpan` for a root. */
  parentOf(span: number): number {
    return this.parents.get(span);
  }

  /** Changes the parent to none. The span's bytes still name the old one until they are patched. */
  makeRoot(span: number): void {
    this.parents.set(span, noSpan);
    this.setFlag(span, Flag.patched, true);
  }

  namesTraceAsParent(span: number): boolean {
    return (this.flags.get(span) & Flag.parentIsTraceId) !== 0;
  }

  /** True where the bytes of the span name another parent than the index does. */
  needsPatch(span: number): boolean {
    return (this.flags.get(span) & Flag.patched) !== 0;
  }

  /** The span's bytes were written anew, with the parent that the index has. What the row said stays its content key. */
  patched(span: number, body: BodyLocation): void {
    this.contentChecksums.set(span, this.checksums.get(span));
    this.contentLengths.set(span, this.lengths.get(span));
    this.locate(span, body);
    this.setFlag(span, Flag.patched, false);
    this.setFlag(span, Flag.rewritten, true);
  }

  /** Tells the content of a span from another one of the same ids: CRC-32 and length of the span before any patch. */
  contentKey(span: number): ContentKey {
    return (this.flags.get(span) & Flag.rewritten) === 0
      ? { checksum: this.checksums.get(span), length: this.lengths.get(span) }
      : { checksum: this.contentChecksums.get(span), length: this.contentLengths.get(span) };
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

  /** What spans are sorted by: the start; spans without one come last. */
  startOrder(span: number): number {
    const start = this.starts.get(span);
    return Number.isNaN(start) ? Number.MAX_SAFE_INTEGER : start;
  }

  endOf(span: number): number {
    return this.ends.get(span, this.starts.get(span));
  }

  lengthOf(span: number): number {
    return this.lengths.get(span);
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

  isImported(span: number): boolean {
    return (this.flags.get(span) & Flag.imported) !== 0;
  }

  isChanged(span: number): boolean {
    return (this.flags.get(span) & Flag.changed) !== 0;
  }

  /** What the ledger knows of the span: the destination holds it as it is, or with other content. */
  setImported(span: number, state: 'same' | 'changed'): void {
    this.setFlag(span, Flag.imported, state === 'same');
    this.setFlag(span, Flag.changed, state === 'changed');
  }

  private hashSpan(trace: number, spanId: string): void {
    // The trace's own hash seeds the span's: the same span id in two traces is two spans.
    hashInto(this.hash, spanId, this.traces.low(trace));
    this.hash.low = (this.hash.low ^ this.traces.high(trace)) >>> 0;
  }

  private setFlag(span: number, flag: number, on: boolean): void {
    const flags = this.flags.get(span);
    this.flags.set(span, on ? flags | flag : flags & ~flag);
  }
}
