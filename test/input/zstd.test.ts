import { Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZstdUnpacker, zstdIsSupported } from '../../src/input/zstd.js';
import { ZstdFrameScanner } from '../../src/input/zstd-frames.js';
import { cut, file, openOne, outcomes, readText } from './read-rows.js';

const values = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ n: from + index, h: crc32(`${from + index}`) }));

const lines = (from: number, to: number) =>
  Buffer.from(
    values(from, to)
      .map((value) => `${JSON.stringify(value)}\n`)
      .join(''),
  );

interface FrameOptions {
  checksum?: boolean;
  windowed?: boolean;
  blockBytes?: number;
}

/** A frame that stores its content as it is, by RFC 8878. The checksum is not computed, so that frame is for scanning only. */
function storedFrame(
  content: Buffer,
  { checksum = false, windowed = false, blockBytes = 1000 }: FrameOptions = {},
): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  const descriptor = 0x80 | (windowed ? 0 : 0x20) | (checksum ? 0x04 : 0);
  const parts: Buffer[] = [
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, descriptor, ...(windowed ? [0x50] : [])]),
    size,
  ];
  for (let at = 0; at === 0 || at < content.length; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes);
    const isLast = at + blockBytes >= content.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  if (checksum) parts.push(Buffer.alloc(4, 0xfd));
  return Buffer.concat(parts);
}

function skippableFrame(content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a53, 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

/** Lengths of the complete parts, scanned in pieces of the given size. */
function scanInPieces(bytes: Buffer, pieceBytes: number) {
  const scanner = new ZstdFrameScanner();
  const found: { kind: string; length: number }[] = [];
  let length = 0;
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const piece = bytes.subarray(from, from + pieceBytes);
    for (let at = 0; at < piece.length;) {
      const part = scanner.scan(piece, at);
      length += part.end - at;
      at = part.end;
      if (!part.complete) continue;
      found.push({ kind: part.kind, length });
      length = 0;
    }
  }
  return { found, inFrame: scanner.inFrame };
}

describe('zstd frames', () => {
  const frame = fc.oneof(
    fc
      .tuple(
        fc.uint8Array({ maxLength: 50 }),
        fc.record({
          checksum: fc.boolean(),
          windowed: fc.boolean(),
          blockBytes: fc.integer({ min: 1, max: 60 }),
        }),
      )
      .map(([content, options]) => ({ kind: 'frame', bytes: storedFrame(Buffer.from(content), options) })),
    fc
      .uint8Array({ maxLength: 20 })
      .map((content) => ({ kind: 'skipped', bytes: skippableFrame(Buffer.from(content)) })),
  );

  it('are found by their headers in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 5 }),
        fc.integer({ min: 1, max: 80 }),
        (frames, pieceBytes) => {
          const bytes = Buffer.concat(frames.map((frame) => frame.bytes));
          expect(scanInPieces(bytes, pieceBytes)).toEqual({
            found: frames.map(({ kind, bytes: { length } }) => ({ kind, length })),
            inFrame: false,
          });
        },
      ),
    );
  });

  it('are known to be cut short at every byte', () => {
    const bytes = storedFrame(Buffer.alloc(30), { checksum: true, blockBytes: 10 });
    for (let end = 1; end < bytes.length; end++) {
      expect(scanInPieces(bytes.subarray(0, end), 7)).toEqual({ found: [], inFrame: true });
    }
  });

  it('are told from other bytes', () => {
    expect(scanInPieces(Buffer.from('none'), 10).found).toEqual([{ kind: 'broken', length: 4 }]);
  });
});

/** Unpacks one frame of stored blocks, and ends without a word where it is cut short, as Node's own stream does. */
function storedFrameStream(): Transform {
  const chunks: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    flush(done) {
      const frame = Buffer.concat(chunks);
      let at = (frame[4] ?? 0) & 0x20 ? 9 : 10;
      for (let isLast = false; !isLast && at + 3 <= frame.length;) {
        const header = frame.readUIntLE(at, 3);
        isLast = (header & 1) === 1;
        at += 3;
        this.push(frame.subarray(at, at + (header >> 3)));
        at += header >> 3;
      }
      done();
    },
  });
}

