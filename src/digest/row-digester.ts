import type { RowDigester } from '../input/row.js';
import { NativeRowReader } from './native-row-reader.js';
import { emptyDigest, type RowDigest } from './row-digests.js';
import { NoScannerError } from './row-scanner.js';

/** Digests native rows of inputs that no range can be cut from, as they come: of pipes, packed files and JSON lists. */
export class NativeRowDigester implements RowDigester {
  private reader: NativeRowReader | undefined;
  private isAble = true;
  private isOn = false;
  /** Of the rows since `begin`; used again for those of the next one. */
  private readonly digests: RowDigest[] = [];
  private used = 0;

  /** @param now microseconds since the epoch */
  constructor(private readonly now: number) {}

  /** From the next rows on. Does nothing where no scanner runs. */
  turn(to: 'on' | 'off'): void {
    this.isOn = to === 'on' && this.isAble;
    if (!this.isOn || this.reader !== undefined) return;
    try {
      this.reader = new NativeRowReader();
    } catch (error) {
      if (!(error instanceof NoScannerError)) throw error;
      this.isAble = this.isOn = false;
    }
  }

  begin(bytes: Buffer): void {
    this.used = 0;
    if (this.isOn) this.reader?.open(bytes);
  }

  digest(start: number, end: number, maxDepth: number): RowDigest | undefined {
    const { reader, digests, used } = this;
    if (!this.isOn || reader === undefined) return undefined;
    reader.digest = digests[used] ??= emptyDigest();
    if (!reader.read(start, end, maxDepth, this.now)) return undefined;
    this.used += 1;
    return reader.digest;
  }
}
