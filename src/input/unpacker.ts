import type { Transform } from 'node:stream';

/** Size of the pieces in which a decompressor gives its output. */
export const outputChunkBytes = 256 * 1024;

/** What turns compressed pieces into output, each write giving all of its own. */
export interface Unpacker {
  /** Set once the data cannot be unpacked any further. */
  readonly error: NodeJS.ErrnoException | undefined;
  /** Set once the data has said that it is complete. */
  readonly ended: boolean;
  /** Set where one write gave more output than is allowed; the rest of it is lost. */
  readonly overflowed: boolean;
  write(piece: Buffer): Promise<Buffer[]>;
  end(): Promise<Buffer[]>;
  destroy(): void;
}

/** A decompressing stream as calls, so that an error never takes the output of earlier pieces along. */
export class StreamUnpacker implements Unpacker {
  error: NodeJS.ErrnoException | undefined;
  ended = false;
  overflowed = false;
  private output: Buffer[] = [];
  private outputBytes = 0;
  private settle: () => void = () => {};
  private readonly stream: Transform;

  constructor(stream: Transform, maxOutputBytes: number) {
    this.stream = stream;
    stream.on('data', (chunk: Buffer) => {
      this.outputBytes += chunk.length;
      if (this.outputBytes > maxOutputBytes) {
        this.overflowed = true;
        stream.destroy();
        this.settle();
      } else this.output.push(chunk);
    });
    stream.on('error', (error) => {
      this.error = error;
      this.settle();
    });
    // What follows the end in the same write ends the stream without that write's callback.
    stream.on('end', () => {
      this.ended = true;
      this.settle();
    });
  }

  write(piece: Buffer): Promise<Buffer[]> {
    return this.collect(() => this.stream.write(piece, () => this.settle()));
  }

  end(): Promise<Buffer[]> {
    return this.collect(() => this.stream.end());
  }

  destroy(): void {
    this.stream.destroy();
  }

  private collect(act: () => void): Promise<Buffer[]> {
    return new Promise((resolve) => {
      this.settle = () => {
        resolve(this.output);
        this.output = [];
        this.outputBytes = 0;
        this.settle = () => {};
      };
      act();
    });
  }
}
