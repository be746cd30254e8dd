import type { ByteReader } from './byte-reader.js';
import { ByteWindow, byteOrderMarkLength, type FramingOptions } from './byte-window.js';
import { ElementFramer } from './element-framer.js';
import type { ElementScanner } from './element-scanner.js';
import { JsonElementScanner } from './json-element-scanner.js';
import type { Wrapper } from './json-wrapper.js';
import type { RowBatch } from './row.js';
import { WrappedElementScanner } from './wrapped-element-scanner.js';

/**
 * Frames JSON values: the elements of one array or of several, or values one after another, compact or pretty-printed.
 * A value at the top that is no array is one row. With `wrapper`, the rows are the elements of its arrays.
 */
export async function* jsonElements(
  reader: ByteReader,
  options: FramingOptions,
  wrapper?: Wrapper,
): AsyncGenerator<RowBatch> {
  const window = new ByteWindow(reader, options.blockBytes);
  await skipByteOrderMark(window);
  const scanner: ElementScanner =
    wrapper === undefined
      ? new JsonElementScanner(options, window.start)
      : new WrappedElementScanner(wrapper, options, window.start);
  const framer = new ElementFramer(window, scanner, options);
  let more: boolean;
  do {
    const before = window.start;
    more = await window.fill();
    scanner.shift(before);
    yield* framer.frame(more);
  } while (more);
}

async function skipByteOrderMark(window: ByteWindow): Promise<void> {
  while (window.end < 3 && (await window.fill()));
  window.start += byteOrderMarkLength(window.filled());
}
