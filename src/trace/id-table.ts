import { integerColumn } from './column.js';
import type { IdHash } from './hash.js';

const initialSlots = 1 << 12;
const maximumLoad = 0.8;
/** Small steps: the slots are the only part that is copied when it grows, and the old ones stay in memory for a while. */
const growth = 1.5;

/**
 * Numbers ids in the order in which they are first mentioned: 0, 1, 2, … It keeps 64 bits of hash for each id and not
 * the id itself (16 bytes of memory an id on average), so two different ids could share a number; at ten million ids
 * the chance that any do is below one in three hundred thousand.
 */
export class IdTable {
  private readonly lows = integerColumn();
  private readonly highs = integerColumn();
  /**
   * Open addressing with linear probing; a slot holds the id's number + 1, and in the bits that no number needs those of
   * the hash's high half: most ids that lie on the way to another one are told from it without looking at their hashes.
   */
  private slots = new Uint32Array(initialSlots);
  private numberMask = maskFor(initialSlots);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The number of the id, or -1. */
  find(hash: Readonly<IdHash>): number {
    return (this.slots[this.slotOf(hash.low, hash.high)]! & this.numberMask) - 1;
  }

  /** The number of the id, which is `size` before the call if the id is new. */
  intern(hash: Readonly<IdHash>): number {
    const slot = this.slotOf(hash.low, hash.high);
    const known = this.slots[slot]!;
    if (known !== 0) return (known & this.numberMask) - 1;
    const number = this.count++;
    this.lows.set(number, hash.low);
    this.highs.set(number, hash.high);
    this.slots[slot] = this.entryOf(number, hash.high);
    if (this.count > this.slots.length * maximumLoad) this.resize(this.slots.length * growth);
    return number;
  }

  /** Makes room for about so many ids at once, which saves the copies on the way there. */
  reserve(ids: number): void {
    const size = ids / maximumLoad;
    if (size > this.slots.length) this.resize(size);
  }

  /** Ends the numbering: ids can no longer be looked up, their hashes stay. Frees 5 to 8 bytes an id. */
  seal(): void {
    this.slots = new Uint32Array(0);
  }

  low(number: number): number {
    return this.lows.get(number);
  }

  high(number: number): number {
    return this.highs.get(number);
  }

  private slotOf(low: number, high: number): number {
    const { slots, numberMask } = this;
    if (slots.length === 0) throw new Error('the table of ids is sealed');
    let slot = homeOf(low, slots.length);
    for (;;) {
      const entry = slots[slot]!;
      if (entry === 0) return slot;
      if (((entry ^ high) & ~numberMask) === 0) {
        const number = (entry & numberMask) - 1;
        if (this.lows.get(number) === low && this.highs.get(number) === high) return slot;
      }
      slot += 1;
      if (slot === slots.length) slot = 0;
    }
  }

  private entryOf(number: number, high: number): number {
    return (high & ~this.numberMask) | (number + 1);
  }

  private resize(size: number): void {
    const slots = new Uint32Array(Math.ceil(size));
    this.slots = slots;
    this.numberMask = maskFor(slots.length);
    for (let number = 0; number < this.count; number++) {
      let slot = homeOf(this.lows.get(number), slots.length);
      while (slots[slot] !== 0) {
        slot += 1;
        if (slot === slots.length) slot = 0;
      }
      slots[slot] = this.entryOf(number, this.highs.get(number));
    }
  }
}

/** The low bits that hold any number + 1: there are fewer ids than slots. */
function maskFor(slots: number): number {
  return 2 ** (32 - Math.clz32(slots)) - 1;
}

/** Where the search for an id begins: its hash, scaled to the number of slots. */
function homeOf(low: number, slots: number): number {
  return Math.floor((low / 0x1_0000_0000) * slots);
}
