import type { IdHash } from '../trace/hash.js';

/** A native row that passes byte for byte, as far as a plan keeps it: numbers alone. */
export interface RowDigest {
  /** Byte offset in the file. */
  offset: number;
  length: number;
  /** CRC-32 of the row's bytes. */
  checksum: number;
  /** Lines between the first one of the range and the row's. */
  line: number;
  trace: IdHash;
  /** Of the ids alone, without the trace. */
  span: IdHash;
  parent: IdHash;
  isRoot: boolean;
  parentIsTraceId: boolean;
  /** Microseconds since the epoch. */
  start: number;
  end: number;
  /** See `span/label.ts`. */
  label: number;
}

const times = 3;
const integers = 11;
const Flag = { root: 1, parentIsTraceId: 2 } as const;
const initialRows = 1024;

/** The two buffers that a thread hands over. */
export interface PackedDigests {
  count: number;
  times: Float64Array<ArrayBuffer>;
  integers: Uint32Array<ArrayBuffer>;
}

/** Digests of rows in two typed arrays, 68 bytes a row, which are handed from thread to thread and never copied. */
export class RowDigests {
  private packed: PackedDigests;

  constructor(packed?: PackedDigests) {
    this.packed = packed ?? empty(initialRows);
  }

  get count(): number {
    return this.packed.count;
  }

  /** Makes room for so many rows at once. */
  reserve(rows: number): void {
    if (rows * times > this.packed.times.length) this.packed = grown(this.packed, rows);
  }

  pack(): PackedDigests {
    return this.packed;
  }

  add(digest: Readonly<RowDigest>): void {
    if (this.count * times === this.packed.times.length) this.packed = grown(this.packed, this.count * 2);
    const { times: floats, integers: words, count } = this.packed;
    const time = count * times;
    floats[time] = digest.offset;
    floats[time + 1] = digest.start;
    floats[time + 2] = digest.end;
    let at = count * integers;
    words[at++] = digest.length;
    words[at++] = digest.checksum;
    words[at++] = digest.line;
    words[at++] = digest.label;
    words[at++] = (digest.isRoot ? Flag.root : 0) | (digest.parentIsTraceId ? Flag.parentIsTraceId : 0);
    words[at++] = digest.trace.low;
    words[at++] = digest.trace.high;
    words[at++] = digest.span.low;
    words[at++] = digest.span.high;
    words[at++] = digest.parent.low;
    words[at] = digest.parent.high;
    this.packed.count += 1;
  }

  /** Writes the digest at `position` into `target`, which is used again for millions of rows. */
  read(position: number, target: RowDigest): void {
    const { times: floats, integers: words } = this.packed;
    const time = position * times;
    target.offset = floats[time]!;
    target.start = floats[time + 1]!;
    target.end = floats[time + 2]!;
    let at = position * integers;
    target.length = words[at++]!;
    target.checksum = words[at++]!;
    target.line = words[at++]!;
    target.label = words[at++]!;
    const flags = words[at++]!;
    target.isRoot = (flags & Flag.root) !== 0;
    target.parentIsTraceId = (flags & Flag.parentIsTraceId) !== 0;
    target.trace.low = words[at++]!;
    target.trace.high = words[at++]!;
    target.span.low = words[at++]!;
    target.span.high = words[at++]!;
    target.parent.low = words[at++]!;
    target.parent.high = words[at]!;
  }
}

export function emptyDigest(): RowDigest {
  return {
    offset: 0,
    length: 0,
    checksum: 0,
    line: 0,
    trace: { low: 0, high: 0 },
    span: { low: 0, high: 0 },
    parent: { low: 0, high: 0 },
    isRoot: false,
    parentIsTraceId: false,
    start: 0,
    end: 0,
    label: 0,
  };
}

function empty(rows: number): PackedDigests {
  return { count: 0, times: new Float64Array(rows * times), integers: new Uint32Array(rows * integers) };
}

function grown(packed: PackedDigests, rows: number): PackedDigests {
  const larger = empty(rows);
  larger.count = packed.count;
  larger.times.set(packed.times);
  larger.integers.set(packed.integers);
  return larger;
}
