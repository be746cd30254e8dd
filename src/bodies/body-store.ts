import { crc32 } from 'node:zlib';

import type { InputFile } from '../input/input-file.js';
import type { BodyLocation } from '../trace/body-columns.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { InputExtents } from './input-extents.js';
import { inputChanged, InputReader } from './input-reader.js';
import type { Spool } from './spool.js';

/** A row, as far as it is needed to find it again. */
export interface RowPosition {
  input: InputFile;
  offset: number;
  length: number;
  /** True where the row gives the same spans when it is mapped again, without the rows before it. */
  standsAlone: boolean;
}

/** Knows where the bytes of every planned span are, and brings them back. */
export class BodyStore {
  readonly extents = new InputExtents();
  private readonly reader: InputReader;

  constructor(
    private readonly inputs: readonly InputFile[],
    private readonly spool: Spool,
    readonly dryRun: boolean,
  ) {
    this.reader = new InputReader(inputs);
  }

  /** The row's own bytes are the span. They stay where they are if the input can be read again. */
  keepRow(row: Omit<RowPosition, 'standsAlone'>, bytes: Uint8Array): BodyLocation {
    if (!row.input.rereadable) return this.spoolBody(row, bytes);
    return {
      kind: 'input',
      offset: this.extents.global(row.offset),
      length: bytes.length,
      checksum: crc32(bytes),
      rowLength: 0,
    };
  }

  /** The span differs from its row. A dry run keeps only the row's place, where the row can be mapped again from it. */
  keepSpan(row: RowPosition, bytes: Uint8Array): BodyLocation {
    if (!this.dryRun || !row.input.rereadable || !row.standsAlone) return this.spoolBody(row, bytes);
    return {
      kind: 'derived',
      offset: this.extents.global(row.offset),
      length: bytes.length,
      checksum: crc32(bytes),
      rowLength: row.length,
    };
  }

  /** A span that was changed after the rows were read. A dry run only needs to know how long it is. */
  keepChanged(
    earlier: BodyLocation,
    row: Pick<RowPosition, 'input' | 'offset'>,
    bytes: Uint8Array,
  ): BodyLocation {
    if (!this.dryRun) return this.spoolBody(row, bytes);
    return { ...earlier, length: bytes.length, checksum: crc32(bytes) };
  }

  /** A span that no single row gives. */
  spoolBody(
    row: Pick<RowPosition, 'input' | 'offset'>,
    bytes: Uint8Array,
    checksum = crc32(bytes),
  ): BodyLocation {
    const offset = this.spool.append({ input: row.input.index, offset: row.offset }, bytes);
    return { kind: 'spool', offset, length: bytes.length, checksum, rowLength: 0 };
  }

  /** Where a span can be read: in a dry run as its rows gave it, since what was changed later was not kept. */
  locationOf(index: TraceIndex, span: number): BodyLocation {
    const location = index.location(span);
    return this.dryRun ? { ...location, ...index.contentKey(span) } : location;
  }

  /** The bytes at a location: the span, or for `derived` the source row. */
  read(location: BodyLocation): Buffer {
    const length = location.kind === 'derived' ? location.rowLength : location.length;
    const bytes = Buffer.allocUnsafe(length);
    this.readRange(location.kind, bytes, 0, length, location.offset);
    if (location.kind !== 'derived') this.verify(location, bytes);
    return bytes;
  }

  /** Fills `target[at, at + length)` from one stretch of an input or the spool, unverified. */
  readRange(
    kind: BodyLocation['kind'],
    target: Uint8Array,
    at: number,
    length: number,
    offset: number,
  ): void {
    if (kind === 'spool') {
      this.spool.read(target, at, length, offset);
      return;
    }
    const place = this.extents.resolve(offset);
    this.reader.read(place.input, target, at, length, place.offset);
  }

  /** Throws `input_changed` unless these are the bytes that were planned. */
  verify(location: Pick<BodyLocation, 'kind' | 'checksum' | 'offset'>, bytes: Uint8Array): void {
    if (crc32(bytes) === location.checksum) return;
    if (location.kind === 'spool')
      throw new Error(`the spool holds other bytes than were written at ${location.offset}`);
    const place = this.extents.resolve(location.offset);
    throw inputChanged(this.inputs[place.input]!.name, place.offset);
  }

  /** The row that a planned span began in. */
  placeOf(index: TraceIndex, span: number): { input: InputFile; line: number; offset: number } {
    const location = index.location(span);
    const place =
      location.kind === 'spool'
        ? this.spool.originOf(location.offset)
        : this.extents.resolve(location.offset);
    return { input: this.inputs[place.input]!, line: index.lineOf(span), offset: place.offset };
  }

  /** The input that a location of the kind `input` lies in. */
  inputAt(offset: number): InputFile {
    return this.inputs[this.extents.resolve(offset).input]!;
  }

  close(): void {
    this.reader.close();
    this.spool.close();
  }
}
