import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { usageError } from '../errors.js';
import type { ByteReader } from './byte-reader.js';
import { excerpt } from './excerpt.js';
import { unpackReader, type OpenUnpacker } from './unpack-reader.js';
import { smallOutputBytes, unpackSmall } from './unpack-small.js';
import { outputChunkBytes, StreamUnpacker } from './unpacker.js';
import { zstdIsSupported, ZstdUnpacker } from './zstd.js';

/** Enough of the compressed bytes to know any of the formats below. */
export const magicBytes = 10;

export interface DecompressionLimits {
  /** See `InputOptions.maxCompressionRatio`. */
  maxCompressionRatio: number;
}

/** Opens the compressed bytes from their start again; undefined for what can be read only once. */
export type Reopen = (() => Promise<ByteReader>) | undefined;

type Decompressor = (
  name: string,
  compressed: ByteReader,
  reopen: Reopen,
  limits: DecompressionLimits,
) => ByteReader;

/** A new compression is a name here, how `detectCompression` knows it, and what unpacks it. */
const streamUnpackers = {
  gzip: (bytes) => new StreamUnpacker(createGunzip({ chunkSize: outputChunkBytes }), bytes),
  brotli: (bytes) => new StreamUnpacker(createBrotliDecompress({ chunkSize: outputChunkBytes }), bytes),
  zstd: (bytes) => new ZstdUnpacker(bytes),
} satisfies Record<string, OpenUnpacker>;

export type Compression = 'none' | keyof typeof streamUnpackers;

const small = { maxOutputLength: smallOutputBytes };

/** The same for a whole file in one call; they throw where the output is larger, and where the data is damaged. */
const wholeUnpackers: Partial<Record<Compression, (packed: Buffer) => Buffer>> = {
  gzip: (packed) => gunzipSync(packed, small),
  brotli: (packed) => brotliDecompressSync(packed, small),
};

export function decompress(compression: Compression): Decompressor {
  if (compression === 'none') return (_name, plain) => plain;
  const openUnpacker = streamUnpackers[compression];
  const unpackWhole = wholeUnpackers[compression];
  return (name, packed, reopen, limits) => {
    const streamed = (from: ByteReader): ByteReader =>
      unpackReader(compression, openUnpacker, name, from, reopen, limits);
    // A pipe may be slow: its rows are read as they come.
    return unpackWhole === undefined || reopen === undefined
      ? streamed(packed)
      : unpackSmall(packed, unpackWhole, streamed);
  };
}

const zstd = {
  title: 'zstd',
  magic: [0x28, 0xb5, 0x2f, 0xfd],
  unpack: (name: string) => `zstd -dc ${name}`,
};

/** Packed formats that are recognised in order to say how to unpack them. */
const unsupported = [
  ...(zstdIsSupported ? [] : [zstd]),
  { title: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], unpack: (name: string) => `xz -dc ${name}` },
  {
    title: 'bzip2',
    magic: [0x42, 0x5a, 0x68, undefined, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
    unpack: (name: string) => `bzip2 -dc ${name}`,
  },
  { title: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], unpack: (name: string) => `unzip -p ${name}` },
];

/**
 * The compression by the magic bytes; the name's extension says nothing. But for `.br`: brotli has no magic bytes.
 *
 * @throws ImportError `unsupported_compression` with the command that unpacks it; of zstd where Node is older than 22.15
 */
export function detectCompression(name: string, head: Buffer): Compression {
  for (const { title, magic, unpack } of unsupported) {
    if (!beginsWith(head, magic)) continue;
    const quoted = `'${excerpt(name, 200).replaceAll("'", String.raw`'\''`)}'`;
    const command = name === '-' ? unpack('').trim() : unpack(quoted);
    throw usageError(
      'unsupported_compression',
      `${excerpt(name, 200)} is compressed with ${title}, which is not read directly`,
      `unpack it into the importer: ${command} | respan-import -`,
    );
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (beginsWith(head, zstd.magic)) return 'zstd';
  return head.length > 0 && name.toLowerCase().endsWith('.br') ? 'brotli' : 'none';
}

function beginsWith(head: Buffer, magic: readonly (number | undefined)[]): boolean {
  return magic.every((byte, index) => byte === undefined || head[index] === byte);
}
