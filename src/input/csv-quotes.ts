export const quote = 0x22;

/** JSON in a cell has a quote every few bytes: only beyond these does a native search or copy pay for its call. */
const walkedBytes = 32;

/** Position of the next quote, or -1. */
export function findQuote(bytes: Buffer, from: number): number {
  const walked = Math.min(from + walkedBytes, bytes.length);
  for (let at = from; at < walked; at++) if (bytes[at] === quote) return at;
  return walked === bytes.length ? -1 : bytes.indexOf(quote, walked);
}

/** Longer cells get a buffer of their own. */
const reusedBytes = 256 * 1024;
let reused: Buffer | undefined;

/** The text between the quotes of a cell in which every quote is written twice. */
export function readEscaped(cell: Buffer, encoding: 'latin1' | 'utf8'): string {
  reused ??= Buffer.allocUnsafeSlow(reusedBytes);
  const text = cell.length <= reusedBytes ? reused : Buffer.allocUnsafeSlow(cell.length);
  let length = 0;
  for (let from = 0; from < cell.length;) {
    const found = findQuote(cell, from);
    const end = found === -1 ? cell.length : found + 1;
    if (end - from > walkedBytes) {
      cell.copy(text, length, from, end);
      length += end - from;
    } else {
      for (let at = from; at < end; at++) text[length++] = cell[at]!;
    }
    from = end + 1;
  }
  return text.toString(encoding, 0, length);
}
