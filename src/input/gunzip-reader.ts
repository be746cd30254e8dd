import { createGunzip } from 'node:zlib';
import { usageError } from '../errors.js';
import type { ByteReader } from './byte-reader.js';
import type { DecompressionLimits, Reopen } from './compression.js';
import { excerpt } from './excerpt.js';
import type { Problem } from './row.js';

/** Deflate expands at most 1032 times, so one piece never becomes more than 33 MiB at once. */
const pieceBytes = 32 * 1024;
const outputChunkBytes = 256 * 1024;
/** The ratio of a small file says nothing: only beyond this much output is it judged. */
const trustedOutputBytes = 64 * 1024 * 1024;

/**
 * Gunzips any number of members. Of a truncated or corrupt stream everything that can be unpacked is delivered first;
 * zlib throws away the output of the write that fails, so the failing piece is unpacked again byte by byte where the
 * input can be opened twice.
 */
export function gunzipReader(
  name: string,
  compressed: ByteReader,
  reopen: Reopen,
  limits: DecompressionLimits,
): ByteReader {
  const inflater = new Inflater();
  const piece = Buffer.allocUnsafe(pieceBytes);
  let ready: Buffer[] = [];
  let packed = 0;
  let unpacked = 0;
  let finished = false;
  let damage: Problem | undefined;

  async function unpackPiece(): Promise<void> {
    const length = await compressed.read(piece, 0, pieceBytes);
    const output = length === 0 ? await inflater.end() : await inflater.write(piece.subarray(0, length));
    if (inflater.error !== undefined && length > 0 && reopen !== undefined) {
      ready = await outputUpToError(reopen, packed, unpacked);
    } else {
      ready = output;
    }
    packed += length;
    for (const chunk of ready) unpacked += chunk.length;
    if (unpacked > trustedOutputBytes && unpacked / packed > limits.maxCompressionRatio) {
      throw bomb(name, unpacked / packed, limits.maxCompressionRatio);
    }
    if (inflater.error !== undefined) damage = describe(inflater.error, unpacked);
    finished = length === 0 || inflater.ended || inflater.error !== undefined;
  }

  return {
    get damage() {
      return ready.length === 0 ? damage : undefined;
    },
    async read(into, at, length) {
      while (ready.length === 0 && !finished) await unpackPiece();
      const chunk = ready[0];
      if (chunk === undefined) return 0;
      const count = chunk.copy(into, at, 0, length);
      if (count === chunk.length) ready.shift();
      else ready[0] = chunk.subarray(count);
      return count;
    },
    async close() {
      inflater.destroy();
      await compressed.close();
    },
  };
}

/** The output that follows the first `unpacked` bytes, up to the byte that cannot be unpacked. */
async function outputUpToError(
  reopen: NonNullable<Reopen>,
  packed: number,
  unpacked: number,
): Promise<Buffer[]> {
  const compressed = await reopen();
  const inflater = new Inflater();
  const piece = Buffer.allocUnsafe(pieceBytes);
  const found: Buffer[] = [];
  let known = unpacked;
  let position = 0;
  try {
    while (inflater.error === undefined && !inflater.ended) {
      const length = await compressed.read(
        piece,
        0,
        position < packed ? Math.min(pieceBytes, packed - position) : 1,
      );
      if (length === 0) break;
      position += length;
      for (const chunk of await inflater.write(piece.subarray(0, length))) {
        const fresh = chunk.subarray(Math.min(known, chunk.length));
        known -= chunk.length - fresh.length;
        if (fresh.length > 0) found.push(fresh);
      }
    }
  } finally {
    inflater.destroy();
    await compressed.close();
  }
  return found;
}

/** A gunzip stream as calls: each write returns all of its output, so that an error never takes earlier output along. */
class Inflater {
  error: NodeJS.ErrnoException | undefined;
  ended = false;
  #output: Buffer[] = [];
  #settle: () => void = () => {};
  readonly #gunzip = createGunzip({ chunkSize: outputChunkBytes });

  constructor() {
    this.#gunzip.on('data', (chunk: Buffer) => this.#output.push(chunk));
    this.#gunzip.on('error', (error) => {
      this.error = error;
      this.#settle();
    });
    // Zero bytes after the last member end the stream without the callback of the write that held them.
    this.#gunzip.on('end', () => {
      this.ended = true;
      this.#settle();
    });
  }

  write(piece: Buffer): Promise<Buffer[]> {
    return this.#collect(() => this.#gunzip.write(piece, () => this.#settle()));
  }

  end(): Promise<Buffer[]> {
    return this.#collect(() => this.#gunzip.end());
  }

  destroy(): void {
    this.#gunzip.destroy();
  }

  #collect(act: () => void): Promise<Buffer[]> {
    return new Promise((resolve) => {
      this.#settle = () => {
        resolve(this.#output);
        this.#output = [];
        this.#settle = () => {};
      };
      act();
    });
  }
}

function describe(error: NodeJS.ErrnoException, unpacked: number): Problem {
  const truncated = error.code === 'Z_BUF_ERROR';
  return {
    code: truncated ? 'truncated_gzip' : 'corrupt_gzip',
    message: truncated
      ? `the gzip data stops early: nothing can be unpacked after byte ${unpacked}`
      : `the gzip data is corrupt (${excerpt(error.message)}): nothing can be unpacked after byte ${unpacked}`,
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
