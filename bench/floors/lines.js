import { open } from 'node:fs/promises';

const blockBytes = 256 * 1024;
const lineFeed = 10;

/**
 * Runs of lines of a file, without their line ends: the fastest way to read JSONL in Node that we know of, so that the
 * floors are not straw men. The buffers are only valid until the next run is asked for.
 *
 * @param {string} file
 * @returns {AsyncGenerator<Buffer[]>}
 */
export async function* readLines(file) {
  const handle = await open(file);
  try {
    let block = Buffer.allocUnsafe(blockBytes);
    let held = 0;
    for (;;) {
      const { bytesRead } = await handle.read(block, held, block.length - held);
      if (bytesRead === 0) break;
      const end = held + bytesRead;
      /** @type {Buffer[]} */
      const lines = [];
      let start = 0;
      for (
        let feed = block.indexOf(lineFeed, held);
        feed !== -1 && feed < end;
        feed = block.indexOf(lineFeed, start)
      ) {
        lines.push(block.subarray(start, feed));
        start = feed + 1;
      }
      if (lines.length > 0) yield lines;
      held = end - start;
      const next = held > block.length / 2 ? Buffer.allocUnsafe(block.length * 2) : block;
      block.copy(next, 0, start, end);
      block = next;
    }
    if (held > 0) yield [block.subarray(0, held)];
  } finally {
    await handle.close();
  }
}
