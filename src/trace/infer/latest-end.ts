/**
 * Finds, among spans sorted by start, the last one that ends no earlier than an instant: a tree of maxima over the ends,
 * 16 bytes a span. A lookup takes O(log n), also where nothing is nested in anything.
 */
export class LatestEnd {
  private readonly leaves: number;
  private readonly maxima: Float64Array;

  /** `-Infinity` as an end keeps a span from being found. */
  constructor(ends: Float64Array) {
    let leaves = 1;
    while (leaves < ends.length) leaves *= 2;
    this.leaves = leaves;
    this.maxima = new Float64Array(2 * leaves).fill(-Infinity);
    this.maxima.set(ends, leaves);
    for (let node = leaves - 1; node > 0; node--) {
      this.maxima[node] = Math.max(this.maxima[2 * node]!, this.maxima[2 * node + 1]!);
    }
  }

  /** The last position up to `last` whose end is `end` or later; -1 where there is none. */
  find(last: number, end: number): number {
    if (last < 0) return -1;
    const { maxima, leaves } = this;
    let node = Math.min(last, leaves - 1) + leaves;
    if (maxima[node]! >= end) return node - leaves;
    // Up, until a tree to the left holds such an end.
    for (;;) {
      while (node > 1 && (node & 1) === 0) node >>= 1;
      if (node <= 1) return -1;
      node -= 1;
      if (maxima[node]! >= end) break;
    }
    // Down, to its last one.
    while (node < leaves) {
      node = 2 * node + 1;
      if (maxima[node]! < end) node -= 1;
    }
    return node - leaves;
  }
}
