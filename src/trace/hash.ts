/**
 * A 64-bit hash of an id, as two unsigned 32-bit halves. Two multiplicative lanes over the UTF-16 code units, mixed
 * into each other with the finaliser of MurmurHash3. The ledger keeps these values on disk: the function is a file
 * format and must not change.
 */
export interface IdHash {
  low: number;
  high: number;
}

/** Writes the hash of `text` into `target`: the caller reuses one object for millions of ids. */
export function hashInto(target: IdHash, text: string, seed: number): void {
  let low = 0xdeadbeef ^ seed;
  let high = 0x41c6ce57 ^ seed;
  for (let position = 0; position < text.length; position++) {
    const unit = text.charCodeAt(position);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  target.low = low >>> 0;
  target.high = high >>> 0;
}

/** Keeps the hash of a span whose id is its trace's apart from the trace's. */
const spanSeed = 1;

export function hashOfTraceId(target: IdHash, traceId: string): void {
  hashInto(target, traceId, 0);
}

/** Of the id alone: a span's key has its trace's hash mixed in. */
export function hashOfSpanId(target: IdHash, spanId: string): void {
  hashInto(target, spanId, spanSeed);
}

/** Puts a trace's hash into the one of a span's id, or takes it out again: it undoes itself when it is done twice. */
export function mixTrace(target: IdHash, traceLow: number, traceHigh: number): void {
  target.low = (target.low ^ Math.imul(traceHigh, 0x9e3779b1)) >>> 0;
  target.high = (target.high ^ Math.imul(traceLow, 0x85ebca6b)) >>> 0;
}
