/** Bytes of the longest text that is remembered; names of fields, of spans and of roles are shorter. */
const longest = 32;
const slots = 2048;

/**
 * Texts by their UTF-8 bytes. The short ones of a file are mostly the same few: comparing their bytes costs less than
 * decoding them, and leaves no garbage. A fixed number of them is remembered; a new one takes the place of another.
 */
export class ShortTexts {
  private readonly texts: (string | undefined)[] = Array.from({ length: slots });
  private readonly lengths = new Uint8Array(slots);
  private readonly known = new Uint8Array(slots * longest);

  get(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > longest) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const text = this.texts[slot];
    return text !== undefined && this.lengths[slot] === length && this.isAt(slot, bytes, start, end)
      ? text
      : this.remember(slot, bytes, start, end);
  }

  private isAt(slot: number, bytes: Buffer, start: number, end: number): boolean {
    const { known } = this;
    let position = slot * longest;
    for (let at = start; at < end; at++) if (known[position++] !== bytes[at]) return false;
    return true;
  }

  private remember(slot: number, bytes: Buffer, start: number, end: number): string {
    const text = bytes.toString('utf8', start, end);
    this.texts[slot] = text;
    this.lengths[slot] = end - start;
    this.known.set(bytes.subarray(start, end), slot * longest);
    return text;
  }
}
