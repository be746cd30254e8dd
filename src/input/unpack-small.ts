import { readHead, unread, type ByteReader } from './byte-reader.js';

/** Smaller packed files are unpacked at once. Bytes. */
const smallBytes = 64 * 1024;
/** What they may become: more is unpacked piece by piece. Bytes. */
export const smallOutputBytes = 1024 * 1024;

/**
 * Unpacks a small file in one call of the calling thread: exports may be thousands of them, and a stream for each takes
 * longer than its bytes. What cannot be unpacked so, as it is damaged or becomes too large, `streamed` reads from its
 * first byte.
 */
export function unpackSmall(
  packed: ByteReader,
  unpack: (packed: Buffer) => Buffer,
  streamed: (packed: ByteReader) => ByteReader,
): ByteReader {
  let opened: ByteReader | undefined;

  async function open(): Promise<ByteReader> {
    const head = await readHead(packed, smallBytes);
    if (head.length < smallBytes) {
      try {
        return unread(unpack(head), nothingMore(packed));
      } catch {
        // The stream delivers what comes before the damage, and tells of it.
      }
    }
    return streamed(unread(head, packed));
  }

  return {
    async read(into, at, length) {
      opened ??= await open();
      return opened.read(into, at, length);
    },
    get damage() {
      return opened?.damage;
    },
    close: () => (opened ?? packed).close(),
  };
}

/** The end of a file that was read whole, whatever is appended to it meanwhile. */
function nothingMore(packed: ByteReader): ByteReader {
  return { read: () => Promise.resolve(0), close: () => packed.close() };
}
