import { usageError } from '../errors.js';
import type { ByteReader } from './byte-reader.js';
import type { DecompressionLimits, Reopen } from './compression.js';
import { excerpt } from './excerpt.js';
import type { Problem } from './row.js';
import type { Unpacker } from './unpacker.js';

/** Deflate expands at most 1032 times, so one piece of it never becomes more than 33 MiB. Two are held at once. */
const pieceBytes = 32 * 1024;
/**
 * The ratio of a small file says nothing: only beyond this much output is it judged. One piece of brotli or zstd may
 * become more than this alone; no more of one is held.
 */
const trustedOutputBytes = 64 * 1024 * 1024;

/** Makes an unpacker that holds at most so many bytes of output. */
export type OpenUnpacker = (maxOutputBytes: number) => Unpacker;

/**
 * Unpacks any number of members. Of a truncated or corrupt stream everything that can be unpacked is delivered first;
 * the streams throw away the output of the write that fails, so the failing piece is unpacked again byte by byte where
 * the input can be opened twice.
 *
 * @param title the compression, as in the problem codes `truncated_…` and `corrupt_…`
 */
export function unpackReader(
  title: string,
  openUnpacker: OpenUnpacker,
  name: string,
  compressed: ByteReader,
  reopen: Reopen,
  limits: DecompressionLimits,
): ByteReader {
  const maxOutputBytes = Math.max(trustedOutputBytes, pieceBytes * limits.maxCompressionRatio);
  const open = () => openUnpacker(maxOutputBytes);
  const unpacker = open();
  const piece = Buffer.allocUnsafe(pieceBytes);
  let packed = 0;
  let unpacked = 0;
  let reading: Promise<number> = Promise.resolve(0);
  /** The next piece, unpacked by another thread while the rows of the one before are read. */
  let ahead: Promise<UnpackedPiece> | undefined;
  let current: UnpackedPiece = { output: [], isLast: false, damage: undefined };

  async function unpackPiece(): Promise<UnpackedPiece> {
    reading = compressed.read(piece, 0, pieceBytes);
    const length = await reading;
    let output = length === 0 ? await unpacker.end() : await unpacker.write(piece.subarray(0, length));
    if (unpacker.overflowed) throw bomb(name, maxOutputBytes / pieceBytes, limits.maxCompressionRatio);
    const { error } = unpacker;
    if (error !== undefined && length > 0 && reopen !== undefined)
      output = await outputUpToError(open, reopen, packed, unpacked);
    packed += length;
    for (const chunk of output) unpacked += chunk.length;
    if (unpacked > trustedOutputBytes && unpacked / packed > limits.maxCompressionRatio) {
      throw bomb(name, unpacked / packed, limits.maxCompressionRatio);
    }
    const damage = error === undefined ? undefined : describe(title, error, unpacked);
    return { output, isLast: length === 0 || unpacker.ended || error !== undefined, damage };
  }

  /** Of a pipe, which may be silent for ever, nothing is asked for that nobody waits for. */
  function unpackAhead(): void {
    if (current.isLast || reopen === undefined) return;
    ahead = unpackPiece();
    // Told where it is asked for; whoever closes the reader before does not want to know.
    ahead.catch(() => {});
  }

  return {
    get damage() {
      return current.output.length === 0 ? current.damage : undefined;
    },
    async read(into, at, length) {
      while (current.output.length === 0 && !current.isLast) {
        current = await (ahead ?? unpackPiece());
        unpackAhead();
      }
      const { output } = current;
      const chunk = output[0];
      if (chunk === undefined) return 0;
      const count = chunk.copy(into, at, 0, length);
      if (count === chunk.length) output.shift();
      else output[0] = chunk.subarray(count);
      return count;
    },
    async close() {
      unpacker.destroy();
      await reading.catch(() => {});
      await compressed.close();
    },
  };
}

interface UnpackedPiece {
  /** Chunks that were not read yet. */
  output: Buffer[];
  /** True where nothing can be unpacked after it. */
  isLast: boolean;
  damage: Problem | undefined;
}

/** The output that follows the first `unpacked` bytes, up to the byte that cannot be unpacked. */
async function outputUpToError(
  open: () => Unpacker,
  reopen: NonNullable<Reopen>,
  packed: number,
  unpacked: number,
): Promise<Buffer[]> {
  const compressed = await reopen();
  const unpacker = open();
  const piece = Buffer.allocUnsafe(pieceBytes);
  const found: Buffer[] = [];
  let known = unpacked;
  let position = 0;
  try {
    while (unpacker.error === undefined && !unpacker.ended && !unpacker.overflowed) {
      const length = await compressed.read(
        piece,
        0,
        position < packed ? Math.min(pieceBytes, packed - position) : 1,
      );
      if (length === 0) break;
      position += length;
      for (const chunk of await unpacker.write(piece.subarray(0, length))) {
        const fresh = chunk.subarray(Math.min(known, chunk.length));
        known -= chunk.length - fresh.length;
        if (fresh.length > 0) found.push(fresh);
      }
    }
  } finally {
    unpacker.destroy();
    await compressed.close();
  }
  return found;
}

function describe(title: string, error: NodeJS.ErrnoException, unpacked: number): Problem {
  const truncated = error.code === 'Z_BUF_ERROR';
  return {
    code: `${truncated ? 'truncated' : 'corrupt'}_${title}`,
    message: truncated
      ? `the ${title} data stops early: nothing can be unpacked after byte ${unpacked}`
      : `the ${title} data is corrupt (${excerpt(error.message)}): nothing can be unpacked after byte ${unpacked}`,
    hint: 'fetch or pack the file again; a second run sends only what is missing',
  };
}

function bomb(name: string, ratio: number, limit: number): Error {
  return usageError(
    'decompression_bomb',
    `${excerpt(name, 200)} unpacks to ${Math.round(ratio)} times its size, more than the ${limit} that are allowed`,
    'if you trust the file, raise --max-compression-ratio',
  );
}