async function unpack(bytes: Buffer, pieceBytes: number, maxOutputBytes = 1000) {
  const unpacker = new ZstdUnpacker(maxOutputBytes, storedFrameStream);
  const output: Buffer[] = [];
  for (const piece of cut(bytes, [pieceBytes])) output.push(...(await unpacker.write(piece)));
  output.push(...(await unpacker.end()));
  return {
    text: Buffer.concat(output).toString(),
    error: unpacker.error?.code,
    overflowed: unpacker.overflowed,
  };
}

describe('frames of zstd', () => {
  const bytes = Buffer.concat([
    storedFrame(Buffer.from('one, ')),
    skippableFrame(Buffer.from('an index')),
    storedFrame(Buffer.from('two, '), { windowed: true, checksum: true, blockBytes: 2 }),
    storedFrame(Buffer.from('three')),
  ]);

  it('are unpacked one after another, in pieces of any size', async () => {
    for (let pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
      expect(await unpack(bytes, pieceBytes)).toEqual({
        text: 'one, two, three',
        error: undefined,
        overflowed: false,
      });
    }
  });

  it('tell of their truncation', async () => {
    expect(await unpack(bytes.subarray(0, -1), 5)).toMatchObject({
      text: 'one, two, ',
      error: 'Z_BUF_ERROR',
    });
    expect(await unpack(bytes.subarray(0, 2), 5)).toMatchObject({ text: '', error: 'Z_BUF_ERROR' });
  });

  it('tell of what is no frame', async () => {
    const mixed = Buffer.concat([bytes, Buffer.from('no frame')]);
    expect(await unpack(mixed, 50)).toMatchObject({
      text: 'one, two, three',
      error: 'ZSTD_error_prefix_unknown',
    });
  });

  it('hold no more output of one write than they may', async () => {
    expect(await unpack(bytes, 1000, 3)).toMatchObject({ overflowed: true });
    expect(await unpack(bytes, 1000, 12)).toMatchObject({ overflowed: true });
    expect(await unpack(bytes, 1000, 15)).toMatchObject({ overflowed: false });
  });
});

describe.skipIf(zstdIsSupported)('zstd where Node cannot unpack it', () => {
  it('is refused with the command that unpacks it', async () => {
    await expect(openOne(file(storedFrame(Buffer.from('{}'))))).rejects.toMatchObject({
      code: 'unsupported_compression',
      exitCode: 2,
      hint: expect.stringContaining('zstd -dc'),
    });
  });
});

describe.skipIf(!zstdIsSupported)('zstd (skipped where Node is older than 22.15)', () => {
  it('is read by its content, with all of its frames', async () => {
    const packed = Buffer.concat([
      storedFrame(lines(0, 3000)),
      skippableFrame(Buffer.from('index')),
      storedFrame(lines(3000, 5000), { windowed: true }),
    ]);
    const { input, rows } = await readText(packed);
    expect(input).toMatchObject({ compression: 'zstd', format: 'jsonl', rereadable: false });
    expect(outcomes(rows)).toEqual(values(0, 5000));
  });

  it('gives the rows before a truncation, and one problem', async () => {
    const packed = storedFrame(lines(0, 5000));
    const { rows } = await readText(packed.subarray(0, packed.length / 2));
    expect(rows.at(-1)?.code).toBe('truncated_zstd');
    expect(rows.length).toBeGreaterThan(2000);
    expect(outcomes(rows.slice(0, -1))).toEqual(values(0, rows.length - 1));
  });

  it('gives the rows before what cannot be unpacked', async () => {
    const { rows } = await readText(Buffer.concat([storedFrame(lines(0, 1000)), Buffer.from('no frame')]));
    expect(rows).toHaveLength(1001);
    expect(rows.at(-1)?.code).toBe('corrupt_zstd');
  });
});
