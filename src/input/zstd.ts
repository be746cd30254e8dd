import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { outputChunkBytes, StreamUnpacker, type Unpacker } from './unpacker.js';
import { ZstdFrameScanner } from './zstd-frames.js';

interface MaybeZstd {
  createGunzip: unknown;
  createZstdDecompress?: (options: { chunkSize: number }) => Transform;
}

const { createZstdDecompress }: MaybeZstd = zlib;

/** Whether this Node can unpack zstd: 22.15 and later can. */
export const zstdIsSupported = createZstdDecompress !== undefined;

const nothing = Buffer.alloc(0);

/**
 * Unpacks each frame with a stream of its own. Node's stream is done after one frame, and says nothing of one that is
 * cut short; `zstd`, `pzstd` and appended files make several.
 */
export class ZstdUnpacker implements Unpacker {
  error: NodeJS.ErrnoException | undefined;
  readonly ended = false;
  overflowed = false;
  private readonly frames = new ZstdFrameScanner();
  private readonly maxOutputBytes: number;
  private readonly createStream: () => Transform;
  private frame: StreamUnpacker | undefined;
  /** The beginning of a magic number that goes on in the next piece. */
  private magic: Buffer = nothing;

  constructor(maxOutputBytes: number, createStream = createNodeStream) {
    this.maxOutputBytes = maxOutputBytes;
    this.createStream = createStream;
  }

  async write(piece: Buffer): Promise<Buffer[]> {
    const output: Buffer[] = [];
    let outputBytes = 0;
    for (let at = 0; at < piece.length && this.error === undefined && !this.overflowed;) {
      const part = this.frames.scan(piece, at);
      if (part.kind === 'broken') {
        this.error = failure('ZSTD_error_prefix_unknown', 'not a zstd frame');
        break;
      }
      const bytes = Buffer.concat([this.magic, piece.subarray(at, part.end)]);
      at = part.end;
      this.magic = this.frames.inMagic ? bytes : nothing;
      if (this.frames.inMagic) break;
      if (part.kind === 'skipped') continue;
      for (const chunk of await this.unpack(bytes, part.complete)) {
        outputBytes += chunk.length;
        output.push(chunk);
      }
      this.overflowed ||= outputBytes > this.maxOutputBytes;
    }
    return output;
  }

  private async unpack(bytes: Buffer, complete: boolean): Promise<Buffer[]> {
    this.frame ??= new StreamUnpacker(this.createStream(), this.maxOutputBytes);
    const frame = this.frame;
    const output = await frame.write(bytes);
    if (complete && frame.error === undefined && !frame.overflowed && !frame.ended) {
      output.push(...(await frame.end()));
    }
    this.error = frame.error;
    this.overflowed ||= frame.overflowed;
    if (complete) {
      frame.destroy();
      this.frame = undefined;
    }
    return output;
  }

  end(): Promise<Buffer[]> {
    if (this.frames.inFrame) this.error ??= failure('Z_BUF_ERROR', 'unexpected end of file');
    return Promise.resolve([]);
  }

  destroy(): void {
    this.frame?.destroy();
  }
}

function createNodeStream(): Transform {
  if (createZstdDecompress === undefined) throw new Error('this Node cannot unpack zstd');
  return createZstdDecompress({ chunkSize: outputChunkBytes });
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
