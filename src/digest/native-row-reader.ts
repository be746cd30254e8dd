import type { FieldRule } from '../span/accept.js';
import { isAbsentId } from '../span/ids.js';
import { labelOfName } from '../span/label.js';
import { isOutOfRange } from '../span/out-of-range.js';
import { hashOfSpanId, hashOfTraceId } from '../trace/hash.js';
import { nativeFields, Place } from './native-fields.js';
import { emptyDigest } from './row-digests.js';
import { Fact, Kind, RowScanner } from './row-scanner.js';
import { ScannedValues } from './scanned-values.js';

/**
 * Reads native rows that pass byte for byte into digests: what `readClean` takes of a parsed row, from its bytes. A row
 * that it refuses may still be one of them.
 */
export class NativeRowReader {
  /** Of the row that was read last, or where the next one is written to. Its place in the file is the caller's. */
  digest = emptyDigest();
  private readonly scanner = new RowScanner(nativeFields);
  private readonly values = new ScannedValues(this.scanner);

  /** The next rows are of this block, in their order. */
  open(block: Buffer): void {
    this.scanner.open(block);
  }

  /** @param now microseconds since the epoch */
  read(start: number, end: number, maxDepth: number, now: number): boolean {
    const { digest, scanner } = this;
    digest.length = end - start;
    const checks = scanner.scan(start, end, maxDepth);
    if (checks < 0) return false;
    for (let check = 0; check < checks; check++) {
      const { rule } = nativeFields[scanner.checkedField(check)]!;
      if (!this.isAccepted(scanner.checkedEntry(check), rule)) return false;
    }
    return this.digestFound(now);
  }

  private isAccepted(entry: number, { accepts, readsNames }: FieldRule): boolean {
    const { scanner, values } = this;
    const isRead = readsNames && scanner.kind(entry) === Kind.object;
    return accepts(isRead ? values.named(entry) : values.value(entry));
  }

  private digestFound(now: number): boolean {
    const { digest, scanner } = this;
    digest.start = scanner.times[0]!;
    digest.end = scanner.times[1]!;
    // A single time is completed from the latency elsewhere.
    if (!(digest.end >= digest.start) || isOutOfRange(digest.start, digest.end, now)) return false;
    const { facts } = scanner;
    if ((facts & Fact.idsAreHashed) !== 0) this.takeHashes(facts);
    else if (!this.readIds()) return false;
    digest.label = this.label(facts);
    digest.checksum = scanner.checksum;
    return true;
  }

  private takeHashes(facts: number): void {
    const { digest, scanner } = this;
    const { ids } = scanner;
    digest.trace.low = ids[0]!;
    digest.trace.high = ids[1]!;
    digest.span.low = ids[2]!;
    digest.span.high = ids[3]!;
    digest.parent.low = ids[4]!;
    digest.parent.high = ids[5]!;
    digest.isRoot = (facts & Fact.isRoot) !== 0;
    digest.parentIsTraceId = (facts & Fact.parentIsTrace) !== 0;
  }

  /** Ids that are short or not of ASCII. False where the row names no trace or no span, or an id that says so. */
  private readIds(): boolean {
    const { digest } = this;
    const trace = this.textOf(Place.traceId);
    const span = this.textOf(Place.spanId);
    const parent = this.parentId();
    if (trace === undefined || span === undefined || isAbsentId(trace) || isAbsentId(span)) return false;
    if (parent !== undefined && isAbsentId(parent)) return false;
    hashOfTraceId(digest.trace, trace);
    hashOfSpanId(digest.span, span);
    if (parent === undefined) digest.parent.low = digest.parent.high = 0;
    else hashOfSpanId(digest.parent, parent);
    digest.isRoot = parent === undefined;
    digest.parentIsTraceId = parent === trace;
    return true;
  }

  private parentId(): string | undefined {
    const { scanner } = this;
    return scanner.kind(scanner.placed(Place.parentId)) === Kind.null
      ? undefined
      : this.textOf(Place.parentId);
  }

  private label(facts: number): number {
    const { scanner } = this;
    const name = this.textOf(Place.name) ?? '';
    return labelOfName(name, this.textOf(Place.logType), {
      namesParent: scanner.placed(Place.parentId) !== 0,
      namedAsTrace:
        (facts & Fact.namesHaveEscapes) === 0
          ? (facts & Fact.isNamedAsTrace) !== 0
          : name === this.textOf(Place.workflow) || name === this.textOf(Place.traceName),
      typedAsRoot: false,
    });
  }

  private textOf(place: number): string | undefined {
    const entry = this.scanner.placed(place);
    return entry === 0 ? undefined : this.values.text(entry);
  }
}
