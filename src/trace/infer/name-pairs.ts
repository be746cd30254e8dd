/** The number of all pairs of which nothing can be known; nothing is tallied under it. */
export const unknownPair = 2 ** 20;
const nameSpace = 2 ** 26;

/** One number for the numbers of two names. */
export function keyOfPair(child: number, parent: number): number {
  return child * nameSpace + parent;
}

/** Numbers names (26-bit hashes) and pairs of them, so that what is known of them lies in arrays. */
export class NamePairs {
  private readonly names = new Map<number, number>();
  private readonly pairs = new Map<number, number>();
  private readonly repeated: boolean[] = [];

  /** To be called for each span of the traces that names are learned from. */
  meet(name: number): void {
    const known = this.names.size;
    const number = this.nameNumber(name);
    this.repeated[number] = number < known;
  }

  nameNumber(name: number): number {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const number = this.names.size;
    this.names.set(name, number);
    return number;
  }

  /**
   * Of the numbers of two names. A child's name that occurs once teaches nothing and is taught nothing, and a million
   * such names must not take a million entries; pairs beyond 2^20 are not told apart either.
   */
  pairNumber(child: number, parent: number): number {
    if (this.repeated[child] !== true) return unknownPair;
    const key = keyOfPair(child, parent);
    const known = this.pairs.get(key);
    if (known !== undefined) return known;
    const number = Math.min(this.pairs.size, unknownPair);
    if (number < unknownPair) this.pairs.set(key, number);
    return number;
  }
}

/** Amounts by number; 0 where nothing was added. */
export class Tally {
  private amounts: Float64Array;

  constructor(amounts = new Float64Array(64)) {
    this.amounts = amounts;
  }

  add(number: number, amount: number): void {
    if (number === unknownPair) return;
    if (number >= this.amounts.length) {
      const grown = new Float64Array(Math.max(number + 1, 2 * this.amounts.length));
      grown.set(this.amounts);
      this.amounts = grown;
    }
    this.amounts[number]! += amount;
  }

  get(number: number): number {
    return this.amounts[number] ?? 0;
  }

  copy(): Tally {
    return new Tally(this.amounts.slice());
  }
}

/** How often spans of one name had a parent of another: by pair, and over all parents by the child's name. */
export interface ParentTally {
  pairs: Tally;
  totals: Tally;
}
