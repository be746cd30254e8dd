import type { JsonSink } from './json-text.js';
import type { WrittenStrings } from './written-strings.js';

/** Spans are written one behind the other into blocks of memory: one of its own for each costs more than the writing. */
const blockBytes = 256 * 1024;
/** A UTF-16 code unit takes no more bytes of UTF-8. */
const mostBytes = 3;
/** Longer texts are measured before they are written. */
const longText = 16 * 1024;

let block = Buffer.alloc(0);
/** Where the span that is written begins, and where it goes on. */
let start = 0;
let used = 0;

/** JSON as UTF-8, in memory that is never used again. One at a time. */
export class SpanBytes implements JsonSink {
  text = '';

  constructor(private readonly written: WrittenStrings | undefined) {
    start = used;
  }

  copy(long: string): boolean {
    const { written } = this;
    if (written?.find(long) !== true) return false;
    this.flush();
    reserve(written.end - written.start);
    used += written.row.copy(block, used, written.start, written.end);
    return true;
  }

  finish(): Buffer {
    this.flush();
    return block.subarray(start, used);
  }

  private flush(): void {
    const { text } = this;
    reserve(text.length < longText ? text.length * mostBytes : Buffer.byteLength(text));
    used += block.write(text, used);
    this.text = '';
  }
}

/** Makes room behind what is written of the span. */
function reserve(bytes: number): void {
  if (block.length - used >= bytes) return;
  const written = block.subarray(start, used);
  block = Buffer.allocUnsafeSlow(Math.max(blockBytes, bytes + 2 * written.length));
  block.set(written);
  used = written.length;
  start = 0;
}
