/** Distinct pairs beyond this share one number: names that never repeat teach nothing. */
const mostPairs = 2 ** 20;
const nameSpace = 2 ** 26;

/** Numbers names (26-bit hashes) and pairs of them, so that what is known of them lies in arrays. */
export class NamePairs {
  private readonly names = new Map<number, number>();
  private readonly pairs = new Map<number, number>();

  nameNumber(name: number): number {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const number = this.names.size;
    this.names.set(name, number);
    return number;
  }

  /** Of the numbers of two names. */
  pairNumber(child: number, parent: number): number {
    const key = child * nameSpace + parent;
    const known = this.pairs.get(key);
    if (known !== undefined) return known;
    if (this.pairs.size >= mostPairs) return mostPairs;
    const number = this.pairs.size;
    this.pairs.set(key, number);
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
