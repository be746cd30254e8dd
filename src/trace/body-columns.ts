import { byteColumn, integerColumn, numberColumn } from './column.js';

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

const Flag = { spooled: 1, derived: 2, rewritten: 4 } as const;

/** Locations of the bodies of spans, about 20 bytes a span. */
export class BodyColumns {
  private readonly offsets = numberColumn();
  private readonly lengths = integerColumn();
  private readonly checksums = integerColumn();
  private readonly rowLengths = integerColumn();
  private readonly flags = byteColumn();
  /** Content keys of rewritten spans; for the others, checksum and length are the key. */
  private readonly contentChecksums = integerColumn();
  private readonly contentLengths = integerColumn();

  /** Also forgets that an earlier body of the span was rewritten. */
  set(span: number, body: BodyLocation): void {
    this.place(span, body, 0);
  }

  get(span: number): BodyLocation {
    const flags = this.flags.get(span);
    return {
      kind: flags & Flag.spooled ? 'spool' : flags & Flag.derived ? 'derived' : 'input',
      offset: this.offsets.get(span),
      length: this.lengths.get(span),
      checksum: this.checksums.get(span),
      rowLength: flags & Flag.derived ? this.rowLengths.get(span) : 0,
    };
  }

  /** Another body in place of the one that the row gave, whose content key stays. */
  rewrite(span: number, body: BodyLocation): void {
    const { checksum, length } = this.contentKey(span);
    this.contentChecksums.set(span, checksum);
    this.contentLengths.set(span, length);
    this.place(span, body, Flag.rewritten);
  }

  contentKey(span: number): ContentKey {
    return (this.flags.get(span) & Flag.rewritten) === 0
      ? { checksum: this.checksums.get(span), length: this.lengths.get(span) }
      : { checksum: this.contentChecksums.get(span), length: this.contentLengths.get(span) };
  }

  lengthOf(span: number): number {
    return this.lengths.get(span);
  }

  private place(span: number, body: BodyLocation, rewritten: number): void {
    this.offsets.set(span, body.offset);
    this.lengths.set(span, body.length);
    this.checksums.set(span, body.checksum);
    if (body.kind === 'derived') this.rowLengths.set(span, body.rowLength);
    const kind = body.kind === 'spool' ? Flag.spooled : body.kind === 'derived' ? Flag.derived : 0;
    this.flags.set(span, kind | rewritten);
  }
}
