/** Wider than any gap that a coalesced read bridges, so that no read runs from one input into the next. */
const distance = 1024 * 1024;

/**
 * Counts bytes over all inputs one after another, so that one number is enough to find a row again: the index keeps it
 * in 8 bytes.
 */
export class InputExtents {
  private readonly bases: number[] = [];
  private end = 0;

  /** Starts the next input; its bytes follow those of the ones before. */
  begin(): void {
    const base = this.bases.length === 0 ? 0 : this.end + distance;
    this.bases.push(base);
    this.end = base;
  }

  /** The running input is known to reach this far, in bytes of its own. */
  reach(bytes: number): void {
    this.end = Math.max(this.end, this.bases.at(-1)! + bytes);
  }

  /** From an offset in the running input. */
  global(offset: number): number {
    return this.bases.at(-1)! + offset;
  }

  /** The input (in the order of `begin`) and the offset in it. */
  resolve(global: number): { input: number; offset: number } {
    let low = 0;
    let high = this.bases.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.bases[middle]! <= global) low = middle;
      else high = middle - 1;
    }
    return { input: low, offset: global - this.bases[low]! };
  }
}
