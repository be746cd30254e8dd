import { usageError } from '../errors.js';
import type { ByteReader } from './byte-reader.js';
import { excerpt } from './excerpt.js';
import { gunzipReader } from './gunzip-reader.js';

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

/** A new compression is a name here, its magic bytes in `detectCompression` and a reader in its own file. */
const decompressors = {
  none: (_name, plain) => plain,
  gzip: gunzipReader,
} satisfies Record<string, Decompressor>;

export type Compression = keyof typeof decompressors;

export function decompress(compression: Compression): Decompressor {
  return decompressors[compression];
}

/** Packed formats that are recognised in order to say how to unpack them. */
const unsupported = [
  { title: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], unpack: (name: string) => `zstd -dc ${name}` },
  { title: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], unpack: (name: string) => `xz -dc ${name}` },
  {
    title: 'bzip2',
    magic: [0x42, 0x5a, 0x68, undefined, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
    unpack: (name: string) => `bzip2 -dc ${name}`,
  },
  { title: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], unpack: (name: string) => `unzip -p ${name}` },
];

/** The compression by the magic bytes; the name's extension says nothing. */
export function detectCompression(name: string, head: Buffer): Compression {
  for (const { title, magic, unpack } of unsupported) {
    if (!magic.every((byte, index) => byte === undefined || head[index] === byte)) continue;
    const quoted = `'${excerpt(name, 200).replaceAll("'", String.raw`'\''`)}'`;
    const command = name === '-' ? unpack('').trim() : unpack(quoted);
    throw usageError(
      'unsupported_compression',
      `${excerpt(name, 200)} is compressed with ${title}, which is not read directly`,
      `unpack it into the importer: ${command} | respan-import -`,
    );
  }
  return head[0] === 0x1f && head[1] === 0x8b ? 'gzip' : 'none';
}
