import type { InputFile } from '../input/input-file.js';
import type { OnEvent } from '../report/events.js';
import type { TraceIndex } from '../trace/trace-index.js';
import type { PlanCounts } from './plan-counts.js';

/** Bytes after which the number of spans in all of the input is estimated. */
const estimateFrom = 4 * 1024 * 1024;
/** An estimate may be wrong: no more than 80 MB are taken on its word. */
const mostReserved = 16_000_000;

/** How far the inputs are read; makes room in the index once it can be told how many spans will come. */
export class ReadingProgress {
  /** Decompressed bytes of all inputs that were read. */
  bytes = 0;
  private before = 0;
  private readonly totalBytes: number | undefined;
  private reserved = false;

  constructor(
    inputs: readonly InputFile[],
    private readonly index: TraceIndex,
    private readonly counts: Pick<PlanCounts, 'read'>,
    private readonly onEvent: OnEvent,
  ) {
    this.totalBytes = sizeOfAll(inputs);
  }

  /** The next input begins. */
  begin(): void {
    this.before = this.bytes;
  }

  /** The running input was read up to this byte. */
  reach(consumed: number): void {
    const { index, totalBytes } = this;
    this.bytes = this.before + consumed;
    this.onEvent({ kind: 'rows-read', rows: this.counts.read, bytes: this.bytes, totalBytes });
    if (this.reserved || totalBytes === undefined || this.bytes <= estimateFrom) return;
    this.reserved = true;
    index.reserve(Math.min(mostReserved, (index.mentioned / this.bytes) * totalBytes * 1.05));
  }
}

/** Known only where every input is a plain file. */
function sizeOfAll(inputs: readonly InputFile[]): number | undefined {
  let sum = 0;
  for (const { bytes, compression } of inputs) {
    if (bytes === undefined || compression !== 'none') return undefined;
    sum += bytes;
  }
  return sum;
}
