import type { BodyLocation } from '../trace/body-columns.js';

const kinds: readonly BodyLocation['kind'][] = ['input', 'spool', 'derived'];
/** A power of two, as all that follow it: the low bits of a number hold a piece's. */
const initialRoom = 512;

/** Spans and where they are wanted in a body, as columns: no object is made for each of them. */
export class Pieces {
  private room = initialRoom;
  private offsets = new Float64Array(initialRoom);
  private lengths = new Uint32Array(initialRoom);
  private checksums = new Uint32Array(initialRoom);
  private places = new Uint32Array(initialRoom);
  private kinds = new Uint8Array(initialRoom);
  private ofFirstKind = true;
  private size = 0;

  get count(): number {
    return this.size;
  }

  /** Begins anew, in the same memory. */
  clear(): void {
    this.size = 0;
    this.ofFirstKind = true;
  }

  /** @param place offset in the body */
  add({ kind, offset, length, checksum }: Readonly<BodyLocation>, place: number): void {
    if (this.size === this.room) this.grow();
    const piece = this.size++;
    this.offsets[piece] = offset;
    this.lengths[piece] = length;
    this.checksums[piece] = checksum;
    this.places[piece] = place;
    this.kinds[piece] = kinds.indexOf(kind);
    this.ofFirstKind &&= this.kinds[piece] === this.kinds[0];
  }

  kind(piece: number): BodyLocation['kind'] {
    return kinds[this.kinds[piece]!]!;
  }

  offset(piece: number): number {
    return this.offsets[piece]!;
  }

  length(piece: number): number {
    return this.lengths[piece]!;
  }

  checksum(piece: number): number {
    return this.checksums[piece]!;
  }

  place(piece: number): number {
    return this.places[piece]!;
  }

  /** Their numbers in the order in which they lie on the disk. Plain numbers are sorted without calls, four times as fast. */
  inOrder(): Uint32Array {
    const { size, offsets, room } = this;
    if (!this.ofFirstKind) return this.compared();
    const furthest = Number.MAX_SAFE_INTEGER / room - 1;
    const keys = new Float64Array(size);
    for (let piece = 0; piece < size; piece++) {
      if (offsets[piece]! > furthest) return this.compared();
      keys[piece] = offsets[piece]! * room + piece;
    }
    keys.sort();
    const order = new Uint32Array(size);
    for (let position = 0; position < size; position++) order[position] = keys[position]! & (room - 1);
    return order;
  }

  private compared(): Uint32Array {
    return Uint32Array.from({ length: this.size }, (_, piece) => piece).sort(
      (one, other) => this.kinds[one]! - this.kinds[other]! || this.offsets[one]! - this.offsets[other]!,
    );
  }

  private grow(): void {
    this.room *= 2;
    this.offsets = grown(this.offsets, new Float64Array(this.room));
    this.lengths = grown(this.lengths, new Uint32Array(this.room));
    this.checksums = grown(this.checksums, new Uint32Array(this.room));
    this.places = grown(this.places, new Uint32Array(this.room));
    this.kinds = grown(this.kinds, new Uint8Array(this.room));
  }
}

function grown<Column extends Uint8Array | Uint32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
