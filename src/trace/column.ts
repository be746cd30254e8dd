const chunkBits = 15;
const chunkSize = 1 << chunkBits;
const chunkMask = chunkSize - 1;

type Numbers = Uint8Array | Uint32Array | Float64Array;

/**
 * A growing column of numbers. It grows by chunks, so that a plan of millions of spans never copies a column and never
 * holds two copies of one. What was never written reads as 0.
 */
export class Column<Chunk extends Numbers> {
  private readonly chunks: Chunk[] = [];

  constructor(private readonly createChunk: (length: number) => Chunk) {}

  get(position: number): number {
    const chunk = this.chunks[position >>> chunkBits];
    return chunk === undefined ? 0 : chunk[position & chunkMask]!;
  }

  set(position: number, value: number): void {
    const wanted = position >>> chunkBits;
    while (this.chunks.length <= wanted) this.chunks.push(this.createChunk(chunkSize));
    this.chunks[wanted]![position & chunkMask] = value;
  }
}

export const byteColumn = (): Column<Uint8Array> => new Column((length) => new Uint8Array(length));
export const integerColumn = (): Column<Uint32Array> => new Column((length) => new Uint32Array(length));
export const numberColumn = (): Column<Float64Array> => new Column((length) => new Float64Array(length));
