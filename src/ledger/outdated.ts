import { integerColumn } from '../trace/column.js';
import { IdTable } from '../trace/id-table.js';
import { entryBytes, readRecords } from './record.js';

/** Which entries of a row of segments are outdated by a later one of the same span: a bit each, in order. */
export class OutdatedEntries {
  private bits = new Uint8Array(1024);

  has(position: number): boolean {
    return (this.bits[position >>> 3]! & (1 << (position & 7))) !== 0;
  }

  add(position: number): void {
    const byte = position >>> 3;
    if (byte >= this.bits.length) {
      const grown = new Uint8Array(Math.max(byte + 1, this.bits.length * 2));
      grown.set(this.bits);
      this.bits = grown;
    }
    this.bits[byte]! |= 1 << (position & 7);
  }
}

/**
 * Finds them without holding all keys: a part of the range of keys at a time, so that about `entriesPerPass` are held,
 * and the segments are read once for each part.
 */
export async function findOutdated(
  segments: readonly string[],
  entriesPerPass: number,
): Promise<OutdatedEntries> {
  const outdated = new OutdatedEntries();
  let entries = 0;
  for await (const keys of keysOf(segments)) entries += keys.length / entryBytes;
  const passes = Math.ceil(entries / entriesPerPass);
  for (let pass = 0; pass < passes; pass++) await findInPart(segments, pass, passes, outdated);
  return outdated;
}

async function findInPart(
  segments: readonly string[],
  part: number,
  parts: number,
  outdated: OutdatedEntries,
): Promise<void> {
  const spans = new IdTable();
  const latest = integerColumn();
  const hash = { low: 0, high: 0 };
  let position = 0;
  for await (const keys of keysOf(segments)) {
    for (let at = 0; at < keys.length; at += entryBytes, position += 1) {
      hash.low = keys.readUInt32LE(at);
      hash.high = keys.readUInt32LE(at + 4);
      if (Math.floor((hash.high / 0x1_0000_0000) * parts) !== part) continue;
      const known = spans.size;
      const span = spans.intern(hash);
      if (span < known) outdated.add(latest.get(span));
      latest.set(span, position);
    }
  }
}

async function* keysOf(segments: readonly string[]): AsyncGenerator<Buffer> {
  for (const segment of segments) {
    for await (const { record } of readRecords(segment))
      if (record.kind === 'acknowledged') yield record.keys;
  }
}
