/** Spans are written one behind the other into blocks of memory: one of its own for each costs more than the writing. */
const blockBytes = 256 * 1024;
/** A UTF-16 code unit takes no more bytes of UTF-8. */
const mostBytes = 3;

let block = Buffer.alloc(0);
let used = 0;

/** A text as UTF-8, in memory that is never used again. */
export function encodeText(text: string): Buffer {
  const most = text.length * mostBytes;
  if (most > blockBytes / 4) return Buffer.from(text);
  if (block.length - used < most) {
    block = Buffer.allocUnsafeSlow(blockBytes);
    used = 0;
  }
  const start = used;
  used += block.write(text, start);
  return block.subarray(start, used);
}
