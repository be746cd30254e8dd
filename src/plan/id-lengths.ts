import { byteColumn } from '../trace/column.js';

/** The largest number that a byte holds. */
const longest = 255;

/**
 * How many bytes the ids of spans take as JSON, quotes included, in a byte a span: what a dry run has to know of a
 * parent to tell how long its child becomes.
 */
export class IdLengths {
  private readonly lengths = byteColumn();

  set(span: number, id: string): void {
    const bytes = id.length + 2;
    if (bytes <= longest && isPlain(id)) this.lengths.set(span, bytes);
  }

  /** Undefined for an id that is long, or not written as it is. */
  of(span: number): number | undefined {
    const bytes = this.lengths.get(span);
    return bytes === 0 ? undefined : bytes;
  }
}

/** True where each character is a byte of JSON. */
function isPlain(id: string): boolean {
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
  }
  return true;
}
