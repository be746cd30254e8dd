import { hashOfSpanId, hashOfTraceId, mixTrace, type IdHash } from './hash.js';
import { IdTable } from './id-table.js';
import { Memberships } from './memberships.js';

/**
 * Numbers traces and spans by their ids, in the order in which they are first mentioned, a span as a span or as a parent.
 * A span's key is its own id within its trace, so one id in two traces is two spans.
 */
export class SpanNumbers {
  private readonly traces = new IdTable();
  private readonly spans = new IdTable();
  /** Which trace each span is in; it may move to another one than that of its key. */
  readonly memberships = new Memberships();
  private readonly hash: IdHash = { low: 0, high: 0 };

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

  /** From 0 up to 1, by the trace's id alone: the same in every run, and evenly spread. */
  positionOfTrace(trace: number): number {
    const { traces } = this;
    return (traces.high(trace) * 2 ** 21 + (traces.low(trace) >>> 11)) / 2 ** 53;
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

  /** The number of what was mentioned by this id in the trace, or -1. */
  protected mentionedSpan(trace: number, spanId: string): number {
    hashOfSpanId(this.hash, spanId);
    this.mixTrace(this.hash, trace);
    return this.spans.find(this.hash);
  }

  /** The number of what was mentioned by this key, or -1. */
  protected mentionedKey(low: number, high: number): number {
    this.hash.low = low;
    this.hash.high = high;
    return this.spans.find(this.hash);
  }

  /** The number of what bears a span's own id in this trace. */
  protected internSameId(span: number, trace: number): number {
    this.hashInTrace(span, trace, this.hash);
    const same = this.spans.intern(this.hash);
    this.memberships.begin(same, trace);
    return same;
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
}
