import { readRfc3339Bytes } from '../span/calendar.js';
import { isAbsentId } from '../span/ids.js';
import { labelOf } from '../span/label.js';
import { isOutOfRange } from '../span/out-of-range.js';
import { hashAsciiInto, hashInto, spanSeed, traceSeed, type IdHash } from '../trace/hash.js';
import { nativeFields, Place } from './native-fields.js';
import { emptyDigest } from './row-digests.js';
import { Kind, RowScanner } from './row-scanner.js';
import { ScannedValues } from './scanned-values.js';

/** A shorter id, or one that begins with a lower byte, may be a way of saying that there is none. */
const plainIdLength = 10;
const zero = 0x30;

/**
 * Reads native rows that pass byte for byte into digests: what `readClean` takes of a parsed row, from its bytes. A row
 * that it refuses may still be one of them.
 */
export class NativeRowReader {
  /** Of the row that was read last. Place, length and checksum are the caller's. */
  readonly digest = emptyDigest();
  private readonly scanner = new RowScanner(nativeFields);
  private readonly values = new ScannedValues(this.scanner);

  /** The next rows are of this block, in their order. */
  open(block: Buffer): void {
    this.scanner.open(block);
  }

  /** @param now microseconds since the epoch */
  read(start: number, end: number, maxDepth: number, now: number): boolean {
    const { scanner } = this;
    const checks = scanner.scan(start, end, maxDepth);
    if (checks < 0) return false;
    for (let check = 0; check < checks; check++) {
      const { rule } = nativeFields[scanner.checkedField(check)]!;
      if (!rule.accepts(this.values.value(scanner.checkedEntry(check)))) return false;
    }
    return this.digestFound(now);
  }

  private digestFound(now: number): boolean {
    const { digest, scanner } = this;
    const trace = scanner.placed(Place.traceId);
    const span = scanner.placed(Place.spanId);
    const parent = scanner.placed(Place.parentId);
    if (!this.readId(digest.trace, trace, traceSeed) || !this.readId(digest.span, span, spanSeed))
      return false;
    digest.isRoot = parent === 0 || scanner.kind(parent) === Kind.null;
    if (digest.isRoot) digest.parent.low = digest.parent.high = 0;
    else if (!this.readId(digest.parent, parent, spanSeed)) return false;
    digest.parentIsTraceId = !digest.isRoot && this.areSame(parent, trace);
    digest.start = this.readTime(scanner.placed(Place.start));
    digest.end = this.readTime(scanner.placed(Place.end));
    // A single time is completed from the latency elsewhere.
    if (!(digest.end >= digest.start) || isOutOfRange(digest.start, digest.end, now)) return false;
    digest.label = this.label(parent !== 0);
    return true;
  }

  /** False where the row names no such id, or one that says that there is none. */
  private readId(hash: IdHash, entry: number, seed: number): boolean {
    const { scanner } = this;
    if (entry === 0) return false;
    const start = scanner.start(entry);
    const end = scanner.end(entry);
    const isPlain =
      scanner.kind(entry) === Kind.text && end - start >= plainIdLength && scanner.bytes[start]! > zero;
    if (isPlain && hashAsciiInto(hash, scanner.bytes, start, end, seed)) return true;
    const id = this.values.text(entry);
    if (isAbsentId(id)) return false;
    hashInto(hash, id, seed);
    return true;
  }

  private areSame(one: number, other: number): boolean {
    const { scanner } = this;
    const { bytes } = scanner;
    if (scanner.kind(one) !== Kind.text || scanner.kind(other) !== Kind.text)
      return this.values.text(one) === this.values.text(other);
    const start = scanner.start(one);
    const length = scanner.end(one) - start;
    const otherStart = scanner.start(other);
    if (length !== scanner.end(other) - otherStart) return false;
    for (let position = 0; position < length; position++) {
      if (bytes[start + position] !== bytes[otherStart + position]) return false;
    }
    return true;
  }

  /** Microseconds since the epoch; NaN where there is no time that can be read as it stands. */
  private readTime(entry: number): number {
    const { scanner } = this;
    if (entry === 0 || scanner.kind(entry) !== Kind.text) return NaN;
    return readRfc3339Bytes(scanner.bytes, scanner.start(entry), scanner.end(entry));
  }

  private label(namesParent: boolean): number {
    const fields = {
      span_name: this.textOf(Place.name),
      log_type: this.textOf(Place.logType),
      span_workflow_name: this.textOf(Place.workflow),
      trace_name: this.textOf(Place.traceName),
    };
    return labelOf(fields, { namesParent, typedAsRoot: false });
  }

  private textOf(place: number): string | undefined {
    const entry = this.scanner.placed(place);
    return entry === 0 ? undefined : this.values.text(entry);
  }
}
